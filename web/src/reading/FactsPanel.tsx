import type { Call } from "../api/types";
import { factsOf, withheld } from "./facts";

const exact = new Intl.DateTimeFormat(undefined, { dateStyle: "short", timeStyle: "medium" });

/** The record of the call: what each reporter said, as joined. */
export function FactsPanel({ call }: { call: Call }) {
  const facts = factsOf(call);
  return (
    <section className="panel" aria-labelledby="facts">
      <h2 id="facts">As reported</h2>
      <p className="hint">Where reports contradict each other the better source stands here; each line says whose it is.</p>
      <div className="scroll-x" tabIndex={0} role="group" aria-labelledby="facts">
        <table className="plain fact-table">
          <thead>
            <tr>
              <th scope="col">What</th>
              <th scope="col">Said</th>
              <th scope="col">By</th>
              <th scope="col">When</th>
              <th scope="col">Event</th>
            </tr>
          </thead>
          <tbody>
            {facts.map((f) => (
              <tr key={f.what}>
                <th scope="row">{f.what}</th>
                <td>
                  {f.value}
                  {f.redacted > 0 && <span className="tag">{f.redacted} redacted</span>}
                </td>
                <td>{f.origin}</td>
                <td>{exact.format(new Date(f.at))}</td>
                <td>
                  <code>{f.event ?? ""}</code>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {Object.keys(call.foreign ?? {}).length > 0 && (
        <p className="sub">
          Known elsewhere as {Object.entries(call.foreign ?? {}).map(([origin, id]) => `${id} (${origin})`).join(", ")}.
        </p>
      )}
      <p className="sub">
        Tandem's id: <code>{call.id}</code>, revision {call.revision}.
      </p>
    </section>
  );
}

export function Withheld({ call }: { call: Call }) {
  const lines = withheld(call);
  if (lines.length === 0) return null;
  return (
    <div className="notice notice-warn">
      {lines.map((l) => (
        <p key={l}>{l}</p>
      ))}
    </div>
  );
}
