import { scaleLinear, scaleTime } from "d3-scale";
import { memo, useState } from "react";
import type { ArmHeader, EvidenceHeader, Phase } from "../api/types";
import { count, moment, weight } from "../format";
import { armTone } from "../ui/ArmBadge";
import { Figure } from "../ui/Figure";
import { keysOf } from "./keys";
import { columnAt, columns, highest, lengthOf, timeMark, type Column } from "./traffic";

const height = 220;
const fewest = 12; // columns across the chart
const room = { top: 26, right: 12, bottom: 26, left: 44 };

interface Props {
  evidence: EvidenceHeader;
  arms: ArmHeader[];
  phases: Phase[];
}

/** How many calls each arm got when. */
export const TrafficChart = memo(function TrafficChart({ evidence: e, arms, phases }: Props) {
  const [at, setAt] = useState<number>();
  const t = e.traffic;
  if (!t || t.stretches.length === 0) return null;
  const all = columns(t);
  const from = all[0]?.from ?? 0;
  // A test that has just begun fills the chart from the left.
  const to = Math.max(all.at(-1)?.to ?? 0, from + fewest * t.seconds * 1000);
  const x = (width: number) => scaleTime([from, to], [room.left, width - room.right]);
  const most = scaleLinear([0, highest(all)], [height - room.bottom, room.top]).nice(4);
  const totals = arms.map((a, i) => `${a.key} ${count(all.reduce((n, c) => n + (c.calls[i] ?? 0), 0))}`);
  const length = lengthOf(t.seconds);
  const shown = at === undefined ? undefined : columnAt(all, at);
  return (
    <section className="panel">
      <Figure
        title="Calls over time"
        keys={keysOf(arms)}
        height={height}
        description={`Covered calls by the time they came, in columns of ${length}, one part for each arm. In all ${totals.join(", ")}.`}
        lead={<p className="sub">Calls that the verdict covers, in columns of {length === "minute" || length === "hour" || length === "day" ? `one ${length}` : length}.{e.waiting > 0 && ` ${count(e.waiting)} more wait for the outcome of an earlier one.`}</p>}
        table={() => ({
          head: ["From", ...arms.map((a) => a.key)],
          rows: all.map((c) => [{ text: moment(new Date(c.from).toISOString()), value: new Date(c.from).toISOString() }, ...c.calls]),
        })}
        onPoint={(px, width) => setAt(px === undefined ? undefined : x(width).invert(px).getTime())}
      >
        {(width) => {
          const along = x(width);
          return (
            <>
              <g className="axes">
                {most.ticks(4).filter(Number.isInteger).map((n) => (
                  <g key={n}>
                    <line x1={room.left} x2={width - room.right} y1={most(n)} y2={most(n)} />
                    <text x={room.left - 8} y={most(n) + 4} textAnchor="end">
                      {count(n)}
                    </text>
                  </g>
                ))}
                {along.ticks(Math.max(2, Math.floor(width / 110))).filter((d) => d.getTime() % 60_000 === 0).filter((d) => along(d) < width - room.right - 14).map((d) => (
                  <text key={d.getTime()} x={along(d)} y={height - 8} textAnchor="middle">
                    {timeMark(d)}
                  </text>
                ))}
              </g>
              {arms.map((a, i) => (
                <path key={a.key} className={`column ${armTone(a.key)}`} d={bars(all, i, along, most)} />
              ))}
              <Splits phases={phases} x={along} from={from} to={to} />
              {shown && <Reading column={shown} arms={arms} x={along} width={width} />}
            </>
          );
        }}
      </Figure>
    </section>
  );
});

type Along = (at: number) => number;

/** One arm's part of each column, on top of the arms before it. */
function bars(all: Column[], arm: number, x: Along, y: (n: number) => number): string {
  return all
    .filter((c) => (c.calls[arm] ?? 0) > 0)
    .map((c) => {
      const below = c.calls.slice(0, arm).reduce((a, b) => a + b, 0);
      const gap = x(c.to) - x(c.from) > 5 ? 1 : 0;
      const wide = Math.max(0.6, x(c.to) - x(c.from) - gap);
      const top = y(below + (c.calls[arm] ?? 0));
      return `M${x(c.from).toFixed(1)} ${y(below).toFixed(1)}V${top.toFixed(1)}h${wide.toFixed(1)}V${y(below).toFixed(1)}Z`;
    })
    .join("");
}

/** Where the split was changed. */
function Splits({ phases, x, from, to }: { phases: Phase[]; x: Along; from: number; to: number }) {
  const shown = phases.slice(1).filter((p) => Date.parse(p.started_at) >= from && Date.parse(p.started_at) < to);
  return (
    <g className="marks">
      {shown.map((p, i) => {
        const at = x(Date.parse(p.started_at));
        const next = shown[i + 1];
        const free = (next ? x(Date.parse(next.started_at)) : x(to)) - at > 70;
        return (
          <g key={p.number}>
            <line x1={at} x2={at} y1={room.top - 8} y2={height - room.bottom} />
            {free && (
              <text x={at + 4} y={room.top - 10}>
                {p.weights.map((w) => weight(w).replace("%", "")).join("/")}
              </text>
            )}
          </g>
        );
      })}
    </g>
  );
}

function Reading({ column: c, arms, x, width }: { column: Column; arms: ArmHeader[]; x: Along; width: number }) {
  const at = (x(c.from) + x(c.to)) / 2;
  const flip = at > width / 2;
  return (
    <g className="cross">
      <line x1={at} x2={at} y1={room.top} y2={height - room.bottom} />
      <text x={at + (flip ? -6 : 6)} y={room.top + 10} textAnchor={flip ? "end" : "start"}>
        {`${moment(new Date(c.from).toISOString())}  ${arms.map((a, i) => `${a.key} ${count(c.calls[i] ?? 0)}`).join("  ")}`}
      </text>
    </g>
  );
}
