import { Link } from "@tanstack/react-router";
import type { Group, GroupMetric } from "../api/types";
import { count, difference, percent, pValue, value, words } from "../format";
import type { SampleSearch } from "../sample/search";
import { ArmBadge, armTone } from "../ui/ArmBadge";

interface Props {
  testID: string;
  groups: Group[];
  metric: string;
  against: string;
  label: string;
}

/** One metric by group, arm by arm. */
export function GroupTable({ testID, groups, metric, against, label }: Props) {
  const arms = groups[0]?.share.arms.map((a) => a.arm) ?? [];
  const name = groups[0]?.metrics.find((m) => m.name === metric)?.label ?? words(metric);
  // Shares to one scale, so that they compare from group to group.
  const most = Math.max(0.001, ...groups.flatMap((g) => g.share.arms.map((a) => a.value ?? 0)));
  return (
    <div className="scroll" role="group" aria-label={label} tabIndex={0}>
      <table className="plain cards groups" role="table">
        <thead role="rowgroup">
          <tr role="row">
            <th role="columnheader" scope="col">{label}</th>
            <th role="columnheader" scope="col" className="number">Calls</th>
            <th role="columnheader" scope="col">Share of calls</th>
            {arms.map((a) => (
              <th key={a} role="columnheader" scope="col" className="number">
                <ArmBadge arm={a} /> {name}
              </th>
            ))}
            <th role="columnheader" scope="col" className="number">
              {against} minus {arms[0]}
            </th>
            <th role="columnheader" scope="col" className="number">p, adjusted</th>
            <th role="columnheader" scope="col">
              <span className="hidden">Read</span>
            </th>
          </tr>
        </thead>
        <tbody role="rowgroup">
          {groups.map((g) => (
            <Row key={g.key} testID={testID} group={g} name={name} metric={g.metrics.find((m) => m.name === metric)} against={against} most={most} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface RowProps {
  testID: string;
  group: Group;
  metric: GroupMetric | undefined;
  /** The metric's, in words. */
  name: string;
  against: string;
  most: number;
}

function Row({ testID, group: g, metric: m, name, against, most }: RowProps) {
  const d = m?.against.find((x) => x.arm === against);
  const text = m && d?.value !== undefined ? difference({ value: d.value, interval: d.interval }, shape(m)) : undefined;
  const p = d?.adjusted ?? d?.p;
  const named = new Set(g.name.split(", "));
  const more = (g.terms ?? []).filter((t) => !named.has(t));
  const search: SampleSearch & { group: string } = { group: g.key };
  return (
    <tr role="row">
      <th role="rowheader" scope="row">
        <strong>{g.name}</strong>
        {g.description && <span className="sub">{g.description}</span>}
        {more.length > 0 && <span className="sub">also: {more.slice(0, 4).join(", ")}</span>}
        {(g.typical?.some((t) => t.said) ?? false) && (
          <details>
            <summary>Typical calls</summary>
            <ul className="quotes">
              {g.typical?.map((t) => t.said && <li key={t.call_id}>“{t.said}”</li>)}
            </ul>
          </details>
        )}
      </th>
      <td role="cell" data-label="Calls" className="number">{count(g.calls)}</td>
      <td role="cell" data-label="Share of calls">
        <span className="minis">
          {g.share.arms.map((a) => (
            <span key={a.arm} className={`mini ${armTone(a.arm)}`}>
              <span className="mini-track">
                <span style={{ width: `${(100 * (a.value ?? 0)) / most}%` }} />
              </span>
              {a.arm} {a.value === undefined ? "none" : percent(a.value)}
            </span>
          ))}
        </span>
      </td>
      {g.share.arms.map((s) => {
        const v = m?.arms.find((x) => x.arm === s.arm);
        return (
          <td key={s.arm} role="cell" data-label={`${s.arm} ${name}`} className="number">
            {m && v?.value !== undefined ? value(v.value, shape(m)) : <span className="none">none yet</span>}
            <span className="sub">
              n {count(v?.n ?? 0)}
              {(v?.unknown ?? 0) > 0 && `, ${count(v?.unknown ?? 0)} unknown`}
            </span>
          </td>
        );
      })}
      <td role="cell" data-label={`${against} minus ${g.share.arms[0]?.arm ?? ""}`} className="number">
        {text ? (
          <>
            {text.value}
            <span className="sub">{text.range}</span>
          </>
        ) : (
          <span className="none">{d?.note ?? "none yet"}</span>
        )}
      </td>
      <td role="cell" data-label="p, adjusted" className="number">{p === undefined ? "" : pValue(p)}</td>
      <td role="cell">
        <Link to="/tests/$test/sample" params={{ test: testID }} search={search} className="button small" aria-label={`Read calls of ${g.name}`}>
          Read calls
        </Link>
      </td>
    </tr>
  );
}

/** A group's metric in the form that numbers are written by. */
const shape = (m: GroupMetric) => ({ kind: m.kind, ...(m.unit !== undefined && { unit: m.unit }), arms: m.arms.map((a) => ({ arm: a.arm, n: a.n, unknown: a.unknown, ...(a.value !== undefined && { value: a.value }) })) });
