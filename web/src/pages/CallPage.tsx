import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { ApiError } from "../api/client";
import type { Call, Turn } from "../api/types";
import { clock, moment } from "../format";
import { AnalysisPanel } from "../reading/AnalysisPanel";
import { reading } from "../reading/api";
import { RouteName, VersionName } from "../reading/CallList";
import { FactsPanel, Withheld } from "../reading/FactsPanel";
import { ConversationPanel } from "../reading/Metrics";
import { Player } from "../reading/Player";
import { stages } from "../reading/row";
import { RatingsPanel } from "../reading/Rubric";
import { timeLine, turnAt } from "../reading/timeline";
import { TimeLineView } from "../reading/TimeLineView";
import { TranscriptView } from "../reading/TranscriptView";
import { WhyArm } from "../reading/WhyArm";
import { ending, Goal } from "../sample/CallCard";
import { ArmBadge, armTone } from "../ui/ArmBadge";
import { Failure, Loading, NotShown } from "../ui/Notice";
import { useTitle } from "../ui/useTitle";

/** Everything known of one call. */
export function CallPage({ id }: { id: string }) {
  useTitle("Call");
  // A call in progress is asked for again until it is over and read.
  const call = useQuery({ ...reading.call(id), refetchInterval: (q) => (q.state.data && settled(q.state.data) ? false : 3_000), retry: (n, e) => n < 2 && !(e instanceof ApiError && e.status > 0) });
  const revision = call.data?.turns?.event_id;
  const turns = useQuery({ ...reading.turns(id), queryKey: [...reading.turns(id).queryKey, revision ?? ""], enabled: call.isSuccess });
  return (
    <div className="page">
      <nav className="crumbs" aria-label="Where you are">
        <Link to="/calls">Calls</Link>
      </nav>
      {call.isPending && <Loading what="the call" />}
      {call.isError && !call.data && <NotShown what="The call" error={call.error} retry={() => void call.refetch()} />}
      {call.data && (
        <>
          <Heading call={call.data} />
          <Withheld call={call.data} />
          {call.isError && <Failure error={call.error} retry={() => void call.refetch()} />}
          {turns.isError && <Failure error={turns.error} retry={() => void turns.refetch()} />}
          {turns.isPending && <Loading what="the transcript" />}
          {turns.data && <Body call={call.data} turns={turns.data} />}
        </>
      )}
    </div>
  );
}

const settled = (c: Call): boolean => c.stage === "analyzed" || c.stage === "lost" || (c.ended !== undefined && Date.now() - Date.parse(c.ended.at) > 10 * 60_000);

function Heading({ call: c }: { call: Call }) {
  const a = c.assigned?.value;
  return (
    <div className="heading">
      <div>
        <h1>Call{c.assigned && ` of ${moment(c.assigned.at)}`}</h1>
        <p className="call-facts">
          {a?.arm && <ArmBadge arm={a.arm} />}
          {a?.version_id && <VersionName id={a.version_id} />}
          <Goal goal={c.goal} />
          <span>{c.duration_seconds === undefined ? "length unknown" : clock(c.duration_seconds)}</span>
          <span>{ending(c)}</span>
          {c.stage !== "assigned" && c.stage !== "lost" && <span className={`stage stage-${c.stage}`}>{stages[c.stage]}</span>}
        </p>
        <p className="sub">
          {a?.route_id && (
            <Link to="/routes/$route" params={{ route: a.route_id }}>
              <RouteName id={a.route_id} number={a.number} />
            </Link>
          )}
          {a?.caller && ` from ${a.caller}`}
          {!a?.caller && a?.caller_key && " from a caller whose number is not kept"}
        </p>
      </div>
      {a?.test_id && (
        <div className="actions">
          <Link to="/tests/$test" params={{ test: a.test_id }} className="button">
            The test's results
          </Link>
        </div>
      )}
    </div>
  );
}

function Body({ call, turns }: { call: Call; turns: Turn[] }) {
  const line = useMemo(() => timeLine(turns, call.duration_seconds), [turns, call.duration_seconds]);
  const [selected, setSelected] = useState(-1);
  const [time, setTime] = useState<number>();
  const [wanted, setWanted] = useState<{ seconds: number }>();
  function choose(turn: number) {
    setSelected(turn);
    const at = turns[turn]?.start_ms;
    // The recording follows.
    if (call.recording?.value.url && at !== undefined) {
      setWanted({ seconds: at / 1000 });
      setTime(at / 1000);
    }
  }
  const playing = time === undefined || !line ? -1 : turnAt(line.bars, time);
  return (
    <div className={`call-page ${call.assigned?.value.arm ? armTone(call.assigned.value.arm) : "arm-0"}`}>
      {line && (
        <section className="panel call-time" aria-labelledby="time-line">
          <h2 id="time-line">Who spoke when</h2>
          <TimeLineView line={line} turns={turns} selected={selected} onSelect={choose} playing={time} />
        </section>
      )}
      {call.recording?.value.url && (
        <div className="call-time">
          <Player call={call.id} onTime={setTime} wanted={wanted} />
        </div>
      )}
      <div className="call-said">
        <section className="panel" aria-labelledby="said">
          <h2 id="said">Transcript</h2>
          {turns.length === 0 ? (
            <p className="none">{noTranscript(call)}</p>
          ) : (
            <>
              {!line && <p className="hint">The transcript came without times, so there is no time line.</p>}
              <TranscriptView turns={turns} line={line} selected={selected} onSelect={choose} playing={playing} />
            </>
          )}
        </section>
        <RatingsPanel call={call.id} />
      </div>
      <div className="call-known">
        <AnalysisPanel call={call} turns={turns} onQuote={choose} />
        <WhyArm call={call} />
        <ConversationPanel call={call} />
      </div>
      <div className="call-time">
        <FactsPanel call={call} />
      </div>
    </div>
  );
}

function noTranscript(c: Call): string {
  if (c.removed?.transcript) return "The transcript was deleted.";
  if (c.stage === "assigned") return "The call is in progress; its transcript comes after the end.";
  return "No transcript came for this call.";
}
