import { count } from "../format";

export interface Bar {
  x: number;
  width: number;
  y: number;
  height: number;
  /** The day that is not over. */
  today: boolean;
}

/** Bars of calls per day in a box, the busiest day as high as it. A day without calls is a line. */
export function bars(calls: number[], width: number, height: number): Bar[] {
  const top = Math.max(1, ...calls);
  const step = width / Math.max(1, calls.length);
  return calls.map((n, i) => {
    const h = n === 0 ? 1 : Math.max(2, (n / top) * height);
    return { x: i * step, width: Math.max(1, step - 1.5), y: height - h, height: h, today: i === calls.length - 1 };
  });
}

/** The same in words. */
export function trendText(calls: number[]): string {
  const before = calls.slice(0, -1);
  const today = calls.at(-1) ?? 0;
  if (calls.every((n) => n === 0)) return `No calls in ${calls.length} days.`;
  const least = Math.min(...before);
  const most = Math.max(...before);
  const span = least === most ? count(most) : `${count(least)} to ${count(most)}`;
  return `${span} calls a day in the ${before.length} days before; ${count(today)} so far today.`;
}
