// Weights as people set them: percentages with at most two decimals that add
// up to 100.

export const presets: readonly number[][] = [
  [50, 50],
  [80, 20],
  [90, 10],
];

/** Says what is wrong with weights, or nothing. */
export function fault(weights: number[]): string | undefined {
  if (weights.some((w) => !Number.isFinite(w) || w < 0 || w > 100)) return "Each weight has to be from 0 to 100.";
  if (weights.some((w) => Math.abs(w * 100 - Math.round(w * 100)) > 1e-6)) return "Weights have at most two decimals.";
  const total = weights.reduce((sum, w) => sum + Math.round(w * 100), 0) / 100;
  return total === 100 ? undefined : `The weights add up to ${total}%; they have to add up to 100%.`;
}

/** With two arms, setting one sets the other. */
export function setWeight(weights: number[], index: number, value: number): number[] {
  if (weights.length === 2 && Number.isFinite(value)) {
    const rest = Math.round((100 - value) * 100) / 100;
    return index === 0 ? [value, rest] : [rest, value];
  }
  return weights.map((w, i) => (i === index ? value : w));
}

export const same = (a: number[], b: number[]): boolean => a.length === b.length && a.every((w, i) => w === b[i]);
