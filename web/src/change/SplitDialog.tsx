import { useState, type SubmitEvent } from "react";
import { api } from "../api/client";
import type { Results } from "../api/types";
import { weight } from "../format";
import { SplitTrack } from "../results/Arms";
import { ArmBadge } from "../ui/ArmBadge";
import { Dialog } from "../ui/Dialog";
import { Failure } from "../ui/Notice";
import { overtaken, useChange } from "./useChange";
import { fault, presets, same, setWeight } from "./weights";

/** Changes how calls are split; in force from the next call. */
export function SplitDialog({ results: r, onClose }: { results: Results; onClose: () => void }) {
  const [texts, setTexts] = useState(() => r.arms.map((a) => String(a.weight)));
  const { test, mutation } = useChange(r.test_id, (w: number[], t) => api.split(t.id, w, t.revision), onClose);
  const weights = texts.map((t) => (t.trim() === "" ? NaN : Number(t)));
  const wrong = fault(weights);
  const now = test.data?.arms.map((a) => a.weight) ?? r.arms.map((a) => a.weight);

  const show = (next: number[]) => setTexts(next.map(String));
  function type(index: number, text: string) {
    const next = setWeight(weights, index, text.trim() === "" ? NaN : Number(text));
    setTexts(next.map((w, i) => (i === index ? text : Number.isNaN(w) ? (texts[i] ?? "") : String(w))));
  }
  function submit(event: SubmitEvent) {
    event.preventDefault();
    if (!wrong) mutation.mutate(weights);
  }

  return (
    <Dialog title="Change split" onClose={onClose}>
      <form noValidate onSubmit={submit}>
        <SplitTrack arms={r.arms.map((a, i) => ({ key: a.key, weight: wrong ? a.weight : (weights[i] ?? 0) }))} />
        {r.arms.length === 2 && (
          <>
            <label className="hidden" htmlFor="split-slider">
              Share of calls for A, in percent
            </label>
            <input id="split-slider" type="range" min={0} max={100} step={1} value={wrong ? (r.arms[0]?.weight ?? 0) : weights[0]} onChange={(event) => show(setWeight(weights, 0, event.target.valueAsNumber))} />
            <div className="presets" role="group" aria-label="Common splits">
              {presets.map((p) => (
                <button key={p.join()} type="button" className="button small" aria-pressed={same(p, weights)} onClick={() => show(p)}>
                  {p.join(" / ")}
                </button>
              ))}
            </div>
          </>
        )}
        <div className="weights">
          {r.arms.map((a, i) => (
            <label key={a.key}>
              <span>
                <ArmBadge arm={a.key} /> {a.version}
              </span>
              <span className="with-unit">
                <input type="number" inputMode="decimal" min={0} max={100} step={0.01} value={texts[i]} aria-label={`${a.key}: percent of calls`} onChange={(event) => type(i, event.target.value)} />%
              </span>
            </label>
          ))}
        </div>
        <p className="hint" role={wrong ? "alert" : undefined}>
          {wrong ?? `In force from the next call. A new phase begins${nth(test.data?.phases.length)}: calls before and after are compared apart, then put together.${test.data?.ramp_step ? " It ends the ramp." : ""}`}
        </p>
        {overtaken(mutation.error) ? (
          <p className="notice notice-warn" role="alert">
            Somebody else changed this test just now: the split is {now.map(weight).join(" / ")}. Check yours and save again.
          </p>
        ) : (
          (mutation.error ?? test.error) && <Failure error={mutation.error ?? test.error} />
        )}
        <div className="dialog-actions">
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="button primary" disabled={Boolean(wrong) || same(weights, now) || !test.data || mutation.isPending}>
            {mutation.isPending ? "Saving…" : "Save split"}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

/** Which phase a change begins. */
const nth = (phases: number | undefined): string => (phases === undefined || phases === 0 ? "" : `, number ${phases + 1}`);
