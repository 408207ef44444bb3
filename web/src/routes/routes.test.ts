import { expect, test } from "vitest";
import type { Route } from "../api/types";
import { needsNumber } from "../agents/TestCallDialog";
import { editedOf, patchOf } from "./settings";
import { bars, trendText } from "./trend";

const route: Route = { id: "r1", kind: "inbound", number: "+14155550100", name: "14155550100", live_version_id: "v1", sip_mode: "proxy", max_call_seconds: 3600, revision: 2, created_at: "", updated_at: "" };

test("settings that were not touched change nothing", () => expect(patchOf(route, editedOf(route))).toEqual({}));

test("only what changed is sent; emptied is taken away", () => {
  const before = { ...route, fallback_uri: "sip:a@b.example", version_limit: 5 };
  const e = editedOf(before);
  expect(patchOf(before, { ...e, name: " Front desk ", fallback: "", limit: NaN, longest: 600 })).toEqual({ name: "Front desk", fallback_uri: null, version_limit: null, max_call_seconds: 600 });
  expect(patchOf(route, { ...editedOf(route), longest: NaN })).toEqual({});
});

test("a trend is told in words", () => {
  expect(trendText([0, 0, 0])).toBe("No calls in 3 days.");
  expect(trendText([40, 1200, 7])).toBe("40 to 1,200 calls a day in the 2 days before; 7 so far today.");
  expect(trendText([5, 5, 0])).toBe("5 calls a day in the 2 days before; 0 so far today.");
});

test("bars are as high as their days are busy, and a quiet day is still there", () => {
  const [a, b, c] = bars([0, 50, 100], 90, 20);
  expect([a?.height, b?.height, c?.height]).toEqual([1, 10, 20]);
  expect([b?.today, c?.today]).toEqual([false, true]);
});

test.each([
  ["sip:agent.example.com", true],
  ["sip:agent.example.com;transport=tcp", true],
  ["sip:front-desk@agent.example.com", false],
  ["SIPS:a@b.example:5061", false],
])("%s needs a number: %s", (uri, needs) => expect(needsNumber(uri)).toBe(needs));
