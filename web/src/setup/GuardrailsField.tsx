import type { Guardrail } from "../api/types";
import { Choice } from "../ui/Choice";
import { NumberField } from "../ui/Field";
import { Toggle } from "../ui/Toggle";
import type { Faults } from "./form";
import { metricOptions, marginHint, type MetricOption } from "./metrics";

interface Props {
  guardrails: Guardrail[];
  metrics: MetricOption[];
  faults: Faults;
  onChange: (guardrails: Guardrail[]) => void;
}

/** Metrics that must not get worse than a margin. */
export function GuardrailsField({ guardrails, metrics, faults, onChange }: Props) {
  const set = (index: number, change: Partial<Guardrail>) => onChange(guardrails.map((g, i) => (i === index ? { ...g, ...change } : g)));
  return (
    <fieldset className="rows-field">
      <legend className="field-label">Guardrails</legend>
      <p className="hint">A guardrail is breached when B is worse than A by more than the margin, as surely as the verdict is sure.</p>
      {guardrails.map((g, i) => (
        <div key={i} className="row-field">
          <Choice label="Metric" options={metricOptions(metrics)} value={g.metric} onChange={(metric) => set(i, { metric })} />
          <NumberField label="Margin" hint={marginHint(metrics, g.metric)} value={g.margin} min={0} error={faults[`guardrails.${i}`]} onChange={(margin) => set(i, { margin })} />
          <Toggle on={g.action === "rollback"} onChange={(on) => set(i, { action: on ? "rollback" : "announce" })} hint={g.action === "rollback" ? "A breach gives all calls to A at once." : "A breach is announced."}>
            Roll back
          </Toggle>
          <button type="button" className="button quiet small" aria-label={`Remove guardrail ${i + 1}`} onClick={() => onChange(guardrails.filter((_, k) => k !== i))}>
            Remove
          </button>
        </div>
      ))}
      <div>
        <button type="button" className="button small" onClick={() => onChange([...guardrails, { metric: "transfer", margin: 0.05, action: "rollback" }])}>
          Add a guardrail
        </button>
      </div>
    </fieldset>
  );
}
