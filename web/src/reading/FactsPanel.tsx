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
        <table className="plain cards fact-table" role="table">
          <thead role="rowgroup">
            <tr role="row">
              <th role="columnheader" scope="col">What</th>
              <th role="columnheader" scope="col">Said</th>
              <th role="columnheader" scope="col">By</th>
              <th role="columnheader" scope="col">When</th>
              <th role="columnheader" scope="col">Event</th>
            </tr>
          </thead>
          <tbody role="rowgroup">
            {facts.map((f) => (
              <tr role="row" key={f.what}>
                <th role="rowheader" scope="row">{f.what}</th>
                <td role="cell" data-label="Said">
                  {f.value}
                  {f.redacted > 0 && <span className="tag">{f.redacted} redacted</span>}
                </td>
                <td role="cell" data-label="By">{f.origin}</td>
                <td role="cell" data-label="When">{exact.format(new Date(f.at))}</td>
                <td role="cell" data-label="Event">{f.event && <code>{f.event}</code>}</td>
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
