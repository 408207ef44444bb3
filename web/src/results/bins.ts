import type { Bin, Metric } from "../api/types";

export interface Bar {
  from: number;
  to: number;
  /** Of the arm's values, 0 to 1. */
  share: number;
}

/** The width that most bins have: the first and the last take what lies far out. */
function usual(bins: Bin[]): number {
  const inner = bins.length > 2 ? bins.slice(1, -1) : bins;
  return Math.min(...inner.map((b) => b.to - b.from));
}

/** An arm's bins as bars of one width; what lies far out is drawn at the edges. */
export function barsOf(bins: Bin[]): Bar[] {
  const total = bins.reduce((n, b) => n + b.n, 0);
  const wide = usual(bins);
  return bins.map((b, i) => ({
    from: i === 0 && bins.length > 1 ? b.to - wide : b.from,
    to: i === bins.length - 1 && i > 0 ? b.from + wide : b.to,
    share: total > 0 ? b.n / total : 0,
  }));
}

/** Whether the last bar takes what lies far out, and from where. */
export function tailFrom(bins: Bin[]): number | undefined {
  const last = bins.at(-1);
  return last && bins.length > 2 && last.to - last.from > usual(bins) * 1.01 ? last.from : undefined;
}

/** The outline of bars: the corners of a line that goes over them. */
export function outline(bars: Bar[]): { at: number; share: number }[] {
  return bars.flatMap((b) => [
    { at: b.from, share: b.share },
    { at: b.to, share: b.share },
  ]);
}

const mostValues = 12;

/**
 * The bins of a number that takes few whole values, as ratings and counts do, with
 * what each is called; undefined for others.
 */
export function wholeValues(m: Pick<Metric, "arms" | "unit">): { from: number; name: string }[] | undefined {
  if (m.unit) return undefined;
  const all = m.arms.map((s) => s.histogram ?? []).find((h) => h.length > 0);
  if (!all || usual(all) > 1) return undefined;
  const tail = tailFrom(all) ?? (all.length === 2 && (all[1]?.to ?? 0) - (all[1]?.from ?? 0) > 1 ? all[1]?.from : undefined);
  const used = new Set(m.arms.flatMap((s) => s.histogram ?? []).filter((b) => b.n > 0).map((b) => b.from));
  // A bin of at most one whole number, at its beginning, holds no others.
  if (used.size === 0 || used.size > mostValues || [...used].some((v) => !Number.isInteger(v))) return undefined;
  return [...used].sort((a, b) => a - b).map((from) => ({ from, name: from === tail ? `${from} or more` : String(from) }));
}
