import { expect, test } from "vitest";
import { csv } from "./table";

test("a table is saved with its exact values, quoted where needed", () => {
  expect(csv({ head: ["Value", "A"], rows: [["say \"hi\", twice", { text: "12.3%", value: 0.1234 }], ["none", { text: "none yet", value: null }]] })).toBe('Value,A\r\n"say ""hi"", twice",0.1234\r\nnone,\r\n');
});

test("no text that a caller chose becomes a formula", () => {
  expect(csv({ head: ["v"], rows: [["=HYPERLINK(1)"], ["-2"], [-2]] })).toBe("v\r\n'=HYPERLINK(1)\r\n'-2\r\n-2\r\n");
});
