import { expect, test } from "vitest";
import { columnAt, columns, highest, lengthOf } from "./traffic";

const all = columns({ seconds: 300, stretches: [{ at: "2026-11-20T08:00:00Z", calls: [2, 3] }, { at: "2026-11-20T08:10:00Z", calls: [1, 0] }] });

test("a column spans its stretch, and none stands where no calls came", () => {
  const at = Date.parse("2026-11-20T08:00:00Z");
  expect(columnAt(all, at + 299_999)?.calls).toEqual([2, 3]);
  expect(columnAt(all, at + 300_000)).toBeUndefined();
  expect(highest(all)).toBe(5);
});

test.each([[60, "minute"], [300, "5 minutes"], [3600, "hour"], [43_200, "12 hours"], [86_400, "day"], [172_800, "2 days"]])("%d seconds are %s", (seconds, text) => {
  expect(lengthOf(seconds)).toBe(text);
});
