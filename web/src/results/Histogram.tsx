import { scaleLinear } from "d3-scale";
import { memo } from "react";
import type { Metric, Summary } from "../api/types";
import { between, clock, count, percent, quantile, value } from "../format";
import { ArmBadge, armTone } from "../ui/ArmBadge";
import { Figure } from "../ui/Figure";
import { Bars } from "./Bars";
import { barsOf, outline, tailFrom, wholeValues } from "./bins";

const height = 210;
const room = { top: 10, right: 12, bottom: 26, left: 44 };

interface Props {
  metric: Metric;
  title?: string;
  level?: 2 | 3;
}

/** How a number is spread in each arm. */
export const Histogram = memo(function Histogram({ metric: m, title, level = 3 }: Props) {
  const arms = m.arms.filter((s) => (s.histogram?.length ?? 0) > 0);
  if (arms.length === 0) return null;
  const name = title ?? m.label;
  const whole = wholeValues(m);
  const keys = m.arms.map((s) => ({ arm: s.arm, text: `${s.arm} ${middle(s, m)}` }));
  if (whole) {
    const rows = whole.map((v) => ({ name: v.name, cells: m.arms.map((s) => cell(s, v.from)) }));
    return <Bars title={name} arms={m.arms.map((s) => s.arm)} rows={rows} keys={keys} level={level} lead={<Base metric={m} />} />;
  }
  const only = arms[0]?.histogram?.length === 1 ? arms[0].histogram[0] : undefined;
  if (only) return <Alike title={name} level={level} metric={m} from={only.from} to={only.to} />;
  const bars = arms.map((s) => ({ arm: s.arm, bars: barsOf(s.histogram ?? []) }));
  const all = bars.flatMap((b) => b.bars);
  const x0 = Math.min(...all.map((b) => b.from));
  const x1 = Math.max(...all.map((b) => b.to));
  const y = scaleLinear([0, Math.max(...all.map((b) => b.share), 0.01)], [height - room.bottom, room.top]).nice(4);
  const tail = tailFrom(arms[0]?.histogram ?? []);
  const unit = m.unit === "s" ? (v: number) => (x1 >= 120 ? clock(v) : `${v} s`) : (v: number) => `${Number(v.toFixed(6))}${m.unit ? ` ${m.unit}` : ""}`;
  return (
    <Figure
      title={name}
      level={level}
      height={height}
      keys={keys}
      description={`Share of each arm's values by size. ${keys.map((k) => k.text).join("; ")}.`}
      lead={<Base metric={m} />}
      foot={tail === undefined ? undefined : `the last step takes all from ${unit(tail)} on`}
      table={() => ({
        head: ["From", "To", ...arms.map((s) => `${s.arm} (values)`)],
        rows: (arms[0]?.histogram ?? []).map((b, i) => [b.from, b.to, ...arms.map((s) => s.histogram?.[i]?.n ?? 0)]),
      })}
    >
      {(width) => {
        const x = scaleLinear([x0, x1], [room.left, width - room.right]);
        const floor = y(0).toFixed(1);
        return (
          <>
            <g className="axes">
              {y.ticks(4).map((s) => (
                <g key={s}>
                  <line x1={room.left} x2={width - room.right} y1={y(s)} y2={y(s)} />
                  <text x={room.left - 8} y={y(s) + 4} textAnchor="end">
                    {percent(s).replace(".0", "")}
                  </text>
                </g>
              ))}
              {x.ticks(Math.max(3, Math.floor(width / 90))).map((v) => (
                <text key={v} x={x(v)} y={height - 8} textAnchor={x(v) > width - 40 ? "end" : "middle"}>
                  {unit(v)}
                </text>
              ))}
            </g>
            {bars.map((b) => {
              const line = outline(b.bars).map((p) => `${x(p.at).toFixed(1)} ${y(p.share).toFixed(1)}`);
              const [first, last] = [b.bars[0], b.bars.at(-1)];
              return (
                <g key={b.arm} className={armTone(b.arm)}>
                  <path className="spread" d={`M${x(first?.from ?? x0).toFixed(1)} ${floor}L${line.join("L")}L${x(last?.to ?? x1).toFixed(1)} ${floor}Z`} />
                  <path className="curve" d={`M${line.join("L")}`} />
                </g>
              );
            })}
            {bars.map((b) => {
              const mean = m.arms.find((s) => s.arm === b.arm)?.value;
              return mean === undefined ? null : <path key={b.arm} className={`mean ${armTone(b.arm)}`} d={`M${x(Math.min(x1, Math.max(x0, mean))).toFixed(1)} ${(height - room.bottom).toFixed(1)}l-5 7h10Z`} />;
            })}
          </>
        );
      }}
    </Figure>
  );
});

/** Values too much alike to have a shape. */
function Alike({ title, level, metric: m, from, to }: { title: string; level: 2 | 3; metric: Metric; from: number; to: number }) {
  const Heading = level === 2 ? "h2" : "h3";
  return (
    <div className="chart-figure">
      <Heading>{title}</Heading>
      <Base metric={m} />
      <p className="sub">
        Nearly all values are alike, between {from} and {to}.
      </p>
      <ul className="chart-keys">
        {m.arms.map((s) => (
          <li key={s.arm}>
            <ArmBadge arm={s.arm} /> {middle(s, m)}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** An arm's average and what it rests on. */
function middle(s: Summary, m: Metric): string {
  if (s.value === undefined) return "none yet";
  const more = s.median === undefined ? "" : `, median ${quantile(s.median)}`;
  return `average ${value(s.value, m)}${s.interval ? ` (${between(s.interval, m)})` : ""}${more}, n ${count(s.n)}`;
}

function cell(s: Summary, v: number) {
  const n = s.histogram?.find((b) => b.from === v)?.n ?? 0;
  return { n, of: s.n, share: s.n > 0 ? n / s.n : undefined };
}

/** What the values are of, and of how many calls nothing is known. */
export function Base({ metric: m }: { metric: Metric }) {
  const unknown = m.arms.filter((s) => s.unknown > 0).map((s) => `${s.arm} ${count(s.unknown)}`);
  return (
    <p className="sub">
      {m.base}
      {unknown.length > 0 && `; not known of, or not applying to, more ended calls: ${unknown.join(", ")}`}
    </p>
  );
}
