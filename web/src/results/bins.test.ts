import { expect, test } from "vitest";
import { barsOf, tailFrom, wholeValues } from "./bins";

const bins = [
  { from: 0, to: 5, n: 10 },
  { from: 5, to: 10, n: 20 },
  { from: 10, to: 15, n: 8 },
  { from: 15, to: 300, n: 2 },
];

test("what lies far out is drawn in a bar as wide as the others", () => {
  expect(barsOf(bins)).toEqual([
    { from: 0, to: 5, share: 0.25 },
    { from: 5, to: 10, share: 0.5 },
    { from: 10, to: 15, share: 0.2 },
    { from: 15, to: 20, share: 0.05 },
  ]);
  expect(tailFrom(bins)).toBe(15);
  expect(tailFrom(bins.slice(0, 3))).toBeUndefined();
});

test("arms without values have bars of no height", () => {
  expect(barsOf(bins.map((b) => ({ ...b, n: 0 }))).map((b) => b.share)).toEqual([0, 0, 0, 0]);
});

test("a number that takes few whole values is told by value", () => {
  const arm = (list: [number, number][]) => ({ arms: [{ arm: "A", n: 3, unknown: 0, histogram: list.map(([from, n]) => ({ from, to: from + 0.2, n })) }] });
  expect(wholeValues(arm([[1, 2], [1.2, 0], [4, 1]]))).toEqual([{ from: 1, name: "1" }, { from: 4, name: "4" }]);
  const tailed = { arms: [{ arm: "A", n: 3, unknown: 0, histogram: [{ from: 0, to: 0.5, n: 5 }, { from: 0.5, to: 1, n: 0 }, { from: 1, to: 9, n: 2 }] }] };
  expect(wholeValues(tailed)?.map((v) => v.name)).toEqual(["0", "1 or more"]);
  expect(wholeValues(arm([[1, 2], [1.2, 1]]))).toBeUndefined();
  expect(wholeValues({ ...arm([[1, 2]]), unit: "s" })).toBeUndefined();
});
