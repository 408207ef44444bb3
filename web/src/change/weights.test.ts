import { expect, test } from "vitest";
import { fault, setWeight } from "./weights";

test.each([
  ["fifty-fifty is fine", [50, 50], undefined],
  ["decimals that add up are fine", [33.33, 33.33, 33.34], undefined],
  ["nothing for one arm is fine", [100, 0], undefined],
  ["too little is refused with the sum", [50, 40], "add up to 90%"],
  ["a share above the whole is refused", [101, -1], "from 0 to 100"],
  ["three decimals are refused", [33.333, 66.667], "two decimals"],
  ["an empty box is refused", [NaN, 50], "from 0 to 100"],
])("%s", (_, weights, words) => {
  if (words === undefined) expect(fault(weights)).toBeUndefined();
  else expect(fault(weights)).toContain(words);
});

test("with two arms one sets the other, without rounding dust", () => {
  for (let i = 0; i <= 10_000; i += 7) {
    expect(fault(setWeight([50, 50], 1, i / 100))).toBeUndefined();
    expect(fault(setWeight([50, 50], 0, i / 100))).toBeUndefined();
  }
  expect(setWeight([50, 30, 20], 1, 10)).toEqual([50, 10, 20]);
});
