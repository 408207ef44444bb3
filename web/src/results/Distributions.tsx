import { memo } from "react";
import type { Metric } from "../api/types";
import { count, words } from "../format";
import { Bars } from "./Bars";
import { Base, Histogram } from "./Histogram";

/** How the values of some metrics are spread in each arm, each by its kind. */
export const Distributions = memo(function Distributions({ title, metrics, lead }: { title: string; metrics: Metric[]; lead?: string }) {
  const shown = metrics.filter((m) => m.arms.some((s) => s.n > 0) && (m.kind !== "mean" || m.arms.some((s) => s.histogram?.length)));
  if (shown.length === 0) return null;
  return (
    <section className="spreads" aria-label={title}>
      <div>
        <h2>{title}</h2>
        {lead && <p className="sub">{lead}</p>}
      </div>
      <div className="chart-grid">
        {shown.map((m) => (
          <div key={m.name} className="panel">
            {m.kind === "mean" ? <Histogram metric={m} /> : <Shares metric={m} />}
          </div>
        ))}
      </div>
    </section>
  );
});

/** A share, or the shares of a category's values. */
function Shares({ metric: m }: { metric: Metric }) {
  const arms = m.arms.map((s) => s.arm);
  const keys = m.arms.map((s) => ({ arm: s.arm, text: `${s.arm} n ${count(s.n)}` }));
  if (m.kind === "proportion") {
    const row = { name: "yes", cells: m.arms.map((s) => ({ n: s.successes ?? 0, of: s.n, share: s.value, interval: s.interval })) };
    return <Bars title={m.label} arms={arms} rows={[row]} keys={keys} lead={<Base metric={m} />} />;
  }
  const names = [...new Set(m.arms.flatMap((s) => s.shares?.map((x) => x.name) ?? []))];
  const rows = names.map((name) => ({
    name: words(name),
    cells: m.arms.map((s) => {
      const x = s.shares?.find((v) => v.name === name);
      return { n: x?.n ?? 0, of: s.n, share: s.n > 0 ? (x?.share ?? 0) : undefined };
    }),
  }));
  return <Bars title={m.label} arms={arms} rows={rows} keys={keys} lead={<Base metric={m} />} />;
}
