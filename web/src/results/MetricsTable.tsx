import { memo, useState } from "react";
import type { ArmHeader, Comparison, Evidence as Found, Metric, Summary, UnknownGap } from "../api/types";
import { count, difference, percent, pValue, quantile, value, words } from "../format";
import { ArmBadge, armTone } from "../ui/ArmBadge";
import { IntervalBar, rangeOf, reachOf } from "./IntervalBar";
import { sorted, sortTitles, type Sort } from "./sorts";

interface Props {
  arms: ArmHeader[];
  metrics: Metric[];
  against: string;
  onAgainst: (arm: string) => void;
}

/** Every metric, arm by arm, and how one arm differs from the first. */
export const MetricsTable = memo(function MetricsTable({ arms, metrics, against, onAgainst }: Props) {
  const first = arms[0]?.key ?? "A";
  const groups = sorted(metrics);
  const [shut, setShut] = useState<ReadonlySet<Sort>>(new Set<Sort>(["conversation"]));
  const turn = (sort: Sort) => setShut((now) => (now.has(sort) ? new Set([...now].filter((x) => x !== sort)) : new Set([...now, sort])));
  const rows = groups.flatMap((g) => g.metrics);
  return (
    <section className="panel" aria-labelledby="metrics">
      <div className="panel-head">
        <h2 id="metrics">Metrics</h2>
        <AgainstChoice arms={arms} against={against} onAgainst={onAgainst} />
      </div>
      <div className={arms.length > 3 ? "scroll-wide" : undefined} {...(arms.length > 3 && { role: "region", "aria-label": "Metrics by version", tabIndex: 0 })}>
        <table className={arms.length > 3 ? "metrics metrics-many" : "metrics"} role="table" aria-labelledby="metrics">
          <thead role="rowgroup">
            <tr role="row">
              <th role="columnheader" scope="col">Metric</th>
              {arms.map((a) => (
                <th role="columnheader" scope="col" key={a.key} className="number">
                  <ArmBadge arm={a.key} />
                </th>
              ))}
              <th role="columnheader" scope="col" className="number">
                {against} minus {first}
              </th>
              <th role="columnheader" scope="col" className="bar-head">
                <span className="bar-scale">
                  <span>{first} higher</span>
                  <span>{against} higher</span>
                </span>
                <span className="hidden">95% interval, valid at every look</span>
              </th>
              <th role="columnheader" scope="col" className="number">
                p <span className="sub">valid at every look</span>
              </th>
            </tr>
          </thead>
          {groups.map((g, i) => (
            <tbody role="rowgroup" key={g.sort}>
              {(i > 0 || groups.length > 1) && (
                <tr role="row" className="metrics-group">
                  <th role="columnheader" scope="colgroup" colSpan={arms.length + 4}>
                    {i === 0 ? (
                      sortTitles[g.sort]
                    ) : (
                      <button type="button" className="group-turn" aria-expanded={!shut.has(g.sort)} onClick={() => turn(g.sort)}>
                        {sortTitles[g.sort]} <span className="sub">{shut.has(g.sort) ? `show ${g.metrics.length}` : "hide"}</span>
                      </button>
                    )}
                  </th>
                </tr>
              )}
              {!(i > 0 && shut.has(g.sort)) && g.metrics.map((m) => (
                <Row key={m.name} metric={m} against={against} />
              ))}
            </tbody>
          ))}
        </table>
      </div>
      <p className="sub">
        Intervals (95%) and p hold at every look. The primary metric decides; all others are exploratory, and their p is adjusted for how many there are.
      </p>
      <OneLook rows={rows} against={against} first={first} />
    </section>
  );
});

/** Which arm is set against the first; nothing to choose between two. */
export function AgainstChoice({ arms, against, onAgainst }: Omit<Props, "metrics">) {
  if (arms.length < 3) return null;
  return (
    <label className="inline">
      Compare {arms[0]?.key} with
      <select value={against} onChange={(event) => onAgainst(event.target.value)}>
        {arms.slice(1).map((a) => (
          <option key={a.key}>{a.key}</option>
        ))}
      </select>
    </label>
  );
}

const Row = memo(function Row({ metric: m, against }: { metric: Metric; against: string }) {
  const c = m.against_a?.find((x) => x.arm === against);
  return (
    <tr role="row" className={m.primary ? "primary-row" : undefined}>
      <th role="rowheader" scope="row">
        {m.label} {m.primary && <span className="tag">primary</span>}
        <span className="sub">{m.base}</span>
        {m.note && <span className="sub">{m.note}</span>}
        {m.unknown_gaps?.filter((g) => g.uneven).map((g) => (
          <span key={g.arm} className="sub warn">
            {uneven(g)}
          </span>
        ))}
      </th>
      {m.arms.map((s) => (
        <td role="cell" key={s.arm} className={`number arm-cell ${armTone(s.arm)}`} data-label={s.arm}>
          <ArmValue metric={m} summary={s} />
        </td>
      ))}
      <Difference metric={m} comparison={c} against={against} />
    </tr>
  );
});

