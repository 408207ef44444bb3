import { Link } from "@tanstack/react-router";
import type { Test } from "../api/types";
import { ReportMenu } from "../results/ReportMenu";
import { moment } from "../format";

interface Props {
  tests: Test[];
  /** Sets a test up like this one; undefined while one runs, and for whoever may not. */
  onAgain: ((test: Test) => void) | undefined;
}

/** The tests that a route had: what was decided, why, and the reports. */
export function PastTests({ tests, onAgain }: Props) {
  if (tests.length === 0) return null;
  return (
    <section className="panel" aria-labelledby="history">
      <h2 id="history">Past tests on this route</h2>
      <ul className="past">
        {tests.map((t) => (
          <li key={t.id}>
            <div>
              <Link to="/tests/$test" params={{ test: t.id }}>
                {titleOf(t)}
              </Link>
              <span className="sub">{outcome(t)}</span>
              {t.end_note && <q className="sub">{t.end_note}</q>}
            </div>
            <div className="actions">
              <ReportMenu className="button small" label={`Report of ${titleOf(t)}`} test={t.id} name={titleOf(t)}>
                Report
              </ReportMenu>
              {onAgain && t.status === "ended" && (
                <button type="button" className="button small" aria-label={`Start again as ${titleOf(t)}`} onClick={() => onAgain(t)}>
                  Start again
                </button>
              )}
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

const titleOf = (t: Test): string => t.name ?? `Test of ${moment(t.started_at)}`;

function outcome(t: Test): string {
  if (t.status === "recorded") return `Imported, ${moment(t.started_at)}${t.ended_at ? ` to ${moment(t.ended_at)}` : ""}`;
  if (t.status === "running") return "Running";
  const when = t.ended_at ? ` ${moment(t.ended_at)}` : "";
  return `Ended${when}${t.winner ? `, ${t.winner} kept` : ""}`;
}
