import type { ReactNode } from "react";
import type { Span } from "../api/types";
import { count, percent } from "../format";
import { armTone } from "../ui/ArmBadge";
import type { Key } from "../ui/drawing";
import { Figure } from "../ui/Figure";

export interface BarCell {
  n: number;
  of: number;
  /** Absent while it rests on nothing. */
  share: number | undefined;
  interval?: Span | undefined;
}

export interface BarRow {
  name: string;
  cells: BarCell[];
}

interface Props {
  title: string;
  arms: string[];
  rows: BarRow[];
  keys: Key[];
  lead?: ReactNode;
  level?: 2 | 3;
}

const bar = 13;
const between = 2;
const after = 12;
const scales = [0.02, 0.04, 0.1, 0.2, 0.4, 0.6, 0.8, 1];

/** Shares as bars: a row for each value, in it a bar for each arm. */
export function Bars({ title, arms, rows, keys, lead, level = 3 }: Props) {
  const band = arms.length * (bar + between) + after;
  const floor = rows.length * band;
  const height = floor + 18;
  const most = scales.find((s) => s >= Math.max(...rows.flatMap((r) => r.cells.flatMap((c) => [c.share ?? 0, c.interval?.high ?? 0])))) ?? 1;
  return (
    <Figure
      title={title}
      level={level}
      keys={keys}
      lead={lead}
      height={height}
      description={`Shares by value. ${rows.slice(0, 8).map((r) => `${r.name}: ${r.cells.map((c, i) => `${arms[i]} ${c.share === undefined ? "none yet" : percent(c.share)}`).join(", ")}`).join("; ")}.`}
      table={() => ({
        head: ["Value", ...arms.flatMap((a) => [`${a}: share`, `${a}: calls`])],
        rows: rows.map((r) => [r.name, ...r.cells.flatMap((c) => [{ text: c.share === undefined ? "none yet" : percent(c.share), value: c.share ?? null }, c.n])]),
      })}
    >
      {(width) => {
        const left = Math.min(Math.max(...rows.map((r) => r.name.length)) * 7.4 + 12, width * 0.34);
        const reach = width - left - 52;
        return (
          <>
            <g className="axes">
              {[0, 0.25, 0.5, 0.75, 1].map((part) => (
                <g key={part}>
                  <line x1={left + part * reach} x2={left + part * reach} y1={2} y2={floor} />
                  <text x={left + part * reach} y={floor + 14} textAnchor="middle">
                    {percent(part * most).replace(".0", "")}
                  </text>
                </g>
              ))}
            </g>
            {rows.map((r, i) => (
          <g key={r.name} transform={`translate(0 ${i * band + after / 2})`}>
            <text className="bar-name" x={0} y={(arms.length * (bar + between)) / 2 + 4}>
              <title>{r.name}</title>
              {fit(r.name, left)}
            </text>
            {r.cells.map((c, k) => {
              const y = k * (bar + between);
              const share = c.share ?? 0;
              const end = left + (Math.min(most, Math.max(share, c.interval?.high ?? 0)) / most) * reach;
              return (
                <g key={arms[k]} className={armTone(arms[k] ?? "A")}>
                  <title>{`${arms[k]}: ${count(c.n)} of ${count(c.of)}`}</title>
                  <rect className="bar" x={left} y={y} width={Math.max(c.n > 0 ? 1.5 : 0, (share / most) * reach)} height={bar} rx={2} />
                  {c.interval && <path className="whisker" d={`M${(left + (c.interval.low / most) * reach).toFixed(1)} ${y + bar / 2}H${(left + (c.interval.high / most) * reach).toFixed(1)}`} />}
                  <text className="bar-share" x={end + 6} y={y + bar - 2}>
                    {c.share === undefined ? "none yet" : percent(c.share)}
                  </text>
                </g>
              );
            })}
          </g>
            ))}
          </>
        );
      }}
    </Figure>
  );
}

/** A name cut to a width in pixels. */
function fit(name: string, width: number): string {
  const most = Math.floor((width - 12) / 7.2);
  return name.length <= most ? name : `${name.slice(0, Math.max(1, most - 1))}…`;
}
