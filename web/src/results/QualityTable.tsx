import type { Quality } from "../api/types";
import { count, percent, words } from "../format";
import { ArmBadge } from "../ui/ArmBadge";

/** A gap in known outcomes between arms that is worth a sentence: five points... */
const gap = 0.05;
/** ...and this many standard errors, past what chance does in a test's life. */
const beyondChance = 4;

/** Says when an arm's outcomes are missing more than another's. */
export function outcomesGap(quality: Quality[]): string | undefined {
  const known = quality.filter((q) => q.outcome_share !== undefined && q.ended > 0);
  const sorted = [...known].sort((a, b) => (a.outcome_share ?? 0) - (b.outcome_share ?? 0));
  const least = sorted[0];
  const most = sorted.at(-1);
  if (!least || !most) return undefined;
  const apart = (most.outcome_share ?? 0) - (least.outcome_share ?? 0);
  const all = (most.outcomes + least.outcomes) / (most.ended + least.ended);
  const error = Math.sqrt(all * (1 - all) * (1 / most.ended + 1 / least.ended));
  if (apart <= gap || apart <= beyondChance * error) return undefined;
  return `The outcome is known of ${percent(most.outcome_share ?? 0)} of ${most.arm}’s ended calls and of ${percent(least.outcome_share ?? 0)} of ${least.arm}’s. An arm can win or lose by that alone.`;
}

/** How complete each arm's data are. */
export function QualityTable({ quality }: { quality: Quality[] }) {
  const reasons = [...new Set(quality.flatMap((q) => Object.keys(q.not_randomised)))].sort();
  const warning = outcomesGap(quality);
  const rows: [string, (q: Quality) => string][] = [
    ["Calls randomised", (q) => count(q.randomised)],
    ["In progress", (q) => count(q.in_progress)],
    ["Ended", (q) => count(q.ended)],
    ["Lost: no end was reported", (q) => withShare(q.lost, q.lost_share)],
    ["Analysed", (q) => withShare(q.analyzed, q.analyzed_share)],
    ["Outcome known", (q) => withShare(q.outcomes, q.outcome_share)],
    ...reasons.map((reason): [string, (q: Quality) => string] => [`Counted apart: ${words(reason)}`, (q) => count(q.not_randomised[reason] ?? 0)]),
  ];
  return (
    <section className="panel" aria-labelledby="quality">
      <h2 id="quality">Data quality</h2>
      {warning && <p className="notice notice-warn">{warning}</p>}
      <table className="plain">
        <thead>
          <tr>
            <th scope="col">
              <span className="hidden">Measure</span>
            </th>
            {quality.map((q) => (
              <th scope="col" key={q.arm} className="number">
                <ArmBadge arm={q.arm} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([label, of]) => (
            <tr key={label}>
              <th scope="row">{label}</th>
              {quality.map((q) => (
                <td key={q.arm} className="number">
                  {of(q)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

const withShare = (n: number, share: number | undefined): string => (share === undefined ? count(n) : `${count(n)} (${percent(share)})`);
