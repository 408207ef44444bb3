import type { Results } from "../api/types";
import { Arms } from "./Arms";
import { DifferenceChart } from "./DifferenceChart";
import { Distributions } from "./Distributions";
import { HangupChart } from "./HangupChart";
import { MetricsTable } from "./MetricsTable";
import { Phases } from "./Phases";
import { QualityTable } from "./QualityTable";
import { VerdictLine } from "./VerdictLine";

/** A test's results: what may be concluded first, then what it rests on. */
export function Report({ results: r }: { results: Results }) {
  return (
    <>
      <VerdictLine results={r} />
      <Arms results={r} />
      <MetricsTable results={r} />
      <DifferenceChart results={r} />
      <div className="pair-of-panels">
        <HangupChart timings={r.hangups} />
        <Distributions metrics={r.metrics} />
      </div>
      <div className="pair-of-panels">
        <QualityTable quality={r.quality} evidence={r.evidence} />
        <Phases results={r} />
      </div>
      <section className="panel notes" aria-labelledby="notes">
        <h2 id="notes">How to read the comparison</h2>
        {r.method.notes.map((note) => (
          <p key={note}>{note}</p>
        ))}
        {r.goal && (
          <p>
            A call counts as completed when <code>{r.goal}</code>.
          </p>
        )}
      </section>
    </>
  );
}
