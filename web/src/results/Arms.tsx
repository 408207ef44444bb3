import type { ArmHeader, Metric, Results } from "../api/types";
import { between, count, moment, value, weight, words } from "../format";
import { ArmBadge, armTone } from "../ui/ArmBadge";

/** The arms side by side: how calls are split, which version each is, how it does. */
export function Arms({ results: r }: { results: Results }) {
  const primary = r.metrics.find((m) => m.primary);
  const phase = r.phases.at(-1);
  return (
    <section className="arms" aria-labelledby="arms">
      <h2 id="arms" className="hidden">
        Versions
      </h2>
      <SplitTrack arms={r.arms} />
      {phase && r.phases.length > 1 && <p className="sub">This split since {moment(phase.started_at)}</p>}
      <ul className="arm-cards">
        {r.arms.map((arm, i) => (
          <li key={arm.key} className={`arm-card ${armTone(arm.key)}`}>
            <p className="arm-name">
              <ArmBadge arm={arm.key} />
              <strong>{arm.version}</strong>
              {r.winner === arm.key && <span className="tag">kept</span>}
            </p>
            {arm.note && <p className="sub">{arm.note}</p>}
            <Figure metric={primary} index={i} fallback={r.primary_metric} />
            <Calls results={r} index={i} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Figure({ metric, index, fallback }: { metric: Metric | undefined; index: number; fallback: string }) {
  const s = metric?.arms[index];
  const label = metric?.label ?? words(fallback);
  if (!metric || s?.value === undefined) {
    return (
      <p className="figure">
        <span className="figure-label">{label}</span>
        <span className="figure-none">not known yet</span>
      </p>
    );
  }
  return (
    <p className="figure">
      <span className="figure-label">{label}</span>
      <span className="figure-value">{value(s.value, metric)}</span>
      <span className="sub">
        {s.interval && `${between(s.interval, metric)}, `}of {count(s.n)} {metric.base}
      </span>
    </p>
  );
}

function Calls({ results: r, index }: { results: Results; index: number }) {
  const q = r.quality[index];
  if (!q) return null;
  return (
    <p className="arm-calls">
      <strong>{count(q.randomised)}</strong> calls
      {q.in_progress > 0 && <>, {count(q.in_progress)} in progress</>}
    </p>
  );
}

/** The split to scale. Its border slides when the split changes. */
export function SplitTrack({ arms }: { arms: Pick<ArmHeader, "key" | "weight">[] }) {
  return (
    <div className="track" role="img" aria-label={`Split: ${arms.map((a) => `${a.key} ${weight(a.weight)}`).join(", ")}`}>
      {arms.map((a) => (
        <span key={a.key} className={`track-part ${armTone(a.key)}`} style={{ flexGrow: a.weight }} hidden={a.weight === 0}>
          <b>{a.key}</b> {weight(a.weight)}
        </span>
      ))}
    </div>
  );
}
