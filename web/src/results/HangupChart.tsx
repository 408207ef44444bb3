import { memo, useState } from "react";
import type { HangupTiming } from "../api/types";
import { clock, count, percent } from "../format";
import { armTone } from "../ui/ArmBadge";
import { Figure } from "../ui/Figure";
import type { Table } from "../ui/table";
import { apart, curve, fewAtRisk, floor, shownUntil, shareMarks, stayingAt, thinFrom, timeMarks, type Point } from "./staying";

const height = 240;
const room = { top: 12, right: 60, bottom: 26, left: 42 };

/** When callers leave: the share of callers still on the line, second by second. */
export const HangupChart = memo(function HangupChart({ timings }: { timings: HangupTiming[] }) {
  const [at, setAt] = useState<number>();
  const shown = timings.filter((t) => t.steps.length > 0);
  if (shown.length === 0) return null;
  const thin = shown.some((t) => thinFrom(t.steps) < Infinity);
  const until = shownUntil(shown);
  const lines = shown.map((t) => ({ arm: t.arm, points: curve(t.steps), thin: thinFrom(t.steps) }));
  const low = floor(lines.map((l) => l.points), until);
  const y = (share: number) => room.top + ((1 - share) / (1 - low)) * (height - room.top - room.bottom);
  const along = (width: number) => (t: number) => room.left + (t / until) * (width - room.left - room.right);
  const follow = (px: number | undefined, width: number) => {
    const t = px === undefined ? -1 : ((px - room.left) / (width - room.left - room.right)) * until;
    setAt(t >= 0 && t <= until ? t : undefined);
  };
  const keys = shown.map((t) => ({ arm: t.arm, text: `${t.arm} ${count(t.hangups)} of ${count(t.calls)} callers hung up` }));
  return (
    <section className="panel">
      <Figure
        title="When callers hang up"
        height={height}
        keys={keys}
        description={`Share of callers still on the line by second. ${keys.map((k) => k.text).join("; ")}.`}
        lead={
          <p className="sub">
            Share of callers still on the line, if only callers ended calls.
            {thin && ` Dotted where fewer than ${fewAtRisk} calls are left.`}
          </p>
        }
        table={() => staying(lines, until)}
        onPoint={follow}
      >
        {(width) => {
          const x = along(width);
          return (
            <>
              <Axes x={x} y={y} until={until} low={low} width={width} />
              {lines.map((l) => (
                <g key={l.arm} className={armTone(l.arm)}>
                  <path className="curve" d={path(l.points, Math.min(until, l.thin), x, y, 0)} />
                  {l.thin < until && <path className="curve curve-thin" d={path(l.points, until, x, y, l.thin)} />}
                </g>
              ))}
              {at === undefined ? <Ends lines={lines} until={until} x={x} y={y} /> : <Cross lines={lines} at={at} x={x} y={y} />}
            </>
          );
        }}
      </Figure>
    </section>
  );
});

type Scale = (v: number) => number;

/** The part of a curve between two times. */
function path(points: Point[], to: number, x: Scale, y: Scale, from: number): string {
  const cut: Point[] = [];
  const start = stayingAt(points, from);
  if (start !== undefined) cut.push({ t: from, share: start });
  cut.push(...points.filter((p) => p.t > from && p.t < to));
  const last = points.at(-1);
  const end = last && last.t < to ? undefined : stayingAt(points, to);
  if (end !== undefined) cut.push({ t: to, share: end });
  return cut.map((p, i) => `${i === 0 ? "M" : "L"}${x(p.t).toFixed(1)} ${y(p.share).toFixed(1)}`).join("");
}

function Axes({ x, y, until, low, width }: { x: Scale; y: Scale; until: number; low: number; width: number }) {
  const shares = shareMarks(low);
  return (
    <g className="axes">
      {shares.map((s) => (
        <g key={s}>
          <line x1={room.left} x2={width - room.right} y1={y(s)} y2={y(s)} />
          <text x={room.left - 8} y={y(s) + 4} textAnchor="end">
            {Math.round(s * 100)}%
          </text>
        </g>
      ))}
      {timeMarks(until, width < 420 ? 4 : 7).map((t) => (
        <text key={t} x={x(t)} y={height - 6} textAnchor="middle">
          {t >= 60 || until >= 120 ? clock(t) : `${t} s`}
        </text>
      ))}
    </g>
  );
}

interface Line {
  arm: string;
  points: Point[];
}

/** Names each curve at its end; where ends meet, the names step aside. */
function Ends({ lines, until, x, y }: { lines: Line[]; until: number; x: Scale; y: Scale }) {
  const ends = lines
    .map((l) => {
      const last = l.points.at(-1);
      const t = Math.min(until, last?.t ?? 0);
      return { arm: l.arm, t, share: stayingAt(l.points, t) ?? last?.share ?? 1 };
    })
    .sort((a, b) => b.share - a.share);
  const heights = apart(ends.map((e) => y(e.share) + 4), 16);
  return (
    <>
      {ends.map((e, i) => (
        <text key={e.arm} className={`end-label ${armTone(e.arm)}`} x={x(e.t) + 6} y={heights[i]}>
          {e.arm} {percent(e.share)}
        </text>
      ))}
    </>
  );
}

/** The shares at the time under the pointer. */
function Cross({ lines, at, x, y }: { lines: Line[]; at: number; x: Scale; y: Scale }) {
  const here = lines.flatMap((l) => {
    const share = stayingAt(l.points, at);
    return share === undefined ? [] : [{ arm: l.arm, share }];
  });
  const flip = x(at) > x(0) + 220;
  return (
    <g className="cross">
      <line x1={x(at)} x2={x(at)} y1={room.top} y2={height - room.bottom} />
      {here.map((h) => (
        <circle key={h.arm} className={armTone(h.arm)} cx={x(at)} cy={y(h.share)} r={4} />
      ))}
      <text x={x(at) + (flip ? -8 : 8)} y={height - room.bottom - 8} textAnchor={flip ? "end" : "start"}>
        {`${clock(at)}  ${here.map((h) => `${h.arm} ${percent(h.share)}`).join("  ")}`}
      </text>
    </g>
  );
}

function staying(lines: Line[], until: number): Table {
  return {
    head: ["After", ...lines.map((l) => l.arm)],
    rows: timeMarks(until, 24).map((t) => [
      { text: clock(t), value: t },
      ...lines.map((l) => {
        const share = stayingAt(l.points, t);
        return { text: share === undefined ? "no calls" : percent(share), value: share ?? null };
      }),
    ]),
  };
}
