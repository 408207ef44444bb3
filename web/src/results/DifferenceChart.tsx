import { memo } from "react";
import type { BandPoint, Evidence, Metric } from "../api/types";
import { count, difference, moment } from "../format";
import { armTone } from "../ui/ArmBadge";
import { Figure } from "../ui/Figure";

const height = 220;
const room = { top: 12, right: 30, bottom: 28, left: 64 };

/** How the difference in the primary metric went, with the band that holds at every look. */
export const DifferenceChart = memo(function DifferenceChart({ metrics, against }: { metrics: Metric[]; against: string }) {
  const m = metrics.find((x) => x.primary);
  const e = m?.against_a?.find((c) => c.arm === against)?.evidence;
  const track = e?.track;
  if (!m || !e || !track || track.length < 2) return null;
  return (
    <section className="panel">
      <Band metric={m} evidence={e} track={track} />
    </section>
  );
});

function Band({ metric: m, evidence: e, track }: { metric: Metric; evidence: Evidence; track: BandPoint[] }) {
  const last = track.at(-1);
  const calls = track.map((p) => p.n);
  const from = Math.min(...calls);
  const to = Math.max(...calls);
  const reach = reachOf(track);
  const y = (v: number) => room.top + ((reach - Math.max(-reach, Math.min(reach, v))) / (2 * reach)) * (height - room.top - room.bottom);
  const text = (p: BandPoint) => difference({ value: p.value, interval: p }, m);
  const now = last && text(last);
  // What decides, where that is a bet and not the band itself.
  const bet = e.method === "betting" && !e.none_fits ? e.interval : undefined;
  return (
    <Figure
      title={`${m.label}: the difference over time`}
      height={height}
      keys={[{ arm: e.arm, text: `${e.arm} minus ${e.against}: now ${now?.value ?? ""}, ${now?.range ?? ""}` }]}
      description={`Difference of ${e.arm} and ${e.against} by number of calls, with its 95% band. After ${count(to)} calls ${now?.value ?? ""}, ${now?.range ?? ""}.${bet ? ` The interval that decides is ${difference({ value: e.value ?? 0, interval: bet }, m).range ?? ""}.` : ""}`}
      lead={
        <p className="sub">
          The band is a 95% confidence sequence: it holds at all moments together.
          {bet ? " It is the check, by large numbers; the bar at its end is what decides, by a bet that is exact: while that holds 0, the versions may be alike." : " While it holds 0, the versions may be alike."}
        </p>
      }
      foot={`calls with a known ${m.label.toLowerCase()}`}
      table={() => ({
        head: ["Up to", "Calls", "Difference", "Band from", "Band to"],
        rows: track.map((p) => [
          { text: moment(p.at), value: p.at },
          p.n,
          { text: text(p).value, value: p.value },
          { text: difference({ value: p.low }, m).value, value: p.low },
          { text: difference({ value: p.high }, m).value, value: p.high },
        ]),
      })}
    >
      {(width) => {
        const x = (n: number) => room.left + ((n - from) / Math.max(1, to - from)) * (width - room.left - room.right);
        return (
          <>
            <g className="axes">
              {[reach, reach / 2, 0, -reach / 2, -reach].map((v) => (
                <g key={v}>
                  <line x1={room.left} x2={width - room.right} y1={y(v)} y2={y(v)} className={v === 0 ? "zero" : undefined} />
                  <text x={room.left - 8} y={y(v) + 4} textAnchor="end">
                    {difference({ value: v }, m).value}
                  </text>
                </g>
              ))}
              {marks(from, to, width < 480 ? 3 : 6).map((n) => (
                <text key={n} x={x(n)} y={height - 8} textAnchor="middle">
                  {count(n)}
                </text>
              ))}
            </g>
            <g className={armTone(e.arm)}>
              <path className="band" d={area(track, x, y)} />
              {bet && <path className="decides" d={`M${x(to) + 9} ${y(bet.high).toFixed(1)}h8m-4 0V${y(bet.low).toFixed(1)}m-4 0h8`} />}
              <path className="curve" d={track.map((p, i) => `${i === 0 ? "M" : "L"}${x(p.n).toFixed(1)} ${y(p.value).toFixed(1)}`).join("")} />
            </g>
          </>
        );
      }}
    </Figure>
  );
}

/** The scale: wide enough for the later half of the band, so that its first, wildest moments do not flatten the rest. */
export function reachOf(track: BandPoint[]): number {
  const later = track.slice(Math.floor(track.length / 3));
  return Math.max(1e-9, ...later.flatMap((p) => [Math.abs(p.low), Math.abs(p.high)])) * 1.1;
}

function area(track: BandPoint[], x: (n: number) => number, y: (v: number) => number): string {
  const there = track.map((p) => `${x(p.n).toFixed(1)} ${y(p.high).toFixed(1)}`);
  const back = track.map((p) => `${x(p.n).toFixed(1)} ${y(p.low).toFixed(1)}`).reverse();
  return `M${[...there, ...back].join("L")}Z`;
}

/** Round numbers of calls from the first to the last. */
export function marks(from: number, to: number, most: number): number[] {
  const raw = (to - from) / most;
  const unit = 10 ** Math.floor(Math.log10(Math.max(1, raw)));
  const step = [1, 2, 5, 10].map((k) => k * unit).find((s) => s >= raw) ?? unit;
  const out = [];
  for (let n = Math.ceil(from / step) * step; n <= to; n += step) out.push(n);
  return out;
}
