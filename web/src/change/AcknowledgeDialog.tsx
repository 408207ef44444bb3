import { useState, type SubmitEvent } from "react";
import { api } from "../api/client";
import type { Check, Results } from "../api/types";
import { Dialog } from "../ui/Dialog";
import { Failure } from "../ui/Notice";
import { useChange } from "./useChange";

/** Says that an alarm was looked into, so that the test may conclude in spite of it. */
export function AcknowledgeDialog({ results: r, check, onClose }: { results: Results; check: Check; onClose: () => void }) {
  const [note, setNote] = useState("");
  const { test, mutation } = useChange(r.test_id, (text: string, t) => api.acknowledge(t.id, check, text, t.revision), onClose);
  const alarm = r.verdict.alarms.find((a) => a.check === check);
  function submit(event: SubmitEvent) {
    event.preventDefault();
    mutation.mutate(note.trim());
  }
  return (
    <Dialog title="Acknowledge the alarm" onClose={onClose}>
      <form onSubmit={submit}>
        <p>{alarm?.text}</p>
        <label className="stack">
          What was found, for the record
          <textarea rows={3} maxLength={2000} value={note} onChange={(event) => setNote(event.target.value)} />
        </label>
        <p className="hint">What this alarm is about no longer suspends the verdict; a fault elsewhere, or one twice as strong, does. Acknowledge it only if the versions can be compared all the same; else end the test and start another.</p>
        {(mutation.error ?? test.error) && <Failure error={mutation.error ?? test.error} />}
        <div className="dialog-actions">
          <button type="button" className="button" onClick={onClose}>
            Not yet
          </button>
          <button type="submit" className="button primary" disabled={!test.data || mutation.isPending}>
            {mutation.isPending ? "Saving…" : "Stand by the test"}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
