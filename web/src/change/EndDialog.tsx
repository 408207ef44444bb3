import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type SubmitEvent } from "react";
import { api } from "../api/client";
import { queries } from "../api/queries";
import type { Metric, Results } from "../api/types";
import { between, count, difference, percent, value } from "../format";
import { ArmBadge } from "../ui/ArmBadge";
import { Dialog } from "../ui/Dialog";
import { Failure } from "../ui/Notice";
import { say } from "../ui/toasts";
import { useStartAgain } from "./again";
import { overtaken, useChange } from "./useChange";

/** Ends a test. Which version to keep is asked; with no choice made, A. */
export function EndDialog({ results: r, onClose }: { results: Results; onClose: () => void }) {
  const client = useQueryClient();
  const startAgain = useStartAgain();
  const [winner, setWinner] = useState(() => proposed(r));
  const [note, setNote] = useState("");
  const kept = r.arms.find((a) => a.key === winner);
  // What was live before is needed to undo the end.
  const route = useQuery(queries.route(r.route_id));
  const { test, mutation } = useChange(
    r.test_id,
    async (choice: { winner: string; note: string }, t) => {
      const live = route.data?.live_version_id;
      const ended = await api.end(t.id, choice.winner, choice.note, t.revision);
      say(`The test is over: calls go to ${kept?.version ?? choice.winner} from the next one on.`, { label: "Undo: start again", run: () => void startAgain(ended, live) });
      return ended;
    },
    onClose,
  );
  function submit(event: SubmitEvent) {
    event.preventDefault();
    mutation.mutate({ winner, note: note.trim() }, { onSuccess: () => void client.invalidateQueries({ queryKey: ["volume"] }) });
  }
  const others = r.arms.filter((a) => a.key !== winner);
  return (
    <Dialog title="End test" onClose={onClose} wide>
      <form onSubmit={submit}>
        <p className="end-verdict">{r.verdict.text}</p>
        <fieldset className="choice end-arms">
          <legend>Which version takes all calls?</legend>
          {r.arms.map((a, i) => (
            <label key={a.key} className="choice-row end-arm">
              <input type="radio" name="winner" value={a.key} checked={winner === a.key} onChange={() => setWinner(a.key)} />
              <span className="end-body">
                <span>
                  <ArmBadge arm={a.key} /> <strong>{a.version}</strong>
                </span>
                {a.note && <span className="sub">{a.note}</span>}
                <span className="end-figures">
                  {shown(r).map((m) => (
                    <Figure key={m.name} metric={m} arm={i} />
                  ))}
                </span>
              </span>
            </label>
          ))}
        </fieldset>
        {r.verdict.status !== "better" && <p className="hint">There is no verdict, so A is proposed: it is what callers had before.</p>}
        <label className="stack">
          Note, for the record (optional)
          <textarea rows={2} maxLength={2000} value={note} onChange={(event) => setNote(event.target.value)} />
        </label>
        <div className="end-means">
          <p>What happens:</p>
          <ul>
            <li>
              Every call goes to <strong>{kept?.version}</strong> from the next one on; calls in progress stay where they are.
            </li>
            <li>
              {others.map((a) => a.version).join(" and ")} {others.length > 1 ? "stay" : "stays"} published, and can be tested again.
            </li>
            <li>What is known now is kept with the decision. What still comes in of these calls is counted.</li>
            <li>You can undo it by starting again with the same set-up; that is a new test, counted from nothing.</li>
          </ul>
        </div>
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

/** The metrics to decide by: the primary one, then the two that people ask for most. */
function shown(r: Results): Metric[] {
  const primary = r.metrics.filter((m) => m.primary);
  const others = ["completion", "duration", "transfer"].flatMap((name) => r.metrics.filter((m) => m.name === name && !m.primary));
  return [...primary, ...others].slice(0, 3);
}

/** One metric in one arm, with what it rests on and, after A, how it differs. */
function Figure({ metric: m, arm }: { metric: Metric; arm: number }) {
  const s = m.arms[arm];
  if (!s) return null;
  const c = m.against_a?.find((x) => x.arm === s.arm);
  const top = s.shares?.[0];
  return (
    <span className={m.primary ? "end-figure end-primary" : "end-figure"}>
      <span className="sub">{m.label}</span>
      <span>
        <strong>{s.value !== undefined ? value(s.value, m) : top ? `${top.name} ${percent(top.share)}` : "not known yet"}</strong>
        {s.value !== undefined && s.interval && <span className="sub"> {between(s.interval, m)}</span>}
      </span>
      <span className="sub">
        n {count(s.n)}
        {c?.value !== undefined && `, ${difference(c, m).value} against A`}
      </span>
    </span>
  );
}
