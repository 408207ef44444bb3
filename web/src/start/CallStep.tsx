import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { TestCallDialog } from "../agents/TestCallDialog";
import { api } from "../api/client";
import { queries } from "../api/queries";
import { first } from "../api/start";
import type { Call, Route } from "../api/types";
import { clock, moment, phone } from "../format";
import { Listeners } from "../settings/Listeners";
import { Failure } from "../ui/Notice";

/** Says where to send the first call, and waits for it. */
export function CallStep({ route, onDone }: { route: Route; onDone: () => void }) {
  const status = useQuery({ queryKey: ["status"], queryFn: ({ signal }) => api.status(signal) });
  const call = useQuery({ queryKey: ["calls", "first", route.id], queryFn: ({ signal }) => first.newestCall(route.id, signal), refetchInterval: (q) => (q.state.data?.ended ? false : 2_000) });
  const outbound = route.kind === "outbound";
  return (
    <>
      {outbound ? (
        <div className="guide-how">
          <p>
            Before each call your dialler asks Tandem which version takes it, with an <Link to="/settings/$section" params={{ section: "keys" }}>API key</Link> that may report:
          </p>
          <pre>
            <code>{assignment(route)}</code>
          </pre>
          <p className="hint">The answer names the version and its SIP address. Report how the call went with its call_id.</p>
        </div>
      ) : (
        <div className="guide-how">
          <p>
            Have your carrier or PBX send the calls of <strong>{route.number ? phone(route.number) : route.name}</strong> here by SIP, then call the number.
          </p>
          {status.data && <Listeners listeners={status.data.sip_listeners} />}
          <p className="hint">
            No trunk at hand? Any SIP phone that reaches this address can call <code>sip:{route.number ?? route.name}@{listenerAt(status.data?.sip_listeners)}</code>. An address that may send calls has to be among the <Link to="/settings/$section" params={{ section: "ways-in" }}>trunks</Link>.
          </p>
        </div>
      )}
      <TestCall route={route} />
      {call.isError && <Failure error={call.error} retry={() => void call.refetch()} />}
      <div className="guide-wait" role="status">
        {call.data ? (
          <Arrived call={call.data} />
        ) : (
          <>
            <span className="guide-pulse" aria-hidden="true" />
            Waiting for the first call…
          </>
        )}
      </div>
      <div className="form-actions">
        {call.data ? (
          <Link to="/routes/$route" params={{ route: route.id }} className="button primary" onClick={onDone}>
            Set up an A/B test
          </Link>
        ) : (
          <button type="button" className="button" onClick={onDone}>
            Finish without a call
          </button>
        )}
      </div>
    </>
  );
}

/** Whether the agent answers at all, before anybody calls the number. */
function TestCall({ route }: { route: Route }) {
  const [open, setOpen] = useState(false);
  const choices = useQuery(queries.choices());
  const agent = choices.data?.find((c) => c.versions.some((v) => v.id === route.live_version_id))?.agent;
  const live = choices.data?.flatMap((c) => c.versions).find((v) => v.id === route.live_version_id);
  if (!agent || !live?.content.target?.sip) return null;
  return (
    <div className="guide-how">
      <p>
        Or see first whether {live.agent_name}@{live.number} answers: the server calls it once, on no route.
      </p>
      <div className="form-actions">
        <button type="button" className="button small" onClick={() => setOpen(true)}>
          Place a test call
        </button>
      </div>
      {open && <TestCallDialog agent={agent} version={live.number} content={live.content} number={route.number} onClose={() => setOpen(false)} />}
    </div>
  );
}

function Arrived({ call }: { call: Call }) {
  const version = useQuery({ ...queries.version(call.assigned?.value.version_id ?? ""), enabled: call.assigned?.value.version_id !== undefined });
  return (
    <p>
      <strong>The first call came</strong>
      {call.assigned && <> at {moment(call.assigned.at)}</>}
      {version.data && <>, and went to {version.data}</>}. {call.ended ? `It took ${clock(call.duration_seconds ?? 0)}.` : "It is in progress."}
    </p>
  );
}

const assignment = (route: Route): string => `curl ${location.origin}/v1/assignments \\
  -H "Authorization: Bearer $TANDEM_KEY" -H "Content-Type: application/json" \\
  -d '{"route": "${route.name}", "caller": "+14155550199"}'`;

const listenerAt = (listeners: string[] | undefined): string => listeners?.find((l) => l.startsWith("udp:"))?.slice(4) ?? location.hostname;
