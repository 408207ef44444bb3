import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { api } from "../api/client";
import type { Status } from "../api/types";
import { count } from "../format";
import { Fact } from "../ui/Fact";
import { Failure, Loading } from "../ui/Notice";
import { Listeners } from "./Listeners";
import { Part } from "./Part";

/** How calls and what is known of them come in. */
export function WaysIn() {
  const status = useQuery({ queryKey: ["status"], queryFn: ({ signal }) => api.status(signal), refetchInterval: 10_000 });
  if (status.isError && !status.data) return <Failure error={status.error} retry={() => void status.refetch()} />;
  if (!status.data) return <Loading what="how the server is" />;
  const s = status.data;
  return (
    <>
      <p className="sub">There are two ways in: SIP for calls, and the API for outbound calls and for what became of any call. There are no connectors to platforms yet.</p>
      <Part title="SIP" about="Tandem stands between your trunk and your agents; it sees signalling, never audio. Listeners and trunks are set where the server is started, in its settings file.">
        {!s.database_ok && <p className="notice notice-bad">The database cannot be used: {s.database_error}. Calls go on being answered and split.</p>}
        <Listeners listeners={s.sip_listeners} />
        <Trunks trunks={s.sip_trunks} />
        <dl className="setting-facts">
          <Fact name="Calls in progress">{count(s.calls_in_progress)}</Fact>
          <Fact name="Node">{s.node}</Fact>
          <Fact name="Release">{s.release}</Fact>
        </dl>
      </Part>
      <Part
        title="API"
        about={
          <>
            At <code>{location.origin}/v1</code>. A dialler asks it before each outbound call which version takes it. From signalling Tandem knows who hung up, when, and whether the call was transferred. Whether the goal was met, and what was said, comes from you, with an{" "}
            <Link to="/settings/$section" params={{ section: "keys" }}>API key</Link> that may report. Events may come in any order, late and repeated.
          </>
        }
      >
        <pre>
          <code>{outcome()}</code>
        </pre>
        <p className="hint">
          Each call carries <code>X-Tandem-Call</code> with its id. <a href="/docs">Assignments, and every kind of event, are described here.</a>
        </p>
      </Part>
      <Part title="Platforms: not yet" about="No connector takes the webhooks of Vapi, Retell or ElevenLabs as they are. Pass on what they report to the API as above; their agents are reached by SIP." />
    </>
  );
}

function Trunks({ trunks }: { trunks: Status["sip_trunks"] }) {
  if (trunks.length === 0) return <p className="none">No trunk is named: nobody’s calls are let in.</p>;
  return (
    <table className="plain">
      <caption className="hidden">Trunks that may send calls</caption>
      <thead>
        <tr>
          <th scope="col">Trunk</th>
          <th scope="col">From</th>
          <th scope="col">Password</th>
        </tr>
      </thead>
      <tbody>
        {trunks.map((t) => (
          <tr key={t.name}>
            <th scope="row">{t.name}</th>
            <td>{t.sources.length === 0 ? "any address" : t.sources.join(", ")}</td>
            <td>{t.password ? "asked for" : "no"}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const outcome = (): string => `curl ${location.origin}/v1/calls/$CALL/events \\
  -H "Authorization: Bearer $TANDEM_KEY" -H "Content-Type: application/json" \\
  -d '{"id": "analysis-1", "kind": "analysis",
       "analysis": {"appointment_booked": true, "sentiment": 0.4}}'`;
