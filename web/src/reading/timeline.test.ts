import { expect, test } from "vitest";
import type { Turn } from "../api/types";
import { timeLine, turnAt, turnOfQuote } from "./timeline";

const turn = (role: Turn["role"], start?: number, end?: number, more: Partial<Turn> = {}): Turn => ({
  role, text: `${role} ${start}`, ...(start !== undefined && { start_ms: start * 1000 }), ...(end !== undefined && { end_ms: end * 1000 }), ...more,
});

test("replies, silences and interruptions are read from the times", () => {
  const line = timeLine([turn("agent", 0, 4), turn("caller", 3, 6), turn("agent", 7.5, 9), turn("caller", 12, 13), turn("tool", 13, 13), turn("agent", 13.2, 15, { interrupted: true })], 20);
  expect(line?.length).toBe(20);
  expect(line?.interruptions).toEqual([{ turn: 0, at: 3 }, { turn: 5, at: 15 }]);
  expect(line?.replies).toEqual([{ turn: 2, from: 6, to: 7.5 }, { turn: 5, from: 13, to: 13.2 }]);
  expect(line?.silences).toEqual([{ from: 9, to: 12 }]);
});

test("what has no times is not drawn, and what has no end says nothing of silence", () => {
  expect(timeLine([turn("agent"), turn("caller")], 30)).toBeUndefined();
  const line = timeLine([turn("agent", 0), turn("caller", 10, 11), turn("agent"), turn("agent", 11.5)], undefined);
  expect(line?.silences).toEqual([]);
  expect(line?.untimed).toBe(1);
  expect(line?.bars.map((b) => b.open)).toEqual([true, false, true]);
});

test("a time belongs to the turn that began last", () => {
  const bars = timeLine([turn("agent", 1, 4), turn("caller", 3, 6)], 10)?.bars ?? [];
  expect([0, 1, 2, 3.5, 9].map((s) => turnAt(bars, s))).toEqual([-1, 0, 0, 1, 1]);
});

test("a quote is found whatever its punctuation, or by its longest part", () => {
  const turns: Turn[] = [{ role: "agent", text: "Good morning, how can I help?" }, { role: "caller", text: "I'd like to book — for Tuesday, at nine." }];
  expect(turnOfQuote(turns, "I’d like to book for Tuesday")).toBe(1);
  expect(turnOfQuote(turns, "to book ... for Tuesday at nine")).toBe(1);
  expect(turnOfQuote(turns, "to cancel")).toBe(-1);
  expect(turnOfQuote(turns, "book for Tues")).toBe(-1);
  expect(turnOfQuote(turns, " ")).toBe(-1);
});
