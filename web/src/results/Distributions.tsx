import type { Metric } from "../api/types";
import { count, percent, words } from "../format";
import { ArmBadge, armTone } from "../ui/ArmBadge";

/** How often each value of a category comes up, arm by arm. */
export function Distributions({ metrics }: { metrics: Metric[] }) {
  const shown = metrics.filter((m) => m.kind === "category" && m.arms.some((s) => s.n > 0));
  if (shown.length === 0) return null;
  return (
    <section className="panel" aria-labelledby="distributions">
      <h2 id="distributions">Distributions</h2>
      {shown.map((m) => (
        <Distribution key={m.name} metric={m} />
      ))}
    </section>
  );
}

function Distribution({ metric: m }: { metric: Metric }) {
  const names = [...new Set(m.arms.flatMap((s) => s.shares?.map((x) => x.name) ?? []))];
  const most = Math.max(...m.arms.flatMap((s) => s.shares?.map((x) => x.share) ?? [0]));
  return (
    <table className="distribution">
      <caption>{m.label}</caption>
      <thead>
        <tr>
          <th scope="col">
            <span className="hidden">Value</span>
          </th>
          {m.arms.map((s) => (
            <th scope="col" key={s.arm}>
              <ArmBadge arm={s.arm} /> <span className="sub">n {count(s.n)}</span>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {names.map((name) => (
          <tr key={name}>
            <th scope="row">{words(name)}</th>
            {m.arms.map((s) => {
              const x = s.shares?.find((v) => v.name === name);
              return (
                <td key={s.arm} className={armTone(s.arm)}>
                  <span className="share-bar" style={{ width: `${((x?.share ?? 0) / most) * 100}%` }} />
                  <span className="share-text" title={`${count(x?.n ?? 0)} calls`}>
                    {percent(x?.share ?? 0)}
                  </span>
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
