import { NumberField } from "../ui/Field";
import type { Step } from "./form";

interface Props {
  steps: Step[];
  /** B's share after the last step. */
  share: number;
  error?: string | undefined;
  onChange: (steps: Step[]) => void;
}

/** Smaller shares of B that come first, each for a while and as long as the guardrails hold. */
export function RampField({ steps, share, error, onChange }: Props) {
  const set = (index: number, change: Partial<Step>) => onChange(steps.map((s, i) => (i === index ? { ...s, ...change } : s)));
  const next = (): Step => ({ share: steps.length === 0 ? Math.min(5, share / 2) : Math.min(share - 1, (steps.at(-1)?.share ?? 5) * 2), calls: 200, minutes: 60 });
  return (
    <fieldset className="rows-field">
      <legend className="field-label">Ramp</legend>
      <p className="hint">Start with a small share of B and go on step by step, only while every guardrail holds and no alarm is open.</p>
      {steps.map((s, i) => (
        <div key={i} className="row-field">
          <NumberField label={`Step ${i + 1}: B gets`} unit="%" value={s.share} min={0.01} max={100} onChange={(v) => set(i, { share: v })} />
          <NumberField label="for at least" unit="calls" value={s.calls} min={0} onChange={(v) => set(i, { calls: v })} />
          <NumberField label="and" unit="minutes" value={s.minutes} min={0} onChange={(v) => set(i, { minutes: v })} />
          <button type="button" className="button quiet small" aria-label={`Remove step ${i + 1}`} onClick={() => onChange(steps.filter((_, k) => k !== i))}>
            Remove
          </button>
        </div>
      ))}
      {steps.length > 0 && <p className="sub">Then {share}% as set above.</p>}
      {error && (
        <p className="field-error" role="alert">
          {error}
        </p>
      )}
      <div>
        <button type="button" className="button small" onClick={() => onChange([...steps, next()])}>
          {steps.length === 0 ? "Start with a smaller share" : "Add a step"}
        </button>
      </div>
    </fieldset>
  );
}
