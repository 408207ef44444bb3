import { SplitTrack } from "../results/Arms";
import { fault, presets, same, setWeight } from "../change/weights";

interface Props {
  /** The arms' keys, in order. */
  arms: string[];
  weights: number[];
  onChange: (weights: number[]) => void;
}

/** How calls are split: a slider for two arms, a number for each, and the common splits. */
export function SplitField({ arms, weights, onChange }: Props) {
  const wrong = fault(weights);
  return (
    <fieldset className="split-field">
      <legend className="field-label">Split</legend>
      <SplitTrack arms={arms.map((key, i) => ({ key, weight: Number.isFinite(weights[i]) ? (weights[i] ?? 0) : 0 }))} />
      {arms.length === 2 && (
        <input type="range" min={0} max={100} step={1} aria-label="Percent of calls for B" value={Number.isFinite(weights[1]) ? weights[1] : 50} onChange={(event) => onChange(setWeight(weights, 1, event.target.valueAsNumber))} />
      )}
      <div className="split-set">
        {arms.length === 2 && (
          <div className="presets" role="group" aria-label="Common splits">
            {presets.map((p) => (
              <button key={p.join()} type="button" className="button small" aria-pressed={same(p, weights)} onClick={() => onChange([...p])}>
                {p.join(" / ")}
              </button>
            ))}
          </div>
        )}
        <div className="weights-row">
          {arms.map((key, i) => (
            <label key={key} className="inline">
              {key}
              <span className="with-unit">
                <input type="number" inputMode="decimal" min={0} max={100} step={0.01} aria-label={`${key}: percent of calls`} value={Number.isFinite(weights[i]) ? weights[i] : ""} onChange={(event) => onChange(setWeight(weights, i, event.target.valueAsNumber))} />%
              </span>
            </label>
          ))}
        </div>
      </div>
      {wrong && (
        <p className="field-error" role="alert">
          {wrong}
        </p>
      )}
    </fieldset>
  );
}
