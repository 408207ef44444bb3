import type { EvidenceHeader, Metric, Results } from "../api/types";
import { count, difference, percent, pValue } from "../format";
import { ArmBadge } from "../ui/ArmBadge";
import { uneven } from "./MetricsTable";
import { QualityTable } from "./QualityTable";
import { ReanalysisPanel } from "./ReanalysisPanel";

/** How complete the data are, and whether the arms can be compared. */
export function QualityTab({ results: r }: { results: Results }) {
  return (
    <>
      <div className="pair-of-panels">
        <QualityTable quality={r.quality} evidence={r.evidence} />
        <div className="panels">
          <Gaps evidence={r.evidence} />
          <FirstCalls results={r} />
          <ReanalysisPanel testID={r.test_id} />
        </div>
      </div>
      <AnswersTable metrics={r.metrics} />
    </>
  );
}

const kinds: Record<string, string> = {
  "coverage.outcome": "Outcome known",
  "coverage.analysis": "Analysed",
  "coverage.lost": "Lost",
  "coverage.failed_over": "Failed over",
};

/** Whether something is missing more often in an arm than in the first. */
function Gaps({ evidence: e }: { evidence: EvidenceHeader }) {
  if (e.coverage.length === 0) return null;
  const arms = [...new Set(e.coverage.map((g) => g.arm))];
  return (
    <section className="panel" aria-labelledby="gaps">
      <h2 id="gaps">Coverage, against A</h2>
      <p className="sub">An arm whose outcomes are missing more often may win or lose by that alone. p holds at every look.</p>
      <div className="scroll" role="group" aria-labelledby="gaps" tabIndex={0}>
        <table className="plain">
          <thead>
            <tr>
              <th scope="col">Share of calls</th>
              {arms.map((a) => (
                <th key={a} scope="col" className="number">
                  <ArmBadge arm={a} />
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {Object.entries(kinds).map(([kind, label]) => (
              <tr key={kind}>
                <th scope="row">{label}</th>
                {arms.map((a) => (
                  <td key={a} className="number">
                    <GapCell gap={e.coverage.find((g) => g.kind === kind && g.arm === a)} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function GapCell({ gap: g }: { gap: EvidenceHeader["coverage"][number] | undefined }) {
  if (g?.value === undefined) return <span className="none">not known yet</span>;
  return (
    <>
      {difference({ value: g.value }, share).value} {g.alarm && <strong className="bad">uneven</strong>}
      {g.p !== undefined && <span className="sub block">p {pValue(g.p)}</span>}
    </>
  );
}

const share = { kind: "proportion", arms: [] } as Pick<Metric, "kind" | "arms">;

/** The primary metric by each caller's first call: whether those who call often decide. */
function FirstCalls({ results: r }: { results: Results }) {
  const m = r.metrics.find((x) => x.primary);
  const found = r.evidence.first_calls ?? [];
  if (!m || found.length === 0) return null;
  return (
    <section className="panel" aria-labelledby="first-calls">
      <h2 id="first-calls">By each caller’s first call only</h2>
      <p className="sub">A check: callers who call often count once. Where it says something else than the verdict, look at who calls.</p>
      <ul className="reasons">
        {found.map((e) => {
          const d = e.value === undefined ? undefined : difference({ value: e.value, interval: e.interval }, m);
          return (
            <li key={e.arm}>
              <ArmBadge arm={e.arm} /> minus {e.against}: <strong>{d?.value ?? "not known yet"}</strong>
              {d?.range && ` (${d.range})`}, {count(e.n)} calls
            </li>
          );
        })}
      </ul>
    </section>
  );
}

/** How often each field of analysis was known. */
function AnswersTable({ metrics }: { metrics: Metric[] }) {
  const shown = metrics.filter((m) => m.answers?.some((a) => a.analyzed > 0));
  if (shown.length === 0) return null;
  const arms = shown[0]?.answers?.map((a) => a.arm) ?? [];
  return (
    <section className="panel" aria-labelledby="answers">
      <h2 id="answers">What analyses knew</h2>
      <p className="sub">Of analysed calls: known, reported as unknown, and not reported at all. Calls whose value is unknown are in no average.</p>
      <div className="scroll" role="group" aria-labelledby="answers" tabIndex={0}>
        <table className="plain answers">
          <thead>
            <tr>
              <th scope="col">Field</th>
              {arms.map((a) => (
                <th key={a} scope="col" className="number">
                  <ArmBadge arm={a} /> known / unknown / not reported
                </th>
              ))}
              <th scope="col">Says</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((m) => {
              const gaps = m.unknown_gaps?.filter((g) => g.uneven) ?? [];
              return (
                <tr key={m.name}>
                  <th scope="row">{m.label}</th>
                  {m.answers?.map((a) => (
                    <td key={a.arm} className="number">
                      {count(a.known)} / {count(a.unknown)}
                      {a.unknown_share !== undefined && a.unknown > 0 && ` (${percent(a.unknown_share)})`} / {count(a.unreported)}
                    </td>
                  ))}
                  <td>{gaps.length === 0 ? "even" : <span className="warn">{gaps.map(uneven).join("; ")}</span>}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </section>
  );
}
