import type { HangupStep, HangupTiming } from "../api/types";

export interface Point {
  t: number;
  share: number;
}

/**
 * Fewer callers than this still on the line make the rest of a curve too
 * ragged to read anything from: it is drawn dotted.
 */
export const fewAtRisk = 20;

/** The corners of the curve: everybody is on at the start, and stays between steps. */
export function curve(steps: HangupStep[]): Point[] {
  const points: Point[] = [{ t: 0, share: 1 }];
  let share = 1;
  for (const step of steps) {
    const from = Math.max(0, step.from);
    if (from > (points.at(-1)?.t ?? 0)) points.push({ t: from, share });
    share = step.staying;
    points.push({ t: step.to, share });
  }
  return points;
}

/** Where the curve becomes too ragged, in seconds; Infinity when it never does. */
export function thinFrom(steps: HangupStep[]): number {
  return steps.find((s) => s.at_risk < fewAtRisk)?.from ?? Infinity;
}

/** The share still on the line after t seconds; undefined past the last call. */
export function stayingAt(points: Point[], t: number): number | undefined {
  for (let i = 1; i < points.length; i++) {
    const a = points[i - 1];
    const b = points[i];
    if (a && b && t <= b.t) return b.t === a.t ? b.share : a.share + ((b.share - a.share) * Math.max(0, t - a.t)) / (b.t - a.t);
  }
  return undefined;
}

/** The time to show: until nearly nobody is left, so that one long call does not squeeze the rest. */
export function shownUntil(timings: HangupTiming[]): number {
  const ends = timings.map((timing) => {
    const enough = timing.steps.filter((s) => s.at_risk >= Math.max(3, timing.calls / 100));
    return (enough.at(-1) ?? timing.steps.at(-1))?.to ?? 0;
  });
  return Math.max(1, ...ends);
}

const marks = (end: number, step: number): number[] => Array.from({ length: Math.floor(end / step + 1e-9) + 1 }, (_, i) => i * step);

const roundTimes = [1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1800, 3600];

/** Seconds to mark, at times that read well, about `most` of them. */
export const timeMarks = (end: number, most: number): number[] => marks(end, roundTimes.find((s) => s * most >= end) ?? Math.ceil(end / most / 3600) * 3600);

/** Shares to mark between 1 and the lowest shown. */
export const shareMarks = (low: number): number[] => marks(1 - low, low < 0.5 ? 0.2 : low < 0.8 ? 0.1 : 0.05).map((d) => 1 - d);

/** The lowest share to show, a round one below every curve. */
export function floor(curves: Point[][], until: number): number {
  const least = Math.min(1, ...curves.flatMap((c) => c.filter((p) => p.t <= until).map((p) => p.share)));
  return Math.max(0, Math.min(0.8, Math.floor(least * 5 - 1e-9) / 5));
}

/** Moves rising heights down where they are closer together than `least`. */
export function apart(heights: number[], least: number): number[] {
  const out: number[] = [];
  for (const h of heights) out.push(Math.max(h, (out.at(-1) ?? -Infinity) + least));
  return out;
}
