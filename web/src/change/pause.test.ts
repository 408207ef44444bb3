import { expect, test } from "vitest";
import { someTest } from "../test/results";
import { pause, paused, resumed, splitText } from "./pause";

const phase = (number: number, weights: number[]) => ({ number, started_at: "2026-11-20T08:15:00Z", weights, split: {} as never });
const arms = (weights: number[]) => weights.map((weight, i) => ({ key: "ABC"[i] ?? "", version_id: `v${i}`, weight }));

test("a pause gives every call to A", () => expect(pause(3)).toEqual([100, 0, 0]));

test("a paused test goes back to the split before, however often it was paused", () => {
  const t = someTest({ arms: arms([100, 0]), phases: [phase(1, [90, 10]), phase(2, [100, 0]), phase(3, [50, 50]), phase(4, [100, 0])] });
  expect(paused(t)).toBe(true);
  expect(resumed(t)).toEqual([50, 50]);
  expect(splitText(resumed(t) ?? [])).toBe("50/50");
});

test("a test that gave all calls to A from its start is not paused", () => {
  expect(paused(someTest({ arms: arms([100, 0]), phases: [phase(1, [100, 0])] }))).toBe(false);
});

test("a test that splits calls, or is over, is not paused", () => {
  const phases = [phase(1, [50, 50]), phase(2, [100, 0])];
  expect(paused(someTest({ arms: arms([50, 50]), phases }))).toBe(false);
  expect(paused(someTest({ status: "ended", arms: arms([100, 0]), phases }))).toBe(false);
});
