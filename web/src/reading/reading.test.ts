import { expect, test } from "vitest";
import { callQuery, narrowed, readCallSearch } from "./callSearch";
import { rowOf } from "./row";

test("an address says which calls; nonsense in it is left out", () => {
  expect(readCallSearch({ route: "r", goal: "met", transferred: true, min_seconds: 90, last: "24h", stage: "gone", since: "soon", test: { a: 1 }, other: 1 })).toEqual({
    route: "r", goal: "met", transferred: "true", min_seconds: "90", last: "24h",
  });
});

test("what narrows only beside something else is not asked for alone", () => {
  expect(callQuery({ field: "reason", arm: "B", group: "intent.1" }, 0)).toEqual({});
  expect(callQuery({ field: "reason", value: "book", test: "t", arm: "B" }, 0)).toEqual({ field: "reason", value: "book", test: "t", arm: "B" });
  expect(callQuery({ last: "24h" }, Date.parse("2026-03-02T09:00:00Z"))).toEqual({ since: "2026-03-01T09:00:00.000Z" });
  expect(narrowed({ field: "reason", value: "book", last: "1h" })).toBe(2);
});

test("a row keeps unknown apart from nothing", () => {
  const bare = rowOf({ id: "c", revision: 1, stage: "assigned" });
  expect(bare).toEqual({ id: "c", stage: "assigned", transferred: false, apart: false });
  const full = rowOf({
    id: "c", revision: 2, stage: "analyzed", goal: false, duration_seconds: 0, not_randomised: "target_down",
    assigned: { at: "2026-03-02T09:00:00Z", origin: "sip", value: { route_id: "r", test_id: "t", arm: "B", version_id: "v", number: "+1" } },
    ended: { at: "2026-03-02T09:01:00Z", origin: "sip", value: { by: "caller" } },
    transfer: { at: "2026-03-02T09:01:00Z", origin: "sip", value: { state: "failed" } },
    values: { sentiment: { at: "", origin: "llm", value: 0 } },
  });
  expect(full).toMatchObject({ goal: false, seconds: 0, sentiment: 0, apart: true, transferred: false, endedBy: "caller", arm: "B" });
});
