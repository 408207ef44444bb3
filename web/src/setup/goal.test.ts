import { expect, test } from "vitest";
import type { GoalName } from "../api/steer";
import { place, put, suggestions, typingAt } from "./goal";

const names: GoalName[] = [
  { name: "call.duration_seconds", type: "double", doc: "From answer to end", unit: "s" },
  { name: "call.transferred", type: "bool" },
  { name: "fields.sentiment", type: "double" },
  { name: "fields.booked", type: "bool", doc: "Whether an appointment was booked" },
  { name: "fields.reason", type: "string", choices: ["book", "move"] },
];

const offered = (goal: string, caret = goal.length) => suggestions(names, typingAt(goal, caret)).map((s) => s.text);

test.each([
  ["names of fields, the version's own first", "fields.", ["fields.booked", "fields.reason", "fields.sentiment"]],
  ["facts of the call after a condition", "fields.booked && call.", ["call.duration_seconds", "call.transferred"]],
  ["by the begin of the last part", "boo", ["fields.booked"]],
  ["by a part of it, when nothing begins so", "transf", ["call.transferred"]],
  ["in any case", "FIELDS.B", ["fields.booked"]],
  ["inside of has()", "has(fields.s", ["fields.sentiment"]],
  ["choices inside of quotes", 'fields.reason == "', ["book", "move"]],
  ["choices that begin as typed", "fields.reason != 'm", ["move"]],
  ["nothing when it is typed to its end", "fields.booked", []],
  ["nothing after an operator", "fields.booked == ", []],
  ["nothing inside of a text that no name is compared with", '"fields.', []],
])("suggests %s", (_, goal, texts) => {
  expect(offered(goal)).toEqual(texts);
});

test("a suggestion takes the place of what was typed, and typing goes on after it", () => {
  const goal = "has(fields.b) && call.transferred";
  const caret = 12;
  const typing = typingAt(goal, caret);
  const [first] = suggestions(names, typing);
  if (!typing || !first) throw new Error("nothing is suggested");
  expect(put(goal, caret, typing, first)).toEqual({ goal: "has(fields.booked) && call.transferred", caret: 17 });
});

test("a name is replaced whole when the caret stands in it", () => {
  const typing = typingAt("fields.boo == true", 9);
  const [first] = suggestions(names, typing);
  if (!typing || !first) throw new Error("nothing is suggested");
  expect(put("fields.boo == true", 9, typing, first)).toEqual({ goal: "fields.booked == true", caret: 13 });
});

test.each([
  ["an open quote is closed", 'fields.reason == "m', 'fields.reason == "move"'],
  ["a closed one is kept", 'fields.reason == "m"', 'fields.reason == "move"'],
])("a choice: %s", (_, goal, want) => {
  const caret = 'fields.reason == "m'.length;
  const typing = typingAt(goal, caret);
  const [first] = suggestions(names, typing);
  if (!typing || !first) throw new Error("nothing is suggested");
  const next = put(goal, caret, typing, first);
  expect(next.goal).toBe(want);
  expect(next.caret).toBe(want.length);
});

test("a fault is shown in its line, under its column", () => {
  expect(place("call.transferred &&\nfields.x == 1", { line: 2, column: 7, message: "" })).toEqual({ line: "fields.x == 1", before: "      " });
  expect(place("a", { line: 1, column: 99, message: "" }).before).toBe(" ");
});

test("a long line is cut around its fault", () => {
  const goal = `${"fields.booked && ".repeat(8)}nothing`;
  const at = place(goal, { line: 1, column: goal.indexOf("nothing") + 1, message: "" });
  expect(at.line[at.before.length]).toBe("n");
  expect(at.line.length).toBeLessThan(70);
});
