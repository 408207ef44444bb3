import { describe, expect, test } from "vitest";
import type { Comparison, Metric } from "./api/types";
import { between, clock, difference, fieldValue, percent, phone, pValue, quantile, value, weight } from "./format";

const metric = (kind: Metric["kind"], values: number[], unit?: string): Metric => ({
  name: "m", label: "M", kind, base: "calls", ...(unit && { unit }),
  arms: values.map((v, i) => ({ arm: "AB"[i] ?? "C", n: 10, unknown: 0, value: v })),
});
const against = (v: number, low: number, high: number): Comparison => ({ label: "fixed_horizon", arm: "B", against: "A", phases: 1, value: v, interval: { low, high, method: "welch_t" } });

describe("values", () => {
  test.each([
    ["a count has its thousands", 12345, metric("count", [12345]), "12,345"],
    ["a share is a percentage", 0.5064, metric("proportion", [0.5064]), "50.6%"],
    ["seconds have one decimal", 67.618, metric("mean", [67.618], "s"), "67.6\u00a0s"],
    ["milliseconds have none", 98.7, metric("mean", [98.7, 80.2], "ms"), "99\u00a0ms"],
    ["small amounts keep what matters", 0.0124, metric("mean", [0.0124, 0.0131], "EUR"), "0.012\u00a0EUR"],
    ["both arms have the digits of the larger", 0.084, metric("mean", [0.084, 0.32]), "0.08"],
    ["a negative number has a minus, not a dash", -0.25, metric("mean", [-0.25]), "\u22120.25"],
    ["nothing is minus zero", -0.0001, metric("mean", [-0.0001, 0.4]), "0.00"],
  ])("%s", (_, x, m, text) => {
    expect(value(x, m)).toBe(text);
  });

  test("an arm's interval has the digits of its value", () => {
    expect(between({ low: 0.466, high: 0.5451, method: "wilson" }, metric("proportion", [0.5]))).toBe("46.6% to 54.5%");
  });
});

test("quantiles show the digits they are good for", () => {
  expect([657.2, 59.8, 1.0101, 0.254, 0, -0.5].map(quantile)).toEqual(["657", "60", "1.0", "0.25", "0", "\u22120.50"]);
});

describe("differences", () => {
  test.each([
    ["of shares are percentage points", metric("proportion", [0.5, 0.57]), against(0.069, -0.002, 0.135), "+6.9\u00a0pp", "\u22120.2 to +13.5"],
    ["of seconds have the unit once", metric("mean", [67, 60], "s"), against(-7.32, -10.94, -3.7), "\u22127.3\u00a0s", "\u221210.9 to \u22123.7"],
    ["far below the values keep their own digits", metric("mean", [0.134, 0.13], "EUR"), against(-0.0042, -0.013, 0.0061), "\u22120.004\u00a0EUR", "\u22120.013 to +0.006"],
    ["of nothing have no sign", metric("proportion", [1, 1]), against(0, 0, 0), "0.0\u00a0pp", "0.0 to 0.0"],
  ])("%s", (_, m, c, text, range) => {
    expect(difference(c, m)).toEqual({ value: text, range });
  });

  test("without an interval have no range", () => {
    expect(difference({ value: 1 }, metric("mean", [1, 2]))).toEqual({ value: "+1.00" });
  });
});

test.each([
  [1, undefined, "1.00"],
  [0.243, undefined, "0.24"],
  [0.0402, undefined, "0.040"],
  [0.0005, -3.3, "< 0.001"],
  [3e-5, -4.52, "< 10\u207b\u2074"],
  [0, -412.7, "< 10\u207b\u2074\u00b9\u00b2"],
  [0, undefined, "< 0.001"],
])("p %d (log10 %s) reads %s", (p, log10, text) => {
  expect(pValue(p, log10)).toBe(text);
});

test("a p-value is never said to be smaller than it is", () => {
  for (let e = -1; e > -40; e -= 0.37) {
    const text = pValue(10 ** e, e);
    const power = /10(.+)$/.exec(text)?.[1];
    if (!power) continue;
    const bound = Number(Array.from(power, (c) => (c === "\u207b" ? "-" : "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079".indexOf(c))).join(""));
    expect(e).toBeLessThanOrEqual(bound);
  }
});

test("small things read as people write them", () => {
  expect([weight(33.3), weight(50), percent(0)]).toEqual(["33.3%", "50%", "0.0%"]);
  expect([clock(5), clock(65.4), clock(3599.9), clock(-1)]).toEqual(["0:05", "1:05", "60:00", "0:00"]);
  expect([phone("+14155550100"), phone("+442079460123")]).toEqual(["+1 415 555 0100", "+442079460123"]);
  expect([true, false, null, -2, "a b"].map(fieldValue)).toEqual(["yes", "no", "unknown", "\u22122", "a b"]);
});
