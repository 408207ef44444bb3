import type { EvidenceHeader, Quality } from "../api/types";
import { count, percent, words } from "../format";
import { ArmBadge } from "../ui/ArmBadge";

const gaps: Record<string, string> = {
  "coverage.outcome": "outcome known",
  "coverage.analysis": "analysed",
  "coverage.lost": "lost",
  "coverage.failed_over": "taken by something else",
};

/** What the checks of the split and of coverage say. */
export function checked(e: EvidenceHeader): string[] {
  const ratio = e.sample_ratio.broken
    ? "The arms’ sizes contradict the split."
    : e.sample_ratio.not_checked
      ? `Split not checked: ${e.sample_ratio.not_checked}.`
      : e.sample_ratio.log_bayes_factor === undefined
        ? "The arms’ sizes cannot be compared with the split."
        : "The arms’ sizes agree with the split.";
  const uneven = e.coverage.filter((g) => g.alarm).map((g) => `${gaps[g.kind] ?? g.kind} (${g.arm}: ${points(g.value)})`);
  const callers = e.callers > 0 ? [`${count(e.callers)} different callers${e.withheld > 0 ? `; of ${count(e.withheld)} calls the caller is not known` : ""}.`] : [];
  return [ratio, uneven.length > 0 ? `Uneven between the arms: ${uneven.join(", ")}.` : "Outcomes are missing evenly.", ...callers];
}

const points = (x: number | undefined): string => (x === undefined ? "unknown" : `${x > 0 ? "+" : ""}${(100 * x).toFixed(1)} points`);

/** How complete each arm's data are. */
export function QualityTable({ quality, evidence }: { quality: Quality[]; evidence: EvidenceHeader }) {
  const reasons = [...new Set(quality.flatMap((q) => Object.keys(q.not_randomised)))].sort();
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
      <ul className="sub checks">
        {checked(evidence).map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
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
