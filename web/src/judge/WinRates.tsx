import type { Judgements, Preferred } from "../api/types";
import { count, percent, words } from "../format";
import { armTone } from "../ui/ArmBadge";
import { Figure } from "../ui/Figure";

/** A criterion's name. */
export const criteria = (name: string): string => {
  const text = words(name);
  return text.charAt(0).toUpperCase() + text.slice(1);
};

const row = 54;

/** How many pairs each arm won, by criterion. */
export function WinRates({ judgements: { arms, judge } }: { judgements: Judgements }) {
  const shown = judge.filter((p) => p.wins[0] + p.wins[1] + p.ties > 0);
  if (shown.length === 0) return null;
  return (
    <Figure
      title="Pairs won"
      level={3}
      height={shown.length * row}
      keys={arms.map((a) => ({ arm: a, text: `${a} won` }))}
      description={shown.map((p) => `${criteria(p.criterion)}: ${arms[0]} ${p.wins[0]}, ties ${p.ties}, ${arms[1]} ${p.wins[1]}; ${says(p, arms[1])}`).join(". ")}
      lead={<p className="sub">The part between is ties. Intervals hold at every look, however many pairs are added.</p>}
      table={() => ({
        head: ["Criterion", `${arms[0]} won`, "Ties", `${arms[1]} won`, `${arms[1]} of decided`, "From", "To"],
        rows: shown.map((p) => [criteria(p.criterion), p.wins[0], p.ties, p.wins[1], ...[p.share, p.interval_always?.low, p.interval_always?.high].map((x) => ({ text: x === undefined ? "" : percent(x), value: x ?? null }))]),
      })}
    >
      {(width) =>
        shown.map((p, i) => {
          const all = p.wins[0] + p.wins[1] + p.ties;
          const [a, b] = [(p.wins[0] / all) * width, (p.wins[1] / all) * width];
          return (
            <g key={p.criterion} transform={`translate(0 ${i * row})`}>
              <text className="bar-name" x={0} y={13}>
                {criteria(p.criterion)}
              </text>
              <text className="bar-share" x={width} y={13} textAnchor="end">
                {width < 440 && p.share !== undefined ? `${arms[1]} ${percent(p.share)}` : says(p, arms[1])}
              </text>
              <rect className="tie" x={0} y={20} width={width} height={18} rx={3} />
              <rect className={`won ${armTone(arms[0])}`} x={0} y={20} width={a} height={18} rx={3} />
              <rect className={`won ${armTone(arms[1])}`} x={width - b} y={20} width={b} height={18} rx={3} />
              {a > 24 && <text className="won-text" x={6} y={33}>{count(p.wins[0])}</text>}
              {b > 24 && <text className="won-text" x={width - 6} y={33} textAnchor="end">{count(p.wins[1])}</text>}
              {p.ties > 0 && width - a - b > 24 && <text className="tie-text" x={a + (width - a - b) / 2} y={33} textAnchor="middle">{count(p.ties)}</text>}
            </g>
          );
        })
      }
    </Figure>
  );
}

/** The second arm's share of decided pairs, with its interval. */
function says(p: Preferred, arm: string): string {
  if (p.share === undefined) return "only ties";
  const range = p.interval_always ? ` (${percent(p.interval_always.low)} to ${percent(p.interval_always.high)})` : "";
  return `${arm} ${percent(p.share)} of decided${range}${p.prefers ? `: prefers ${p.prefers}` : ""}`;
}
