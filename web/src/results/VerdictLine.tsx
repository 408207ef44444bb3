import type { Results, Verdict } from "../api/types";
import { moment } from "../format";

const titles: Record<Verdict["status"], string> = {
  collecting: "No conclusion yet",
  better: "Conclusion",
  no_practical_difference: "No practical difference",
  guardrail_breached: "Guardrail breached",
  split_broken: "The split is broken",
  outcomes_missing: "Outcomes are missing",
};

/** The verdict, in one sentence, before any number. */
export function VerdictLine({ results: r }: { results: Results }) {
  const v = r.verdict;
  const kept = r.arms.find((a) => a.key === r.winner);
  return (
    <section className={`verdict verdict-${v.status}`} aria-labelledby="verdict">
      <h2 id="verdict">{v.status === "collecting" && r.status !== "running" ? "No conclusion" : titles[v.status]}</h2>
      <p className="verdict-text">{v.text}</p>
      {v.covered_to && <p className="sub">Covers calls up to {moment(v.covered_to)}.</p>}
      {kept && (
        <p className="sub">
          The test was ended and arm {kept.key} was kept: {kept.version} took all calls from then on.
        </p>
      )}
    </section>
  );
}
