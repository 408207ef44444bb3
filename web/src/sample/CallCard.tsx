import { Link } from "@tanstack/react-router";
import type { Call, SampledCall, Turn } from "../api/types";
import { clock, fieldValue, moment, words } from "../format";
import { ArmBadge, armTone } from "../ui/ArmBadge";

interface Props {
  arm: string;
  version: string;
  sampled: SampledCall;
  /** Its place in the sample, from 1. */
  number: number;
}

/** One call: how it went, then what was said. */
export function CallCard({ arm, version, sampled: { call, turns }, number }: Props) {
  return (
    <article className={`call ${armTone(arm)}`} aria-label={`Call ${number} of ${arm}, ${version}`}>
      <header className="call-head">
        <p className="call-facts">
          <ArmBadge arm={arm} />
          <Goal goal={call.goal} />
          <span>{call.duration_seconds === undefined ? "length unknown" : clock(call.duration_seconds)}</span>
          <span>{ending(call)}</span>
        </p>
        <p className="sub">
          {call.assigned && <>{moment(call.assigned.at)} · </>}
          <Link to="/calls/$call" params={{ call: call.id }}>
            Open the call
          </Link>
        </p>
        <Values call={call} />
      </header>
      <Turns turns={turns} />
    </article>
  );
}

export function Turns({ turns }: { turns: Turn[] }) {
  if (turns.length === 0) return <p className="none">No transcript came for this call.</p>;
  return (
    <ol className="turns">
      {turns.map((t, i) => (
        <TurnLine key={i} turn={t} />
      ))}
    </ol>
  );
}

export function Goal({ goal }: { goal: boolean | undefined }) {
  if (goal === undefined) return <span className="goal">goal unknown</span>;
  return <span className={`goal ${goal ? "goal-met" : "goal-missed"}`}>{goal ? "goal met" : "goal not met"}</span>;
}

export function ending(call: Call): string {
  if (call.stage === "lost") return "lost: no end was reported";
  if (!call.ended) return "in progress";
  if (call.transfer && call.transfer.value.state !== "failed") return `transferred${call.transfer.value.to ? ` to ${call.transfer.value.to}` : ""}`;
  const by = call.ended.value.by;
  return { caller: "caller hung up", agent: "agent ended it", system: "the system ended it", unknown: "ended by unknown" }[by];
}

function Values({ call }: { call: Call }) {
  const values = Object.entries(call.values ?? {}).sort(([a], [b]) => a.localeCompare(b));
  if (values.length === 0) return null;
  return (
    <dl className="values">
      {values.map(([name, fact]) => (
        <div key={name}>
          <dt>{words(name)}</dt>
          <dd>{words(fieldValue(fact.value as string | number | boolean | null))}</dd>
        </div>
      ))}
    </dl>
  );
}

const speakers: Record<Turn["role"], string> = { agent: "Agent", caller: "Caller", tool: "Tool" };

function TurnLine({ turn: t }: { turn: Turn }) {
  return (
    <li className={`turn turn-${t.role}`}>
      <span className="turn-who">
        {speakers[t.role]}
        {t.start_ms !== undefined && <span className="turn-at">{clock(t.start_ms / 1000)}</span>}
      </span>
      <p>
        {t.text}
        {t.interrupted && <span className="cut"> caller cut in</span>}
      </p>
    </li>
  );
}
