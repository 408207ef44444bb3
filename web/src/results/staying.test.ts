import { expect, test } from "vitest";
import type { HangupStep } from "../api/types";
import { apart, curve, floor, shownUntil, shareMarks, stayingAt, thinFrom, timeMarks } from "./staying";

const step = (from: number, to: number, at_risk: number, staying: number): HangupStep => ({ from, to, at_risk, hangups: 0, others: 0, staying });
const steps = [step(0, 10, 100, 0.9), step(20, 30, 60, 0.45), step(30, 40, 15, 0.3)];

test("the curve starts with everybody and stays level where nothing happened", () => {
  expect(curve(steps)).toEqual([
    { t: 0, share: 1 },
    { t: 10, share: 0.9 },
    { t: 20, share: 0.9 },
    { t: 30, share: 0.45 },
    { t: 40, share: 0.3 },
  ]);
});

test("between corners the share is in between, past the last call there is none", () => {
  const c = curve(steps);
  expect([0, 5, 15, 25, 40, 41].map((t) => stayingAt(c, t))).toEqual([1, 0.95, 0.9, expect.closeTo(0.675), 0.3, undefined]);
});

test("the curve is ragged from the step with few callers left", () => {
  expect(thinFrom(steps)).toBe(30);
  expect(thinFrom(steps.slice(0, 2))).toBe(Infinity);
});

test("one call that goes on and on does not stretch the chart", () => {
  const long = { arm: "A", hangups: 1, calls: 1000, steps: [step(0, 60, 1000, 0.8), step(60, 120, 300, 0.7), step(120, 3600, 2, 0.1)] };
  expect(shownUntil([long])).toBe(120);
  expect(shownUntil([{ ...long, calls: 2, steps: [step(0, 5, 2, 0.5)] }])).toBe(5);
});

test("marks stand at round numbers and are few", () => {
  expect(timeMarks(150, 7)).toEqual([0, 30, 60, 90, 120, 150]);
  for (const end of [1, 7, 59, 180, 3600, 86_400]) {
    expect(timeMarks(end, 7).length).toBeLessThanOrEqual(8);
    expect(timeMarks(end, 7).length).toBeGreaterThan(1);
  }
  expect(shareMarks(0.8)).toEqual([1, 0.95, 0.9, expect.closeTo(0.85), expect.closeTo(0.8)]);
  expect(shareMarks(0)).toHaveLength(6);
});

test("the scale goes to a round share below every curve", () => {
  expect(floor([curve(steps)], 40)).toBeCloseTo(0.2);
  expect(floor([curve(steps)], 10)).toBe(0.8);
  expect(floor([[{ t: 0, share: 0 }]], 1)).toBe(0);
});

test("labels that would overlap step aside in order", () => {
  expect(apart([10, 12, 60], 16)).toEqual([10, 26, 60]);
});
