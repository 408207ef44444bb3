import type { GoalChange, Results } from "../api/types";
import { count, moment } from "../format";
import { Decision } from "./Decision";
import { Phases } from "./Phases";

/** What was changed while the test ran, and how it ended. */
export function History({ results: r }: { results: Results }) {
  const acknowledged = r.verdict.alarms.flatMap((a) => (a.acknowledged ? [{ ...a.acknowledged, text: a.text }] : []));
  return (
    <>
      {r.status === "ended" && <Decision results={r} />}
      <Phases results={r} />
      <Goals changes={r.goal_changes ?? []} goal={r.goal} />
      {acknowledged.length > 0 && (
        <section className="panel" aria-labelledby="acknowledged">
          <h2 id="acknowledged">Alarms that were looked into</h2>
          <ul className="reasons">
            {acknowledged.map((a) => (
              <li key={a.check}>
                <strong>
                  {a.by}, {moment(a.at)}
                </strong>
                : {a.note ?? "no note"}
                <span className="sub">{a.text}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

function Goals({ changes, goal }: { changes: GoalChange[]; goal: string | undefined }) {
  if (!goal && changes.length === 0) return null;
  return (
    <section className="panel" aria-labelledby="goal">
      <h2 id="goal">Goal</h2>
      <p>A call counts as completed when {goal ? <code>{goal}</code> : "nothing is said: the test has no goal"}.</p>
      {changes.length === 0 && <p className="sub">It has not been changed since the test began.</p>}
      {changes.length > 0 && (
        <ol className="reasons">
          {changes.map((c) => (
            <li key={c.at}>
              <strong>
                {moment(c.at)}, {c.by}
              </strong>
              , after {count(c.calls)} calls{c.note && `: ${c.note}`}
              <span className="change">
                <code>{c.from || "none"}</code> <span aria-label="became">→</span> <code>{c.to || "none"}</code>
              </span>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
