import type { Field, MetricKind } from "../api/types";
import { words } from "../format";
import type { Option } from "../ui/Choice";

/** A metric that a test can be decided or guarded by. */
export interface MetricOption {
  name: string;
  label: string;
  kind: MetricKind;
  unit?: string;
}

const builtIn: MetricOption[] = [
  { name: "completion", label: "Completion rate", kind: "proportion" },
  { name: "transfer", label: "Transfer rate", kind: "proportion" },
  { name: "duration", label: "Duration", kind: "mean", unit: "s" },
  { name: "sentiment", label: "Sentiment", kind: "mean" },
  { name: "answered", label: "Answered", kind: "proportion" },
  { name: "latency", label: "Reply latency", kind: "mean", unit: "ms" },
  { name: "misunderstandings", label: "Misunderstandings", kind: "mean" },
  { name: "repeated_prompts", label: "Repeated prompts", kind: "mean" },
  { name: "interruptions", label: "Interruptions", kind: "mean" },
  { name: "dead_end", label: "Dead ends", kind: "proportion" },
];

/** The metrics of a test between versions: the built-in ones, and the fields that all of them have. */
export function metricsOf(fields: Field[][]): MetricOption[] {
  const common = (fields[0] ?? []).filter((f) => fields.every((other) => other.some((g) => g.name === f.name && g.type === f.type)));
  return [
    ...builtIn,
    ...common
      .filter((f) => f.type === "boolean" || f.type === "number")
      .map((f): MetricOption => ({ name: `field.${f.name}`, label: words(f.name), kind: f.type === "number" ? "mean" : "proportion", ...(f.unit && { unit: f.unit }) })),
  ];
}

export const metricOptions = (metrics: MetricOption[]): Option[] => metrics.map((m) => ({ id: m.name, label: m.label }));

/** What a margin of a metric is measured in. */
export function marginHint(metrics: MetricOption[], name: string): string {
  const m = metrics.find((x) => x.name === name);
  if (m?.kind === "proportion") return "A share: 0.05 is 5 points.";
  return m?.unit ? `In ${m.unit}.` : "In the metric's unit.";
}
