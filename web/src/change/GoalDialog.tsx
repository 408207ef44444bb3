import { useState, type SubmitEvent } from "react";
import { steer } from "../api/steer";
import type { Results } from "../api/types";
import { count } from "../format";
import { GoalField } from "../setup/GoalField";
import { Dialog } from "../ui/Dialog";
import { TextField } from "../ui/Field";
import { Failure } from "../ui/Notice";
import { say } from "../ui/toasts";
import { overtaken, useChange } from "./useChange";

/** Changes what counts as a completion, while the test runs. */
export function GoalDialog({ results: r, onClose }: { results: Results; onClose: () => void }) {
  const [goal, setGoal] = useState(r.goal ?? "");
  const [note, setNote] = useState("");
  const done = () => {
    say("The goal is changed. Calls so far are being counted anew.");
    onClose();
  };
  const { test, mutation } = useChange(r.test_id, (g: { goal: string; note: string }, t) => steer.changeGoal(t.id, g.goal, g.note, t.revision), done);
  const calls = r.phases.reduce((sum, p) => sum + p.calls, 0);
  const same = goal.trim() === (test.data?.goal ?? r.goal ?? "").trim();
  function submit(event: SubmitEvent) {
    event.preventDefault();
    if (!same) mutation.mutate({ goal: goal.trim(), note: note.trim() });
  }
  return (
    <Dialog title="Change the goal" onClose={onClose} wide>
      <form className="form" noValidate onSubmit={submit}>
        <GoalField label="A call is a completion when" value={goal} onChange={setGoal} versions={r.arms.map((a) => a.version_id)} autoFocus />
        <div className="notice notice-warn">
          <p>
            {calls > 0 ? `The ${count(calls)} calls so far are counted anew by it` : "It holds from the next call on"}; until that is done, nothing is concluded about completion. The change stays with the test and is shown in its results: who picks a goal by its results can make a winner of either version.
          </p>
        </div>
        <TextField label="Why? (stays with the test)" value={note} onChange={setNote} maxLength={2000} placeholder="A transfer is no booking" />
        {overtaken(mutation.error) ? (
          <p className="notice notice-warn" role="alert">
            Somebody else changed this test just now. It was read again; save once more if that is still right.
          </p>
        ) : (
          (mutation.error ?? test.error) && <Failure error={mutation.error ?? test.error} />
        )}
        <div className="dialog-actions">
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="button primary" disabled={same || !test.data || mutation.isPending}>
            {mutation.isPending ? "Saving…" : "Change the goal"}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
