import type { Results } from "../api/types";
import { count, moment, weight } from "../format";
import { ArmBadge } from "../ui/ArmBadge";

/** The splits a test has had. */
export function Phases({ results: r }: { results: Results }) {
  return (
    <section className="panel" aria-labelledby="phases">
      <h2 id="phases">Phases</h2>
      <p className="sub">
        Each change of the split begins a phase. Versions are compared within phases, so that a quiet week under one split and a busy one under another do not mix.
      </p>
      <table className="plain">
        <thead>
          <tr>
            <th scope="col">From</th>
            {r.arms.map((a) => (
              <th scope="col" key={a.key} className="number">
                <ArmBadge arm={a.key} />
              </th>
            ))}
            <th scope="col" className="number">
              Calls
            </th>
          </tr>
        </thead>
        <tbody>
          {r.phases.map((p) => (
            <tr key={p.number}>
              <th scope="row">{moment(p.started_at)}</th>
              {r.arms.map((a, i) => (
                <td key={a.key} className="number">
                  {weight(p.weights[i] ?? 0)}
                </td>
              ))}
              <td className="number">{count(p.calls)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