function ArmValue({ metric: m, summary: s }: { metric: Metric; summary: Summary }) {
  const top = s.shares?.[0];
  return (
    <>
      <span className="cell-value">
        {s.value !== undefined && value(s.value, m)}
        {s.value === undefined && top && `${words(top.name)} ${percent(top.share)}`}
        {s.value === undefined && !top && <span className="none">none yet</span>}
      </span>
      {s.median !== undefined && s.p90 !== undefined && (
        <span className="sub quantiles">
          <span className="together">median {quantile(s.median)},</span> <span className="together">p90 {quantile(s.p90)}</span>
        </span>
      )}
      <span className="sub">
        <span className="together" title={s.unknown > 0 ? `not known of ${count(s.unknown)} more ended calls, or does not apply to them` : undefined}>
          n {count(s.n)}
          {s.unknown > 0 && ` of ${count(s.n + s.unknown)}`}
        </span>
      </span>
    </>
  );
}

function Difference({ metric: m, comparison: c, against }: { metric: Metric; comparison: Comparison | undefined; against: string }) {
  const range = c && rangeOf(c);
  const d = c?.value === undefined ? undefined : difference({ value: c.value, interval: range }, m);
  const e = c?.evidence;
  return (
    <>
      <td role="cell" className="number difference-cell" data-label="Difference">
        {d ? (
          <>
            <span className="cell-value">{d.value}</span>
            <span className="sub">{d.range}</span>
            {c?.note && <span className="sub">{c.note}</span>}
          </>
        ) : (
          <span className="none">{m.kind === "category" && m.any_difference_p !== undefined ? "see Distributions" : (c?.note ?? "none")}</span>
        )}
      </td>
      <td role="cell" className={`bar-cell ${armTone(against)}`}>
        {c && <IntervalBar comparison={c} reach={reachOf(m.against_a ?? [])} />}
      </td>
      <td role="cell" className="number p-cell" data-label="p, valid at every look">
        <Evidence metric={m} evidence={e} />
      </td>
    </>
  );
}

/** A field that is unknown more often in one arm, which may be all that the difference is. */
export const uneven = (g: UnknownGap): string => `unknown ${g.value !== undefined && g.value < 0 ? "less" : "more"} often in ${g.arm} than in ${g.against}${g.value === undefined ? "" : ` (${percent(Math.abs(g.value))} of analysed calls)`}`;

/** What speaks against equality, valid at every look. */
function Evidence({ metric: m, evidence: e }: { metric: Metric; evidence: Found | undefined }) {
  const p = e?.adjusted_p ?? e?.p ?? (m.kind === "category" ? m.any_difference_p : undefined);
  if (p === undefined) return <span className="hidden">none</span>;
  return (
    <>
      {pValue(p, p > 0 ? Math.log10(p) : e?.log10_p)}
      {!m.primary && <span className="sub">exploratory</span>}
      {e?.any_change_p !== undefined && <span className="sub">any change {pValue(e.any_change_p, e.any_change_p > 0 ? Math.log10(e.any_change_p) : undefined)}</span>}
    </>
  );
}

/** The classical figures, out of the way: they hold for one look. */
function OneLook({ rows, against, first }: { rows: Metric[]; against: string; first: string }) {
  const shown = rows.flatMap((m) => {
    const c = m.against_a?.find((x) => x.arm === against);
    return c?.p === undefined ? [] : [{ m, c }];
  });
  if (shown.length === 0) return null;
  return (
    <details>
      <summary>Only if you look once: classical figures</summary>
      <p className="sub">For reference and for comparison with other software. Looking again and again and stopping at a small p finds winners between equal versions. The chance to be better is a description, not a reason to stop.</p>
      <div className="scroll" role="region" aria-label="Classical figures" tabIndex={0}>
        <table className="plain">
          <thead>
            <tr>
              <th scope="col">Metric</th>
              <th scope="col" className="number">
                {against} minus {first}
              </th>
              <th scope="col" className="number">Interval</th>
              <th scope="col" className="number">p</th>
              <th scope="col" className="number">Relative</th>
              <th scope="col" className="number">Chance that {against} is higher</th>
            </tr>
          </thead>
          <tbody>
            {shown.map(({ m, c }) => {
              const d = c.value === undefined ? undefined : difference({ value: c.value, interval: c.interval }, m);
              return (
                <tr key={m.name}>
                  <th scope="row">{m.label}</th>
                  <td className="number">{d?.value}</td>
                  <td className="number">{d?.range}</td>
                  <td className="number">{pValue(c.p ?? 1, c.log10_p)}</td>
                  <td className="number">{c.relative && `${c.relative.value > 0 ? "+" : ""}${percent(c.relative.value)}`}</td>
                  <td className="number">{c.belief && percent(c.belief.better)}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </details>
  );
}
