import type { Comparison, Span } from "../api/types";

const width = 160;
const height = 22;
const middle = width / 2;

/**
 * How far an arm's metric lies from the first's, on a scale around no
 * difference. `reach` is what the half width stands for. The numbers stand
 * beside it as text, so it is hidden from screen readers.
 */
export function IntervalBar({ comparison: c, reach }: { comparison: Comparison; reach: number }) {
  const range = rangeOf(c);
  if (c.value === undefined || !range || reach <= 0) return null;
  const x = (v: number) => middle + (v / reach) * (middle - 6);
  const y = height / 2;
  return (
    <svg className="interval" viewBox={`0 0 ${width} ${height}`} aria-hidden="true" focusable="false">
      <line className="interval-zero" x1={middle} x2={middle} y1={0} y2={height} />
      <line className="interval-range" x1={x(range.low)} x2={x(range.high)} y1={y} y2={y} />
      <circle className="interval-value" cx={x(c.value)} cy={y} r={4.5} />
    </svg>
  );
}

/** The half width that shows all of a metric's comparisons. */
export function reachOf(comparisons: Comparison[]): number {
  const ends = comparisons.flatMap((c) => {
    const range = rangeOf(c);
    return range ? [range.low, range.high, c.value ?? 0] : [];
  });
  return Math.max(0, ...ends.map(Math.abs)) * 1.08;
}

/** The interval that holds at every look. One for a single look would mislead in its place. */
export const rangeOf = (c: Comparison): Span | undefined => c.evidence?.interval;
