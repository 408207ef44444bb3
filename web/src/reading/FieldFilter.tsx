import type { Metric } from "../api/types";
import { words } from "../format";
import { Pick, Typed, type Option } from "./inputs";

interface Props {
  field: string | undefined;
  value: string | undefined;
  /** Of the test that is chosen; undefined without one, when names are typed. */
  metrics: Metric[] | undefined;
  onChange: (next: { field?: string; value?: string }) => void;
}

/** A field of the analysis, and what it is. */
export function FieldFilter({ field, value, metrics, onChange }: Props) {
  const name = (m: Metric) => m.name.slice("field.".length);
  const fields = metrics?.filter((m) => m.name.startsWith("field."));
  const chosen = fields?.find((m) => name(m) === field);
  const set = (v: string) => onChange({ value: v });
  return (
    <>
      {fields ? (
        <Pick label="Field" value={field} options={[["", "Any"], ...fields.map((m): Option => [name(m), m.label])]} onChange={(f) => onChange({ field: f, value: "" })} />
      ) : (
        <Typed key={field} label="Field" placeholder="booked" start={field ?? ""} onDone={(f) => onChange({ field: f })} />
      )}
      {field && <Value key={field} metric={chosen} value={value} onChange={set} />}
    </>
  );
}

function Value({ metric, value, onChange }: { metric: Metric | undefined; value: string | undefined; onChange: (v: string) => void }) {
  if (metric?.kind === "category") {
    const names = [...new Set(metric.arms.flatMap((s) => s.shares?.map((x) => x.name) ?? []))];
    return <Pick label="Value" value={value} options={[["", "Choose"], ...names.map((n): Option => [n, words(n)])]} onChange={onChange} />;
  }
  if (metric?.kind === "proportion") return <Pick label="Value" value={value} options={[["", "Choose"], ["true", "Yes"], ["false", "No"]]} onChange={onChange} />;
  return <Typed label="Value" placeholder="true" start={value ?? ""} onDone={onChange} />;
}
