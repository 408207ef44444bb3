import { expect, test } from "vitest";
import { asOfText, isBlind, query, readSearch } from "./search";

test("an address says which sample; nonsense in it is left out", () => {
  expect(readSearch({ seed: 7, per_arm: "3", goal: "met", transferred: true, as_of: "A:1,B:2", field: "n", value: 42 })).toEqual({
    seed: 7, per_arm: 3, goal: "met", transferred: "true", as_of: "A:1,B:2", field: "n", value: "42",
  });
  expect(readSearch({ seed: "-1", per_arm: 5000, goal: { a: 1 }, ended_by: "", other: "x" })).toEqual({});
  expect(readSearch({ seed: 2 ** 60 })).toEqual({}); // not exact as a number
});

test("a field narrows once its value is chosen", () => {
  expect(query({ seed: 1, field: "reason" })).toEqual({ seed: 1, per_arm: 1 });
  expect(query({ seed: 1, per_arm: 3, field: "reason", value: "book" })).toEqual({ seed: 1, per_arm: 3, field: "reason", value: "book" });
});

test("sizes are written in the order of the arms", () => {
  expect(asOfText({ B: 9, A: 10 })).toBe("A:10,B:9");
});

test("arms are told where it is said how many calls to read; else a pair is rated blind", () => {
  expect(isBlind(readSearch({ seed: 3 }))).toBe(true);
  expect(isBlind(readSearch({ seed: 3, per_arm: 5 }))).toBe(false);
  expect(query({ seed: 3, arm: "C" })).toEqual({ seed: 3, per_arm: 1, arm: "C" });
  expect(query({ seed: 3, arm: "C", per_arm: 2 })).toEqual({ seed: 3, per_arm: 2 }); // all arms are read
});
