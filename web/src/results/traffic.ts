import type { Traffic } from "../api/types";

export interface Column {
  from: number; // milliseconds
  to: number;
  calls: number[];
}

/** The stretches as columns. */
export const columns = (t: Traffic): Column[] =>
  t.stretches.map((s) => {
    const from = Date.parse(s.at);
    return { from, to: from + t.seconds * 1000, calls: s.calls };
  });

const sum = (list: number[]): number => list.reduce((a, b) => a + b, 0);

/** The most calls in any column. */
export const highest = (all: Column[]): number => Math.max(1, ...all.map((c) => sum(c.calls)));

/** How long a stretch is, in words: "5 minutes". */
export function lengthOf(seconds: number): string {
  for (const [size, name] of [[86_400, "day"], [3600, "hour"], [60, "minute"]] as const) {
    if (seconds % size === 0) return seconds === size ? name : `${seconds / size} ${name}s`;
  }
  return `${seconds} seconds`;
}

/** The column that a moment falls into, where there is one. */
export const columnAt = (all: Column[], at: number): Column | undefined => all.find((c) => c.from <= at && at < c.to);

const time = new Intl.DateTimeFormat(undefined, { timeStyle: "short" });
const date = new Intl.DateTimeFormat(undefined, { month: "short", day: "numeric" });

/** A mark on the axis of time: the date where a day begins, else the time. */
export const timeMark = (at: Date): string => (at.getHours() === 0 && at.getMinutes() === 0 ? date.format(at) : time.format(at));
