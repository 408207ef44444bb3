import { useState, type SubmitEvent } from "react";
import { api } from "../api/client";
import type { Results } from "../api/types";
import { percent, value } from "../format";
import { ArmBadge } from "../ui/ArmBadge";
import { Dialog } from "../ui/Dialog";
import { Failure } from "../ui/Notice";
import { overtaken, useChange } from "./useChange";

/** Ends a test. Which version to keep is asked; with no choice made, A. */
export function EndDialog({ results: r, onClose }: { results: Results; onClose: () => void }) {
  const [winner, setWinner] = useState(proposed(r));
  const [note, setNote] = useState("");
  const { test, mutation } = useChange(r.test_id, (kept: { winner: string; note: string }, t) => api.end(t.id, kept.winner, kept.note, t.revision), onClose);
  const kept = r.arms.find((a) => a.key === winner);
  function submit(event: SubmitEvent) {
    event.preventDefault();
    mutation.mutate({ winner, note: note.trim() });
  }
  return (
    <Dialog title="End test" onClose={onClose}>
      <form onSubmit={submit}>
        <p>{r.verdict.text}</p>
        <fieldset className="choice">
          <legend>Which version takes all calls?</legend>
          {r.arms.map((a, i) => (
            <label key={a.key} className="choice-row">
              <input type="radio" name="winner" value={a.key} checked={winner === a.key} onChange={() => setWinner(a.key)} />
              <span>
                <ArmBadge arm={a.key} /> <strong>{a.version}</strong>
                <span className="sub">{soFar(r, i)}</span>
              </span>
            </label>
          ))}
        </fieldset>
        <label className="stack">
          Note, for the record (optional)
          <textarea rows={2} maxLength={2000} value={note} onChange={(event) => setNote(event.target.value)} />
        </label>
        <p className="hint">All calls go to {kept?.version} from the next one on. The other {r.arms.length > 2 ? "versions stay" : "version stays"} published. This cannot be undone, but a new test can be started.</p>
        {overtaken(mutation.error) ? (
          <p className="notice notice-warn" role="alert">
            Somebody else changed this test just now. It was read again; end it if that is still right.
          </p>
        ) : (
          (mutation.error ?? test.error) && <Failure error={mutation.error ?? test.error} />
        )}
        <div className="dialog-actions">
          <button type="button" className="button" onClick={onClose}>
            Go on testing
          </button>
          <button type="submit" className="button primary" disabled={!test.data || mutation.isPending}>
            {mutation.isPending ? "Ending…" : `End test and keep ${winner}`}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

/** The better arm where there is a verdict; else A. */
function proposed(r: Results): string {
  const better = r.verdict.status === "better" ? r.arms.find((a) => a.key === r.verdict.arm) : undefined;
  return better?.key ?? r.arms[0]?.key ?? "A";
}

/** The primary metric of an arm, as a reminder, with what it rests on. */
function soFar(r: Results, index: number): string {
  const m = r.metrics.find((x) => x.primary);
  const s = m?.arms[index];
  if (!m || !s) return "";
  const top = s.shares?.[0];
  if (s.value === undefined) return top ? `${m.label}: ${top.name} ${percent(top.share)}` : `${m.label}: not known yet`;
  return `${m.label} ${value(s.value, m)}, n ${s.n}`;
}
