import { useState } from "react";
import type { Metric } from "../api/types";
import { words } from "../format";
import { anySeed, perArm, type SampleSearch } from "./search";

interface Props {
  search: SampleSearch;
  metrics: Metric[];
  onChange: (next: Partial<SampleSearch>) => void;
}

type Option = [value: string, label: string];

const goals: Option[] = [["", "Any"], ["met", "Met"], ["not_met", "Not met"], ["unknown", "Unknown"]];
const enders: Option[] = [["", "Anyone"], ["caller", "Caller"], ["agent", "Agent"], ["system", "System"], ["unknown", "Unknown"]];
const transfers: Option[] = [["", "Any"], ["true", "Transferred"], ["false", "Not transferred"]];

/** Narrows a sample: by goal, by who ended the call, by transfer, by a field's value. */
export function FilterBar({ search, metrics, onChange }: Props) {
  const fields = metrics.filter((m) => m.name.startsWith("field."));
  return (
    <div className="filters" role="group" aria-label="Which calls">
      <Choice label="Goal" value={search.goal} options={goals} onChange={(goal) => onChange({ goal })} />
      <Choice label="Ended by" value={search.ended_by} options={enders} onChange={(ended_by) => onChange({ ended_by })} />
      <Choice label="Transfer" value={search.transferred} options={transfers} onChange={(transferred) => onChange({ transferred })} />
      <FieldChoice search={search} fields={fields} onChange={onChange} />
      <Choice label="Of each" value={String(search.per_arm ?? perArm)} options={["3", "5", "10", "20"].map((n): Option => [n, n])} onChange={(n) => onChange({ per_arm: Number(n) })} />
      <SeedBox key={search.seed} seed={search.seed} onChange={onChange} />
    </div>
  );
}

function Choice({ label, value, options, onChange }: { label: string; value: string | undefined; options: Option[]; onChange: (v: string) => void }) {
  return (
    <label className="stack">
      {label}
      <select value={value ?? ""} onChange={(event) => onChange(event.target.value)}>
        {options.map(([v, text]) => (
          <option key={v} value={v}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}

function FieldChoice({ search, fields, onChange }: { search: SampleSearch; fields: Metric[]; onChange: Props["onChange"] }) {
  const name = (m: Metric) => m.name.slice("field.".length);
  const chosen = fields.find((m) => name(m) === search.field);
  const options: Option[] = [["", "Any"], ...fields.map((m): Option => [name(m), m.label])];
  return (
    <>
      <Choice label="Field" value={search.field} options={options} onChange={(field) => onChange({ field, value: "" })} />
      {search.field && <ValueChoice key={search.field} metric={chosen} value={search.value} onChange={onChange} />}
    </>
  );
}

function ValueChoice({ metric, value, onChange }: { metric: Metric | undefined; value: string | undefined; onChange: Props["onChange"] }) {
  const set = (v: string) => onChange({ value: v });
  if (metric?.kind === "category") {
    const names = [...new Set(metric.arms.flatMap((s) => s.shares?.map((x) => x.name) ?? []))];
    return <Choice label="Value" value={value} options={[["", "Choose"], ...names.map((n): Option => [n, words(n)])]} onChange={set} />;
  }
  if (metric?.kind === "proportion") {
    return <Choice label="Value" value={value} options={[["", "Choose"], ["true", "Yes"], ["false", "No"]]} onChange={set} />;
  }
  return <Typed label="Value" start={value ?? ""} onDone={set} />;
}

function SeedBox({ seed, onChange }: { seed: number | undefined; onChange: Props["onChange"] }) {
  return (
    <Typed
      label="Seed"
      start={seed === undefined ? "" : String(seed)}
      numeric
      onDone={(text) => onChange({ seed: /^\d{1,15}$/.test(text) ? Number(text) : anySeed() })}
    />
  );
}

/** A box whose text counts once it is left or Enter is pressed. */
function Typed({ label, start, numeric, onDone }: { label: string; start: string; numeric?: boolean; onDone: (text: string) => void }) {
  const [text, setText] = useState(start);
  const done = () => {
    if (text !== start) onDone(text.trim());
  };
  return (
    <label className="stack">
      {label}
      <input
        value={text}
        {...(numeric && { inputMode: "numeric", className: "seed" })}
        onChange={(event) => setText(event.target.value)}
        onBlur={done}
        onKeyDown={(event) => {
          if (event.key === "Enter") done();
        }}
      />
    </label>
  );
}
