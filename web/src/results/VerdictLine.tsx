import { useState } from "react";
import type { Check, Method, RampState, Recounting as Counting, Results, Verdict } from "../api/types";
import { AcknowledgeDialog } from "../change/AcknowledgeDialog";
import { count, moment, weight } from "../format";
import { ArmBadge } from "../ui/ArmBadge";
import { Progress } from "../ui/Progress";
import { RoleButton } from "../ui/RoleButton";

const titles: Record<Verdict["status"], string> = {
  collecting: "No conclusion yet",
  better: "Conclusion",
  no_practical_difference: "No practical difference",
  guardrail_breached: "Guardrail breached",
  split_broken: "The split is broken",
  outcomes_missing: "Outcomes are missing",
  not_randomised: "Too few calls were left to chance",
  metric_broken: "Something is odd about the metric",
};

/** How evidence is gathered, for people who want to know what they rely on. */
const methods: Record<Method, string> = {
  betting: "Valid at every look: a bet against the assignment’s own randomness, exact from the first call.",
  planned: "Valid at every look: a boundary for the planned number of calls, watched continuously.",
  asymptotic: "Valid at every look once there are some tens of calls in each arm.",
  clustered: "Valid at every look: compared by caller, since callers were randomised.",
};

/** The verdict, in one sentence, before any number. */
export function VerdictLine({ results: r }: { results: Results }) {
  const v = r.verdict;
  const kept = r.arms.find((a) => a.key === r.winner);
  return (
    <section className={`verdict verdict-${v.status}`} aria-labelledby="verdict">
      <h2 id="verdict">{v.status === "collecting" && r.status !== "running" ? "No conclusion" : titles[v.status]}</h2>
      <p className="verdict-text">{v.text}</p>
      {v.change && (
        <p className="sub">
          <strong>What would change it:</strong> {v.change}
        </p>
      )}
      <p className="sub">{coverage(r)}</p>
      {r.status === "ended" && kept && (
        <p className="past">
          <strong>Past test.</strong> It was ended {r.ended_at && moment(r.ended_at)} and <ArmBadge arm={kept.key} /> {kept.version} was kept, which took all calls from then on.
        </p>
      )}
      {r.recounting && <Recounting of={r.recounting} />}
      {(r.goal_changes?.length ?? 0) > 0 && !r.recounting && (
        <p className="sub warn">
          The goal was changed after the test began ({r.goal_changes?.length === 1 ? "once" : `${r.goal_changes?.length} times`}): see Phases.
        </p>
      )}
      <Alarms results={r} />
      <Guardrails verdict={v} />
      {r.ramp && <Ramp ramp={r.ramp} arms={r.arms} />}
    </section>
  );
}

function coverage(r: Results): string {
  const v = r.verdict;
  const parts = [];
  if (v.since) parts.push(`Holds since ${moment(v.since.at)}, after ${count(v.since.calls)} calls.`);
  if (v.covered_to) parts.push(`Covers ${count(v.calls)} calls up to ${moment(v.covered_to)}.`);
  if (r.evidence.waiting > 0) parts.push(`${count(r.evidence.waiting)} more wait behind the oldest call that is still without outcome.`);
  if (r.evidence.rebuilding) parts.push("The evidence is being computed anew.");
  if (v.method) parts.push(methods[v.method]);
  return parts.join(" ");
}

/** How far calls are counted anew under a changed goal. */
function Recounting({ of: r }: { of: Counting }) {
  return (
    <div className="progress-line">
      <p className="sub">
        <strong>
          Re-counting {count(r.done)} of {count(r.total)} calls
        </strong>
        . {r.text}
      </p>
      <Progress label="Calls counted under the changed goal" done={r.done} total={r.total} />
    </div>
  );
}

/** The split's next step, and what it waits for. */
function Ramp({ ramp, arms }: { ramp: RampState; arms: Results["arms"] }) {
  return (
    <div className="ramp">
      <p>
        <strong>
          Ramp: step {ramp.step} of {ramp.steps}.
        </strong>{" "}
        {ramp.next.length > 0 && <>Next: {arms.map((a, i) => `${a.key} ${weight(ramp.next[i] ?? 0)}`).join(", ")}. </>}
        {ramp.waits.length === 0 ? "It is due." : "It waits for:"}
      </p>
      {ramp.waits.length > 0 && (
        <ul>
          {ramp.waits.map((w) => (
            <li key={w}>{w}</li>
          ))}
        </ul>
      )}
    </div>
  );
}

function Alarms({ results: r }: { results: Results }) {
  const [open, setOpen] = useState<Check>();
  if (r.verdict.alarms.length === 0) return null;
  return (
    <>
      <ul className="alarms" aria-label="Alarms">
        {r.verdict.alarms.map((a) => (
          <li key={a.check} className={a.acknowledged ? "alarm" : "alarm alarm-open"}>
            <span>{a.text}</span>
            {a.acknowledged ? (
              <span className="sub">
                Acknowledged by {a.acknowledged.by}, {moment(a.acknowledged.at)}
                {a.acknowledged.note && `: ${a.acknowledged.note}`}
              </span>
            ) : (
              <RoleButton className="button" onClick={() => setOpen(a.check)}>
                Acknowledge
              </RoleButton>
            )}
          </li>
        ))}
      </ul>
      {open && <AcknowledgeDialog results={r} check={open} onClose={() => setOpen(undefined)} />}
    </>
  );
}

function Guardrails({ verdict: v }: { verdict: Verdict }) {
  if (v.guardrails.length === 0) return null;
  return (
    <ul className="alarms" aria-label="Guardrails">
      {v.guardrails.map((g) => (
        <li key={`${g.metric} ${g.worse} ${g.arm}`} className={g.breached ? "alarm alarm-open" : "alarm"}>
          <span>
            <strong>{g.breached ? "Guardrail breached" : g.known ? "Guardrail holds" : "Guardrail: too few calls to tell"}</strong>
            {g.action === "rollback" && " (rolls back to A)"}: {g.text}
          </span>
        </li>
      ))}
    </ul>
  );
}
