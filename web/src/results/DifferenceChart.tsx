import type { BandPoint, Evidence, Metric, Results } from "../api/types";
import { count, difference, moment } from "../format";
import { ArmBadge, armTone } from "../ui/ArmBadge";
import { useWidth } from "../ui/useWidth";

const height = 240;
const room = { top: 12, right: 16, bottom: 28, left: 64 };

/** How the difference in the primary metric went, with the band that holds at every look. */
export function DifferenceChart({ results: r }: { results: Results }) {
  const m = r.metrics.find((x) => x.primary);
  const found = (m?.against_a ?? []).flatMap((c) => (c.evidence?.track && c.evidence.track.length > 1 ? [c.evidence] : []));
  if (!m || found.length === 0) return null;
  return (
    <section className="panel" aria-labelledby="over-time">
      <h2 id="over-time">{m.label}: the difference over time</h2>
      <p className="sub">
        The shaded band is a 95% confidence sequence: it holds at all moments together. While it holds 0, the versions may be alike.
      </p>
      {found.map((e) => (
        <Band key={e.arm} metric={m} evidence={e} />
      ))}
    </section>
  );
}

function Band({ metric: m, evidence: e }: { metric: Metric; evidence: Evidence }) {
  const [ref, width] = useWidth<HTMLDivElement>(640);
  const track = e.track ?? [];
  const last = track.at(-1);
  const calls = track.map((p) => p.n);
  const from = Math.min(...calls);
  const to = Math.max(...calls);
  const reach = reachOf(track);
  const x = (n: number) => room.left + ((n - from) / Math.max(1, to - from)) * (width - room.left - room.right);
  const y = (v: number) => room.top + ((reach - Math.max(-reach, Math.min(reach, v))) / (2 * reach)) * (height - room.top - room.bottom);
  const text = (p: BandPoint) => difference({ value: p.value, interval: p }, m);
  const now = last && text(last);
  return (
    <div ref={ref} className={`chart ${armTone(e.arm)}`}>
      <p className="sub">
        <ArmBadge arm={e.arm} /> minus <ArmBadge arm={e.against} />: now {now?.value}, {now?.range}
      </p>
      <svg width={width} height={height} role="img" aria-label={`Difference of ${e.arm} and ${e.against} by number of calls, with its 95% band. After ${count(to)} calls ${now?.value ?? ""}, ${now?.range ?? ""}.`}>
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
        <path className="band" d={area(track, x, y)} />
        <path className="curve" d={track.map((p, i) => `${i === 0 ? "M" : "L"}${x(p.n).toFixed(1)} ${y(p.value).toFixed(1)}`).join("")} />
      </svg>
      <p className="sub chart-unit">calls with a known {m.label.toLowerCase()}</p>
      <details>
        <summary>As a table</summary>
        <div className="scroll" role="region" aria-label={`Difference of ${e.arm} and ${e.against} over time`} tabIndex={0}>
          <table className="plain">
            <thead>
              <tr>
                <th scope="col">Up to</th>
                <th scope="col" className="number">Calls</th>
                <th scope="col" className="number">Difference</th>
                <th scope="col" className="number">Band</th>
              </tr>
            </thead>
            <tbody>
              {thinned(track).map((p) => (
                <tr key={p.n}>
                  <th scope="row">{moment(p.at)}</th>
                  <td className="number">{count(p.n)}</td>
                  <td className="number">{text(p).value}</td>
                  <td className="number">{text(p).range}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </div>
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

const rows = 24;

function thinned(track: BandPoint[]): BandPoint[] {
  const stride = Math.max(1, Math.ceil(track.length / rows));
  return track.filter((_, i) => (track.length - 1 - i) % stride === 0);
}
