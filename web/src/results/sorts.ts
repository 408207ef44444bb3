import type { Metric } from "../api/types";

const conversation = new Set(["latency", "latency_p90", "turns", "agent_talk", "caller_talk", "longest_silence", "interruptions", "repeated_prompts", "misunderstandings", "dead_end"]);
const outcomes = new Set(["completion", "answered", "duration", "transfer", "sentiment", "ended_by", "caller_hangup"]);

export type Sort = "outcomes" | "fields" | "ratings" | "conversation";

export const sortTitles: Record<Sort, string> = {
  outcomes: "Outcomes",
  fields: "Your fields",
  ratings: "Ratings by the analyser",
  conversation: "Conversation",
};

/** The group that a metric is shown in. */
export function sortOf(name: string): Sort {
  if (name.startsWith("field.")) return "fields";
  if (conversation.has(name)) return "conversation";
  return outcomes.has(name) || name === "cost" || name.startsWith("cost.") ? "outcomes" : "ratings";
}

/** Metrics by their group, the primary one before all others; counts stand elsewhere. */
export function sorted(metrics: Metric[]): { sort: Sort; metrics: Metric[] }[] {
  const by = new Map<Sort, Metric[]>([["outcomes", []], ["fields", []], ["ratings", []], ["conversation", []]]);
  for (const m of metrics) {
    if (m.kind === "count") continue;
    const list = by.get(m.primary ? "outcomes" : sortOf(m.name));
    if (m.primary) list?.unshift(m);
    else list?.push(m);
  }
  return [...by].flatMap(([sort, list]) => (list.length > 0 ? [{ sort, metrics: list }] : []));
}
