import type { AnalysisUsage } from "../api/types";
import { count } from "../format";

/** An amount in US dollars; small ones to the cent's hundredth. */
export const dollars = (x: number): string => `$${x >= 1 || x === 0 ? x.toFixed(2) : x.toFixed(4).replace(/0{1,2}$/, "")}`;

/** What a language model took, or would take. */
export function usageText(u: AnalysisUsage, lead: string): string {
  if (u.requests === 0) return "";
  const cost = u.cost > 0 ? `, ${dollars(u.cost)}` : "";
  return `${lead} ${count(u.requests)} request${u.requests === 1 ? "" : "s"}, ${count(u.input_tokens + u.output_tokens)} tokens${cost}.`;
}
