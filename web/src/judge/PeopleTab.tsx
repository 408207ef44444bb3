import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { api } from "../api/client";
import { queries } from "../api/queries";
import type { Agreement, Judgements, Judging, Results } from "../api/types";
import { count, percent } from "../format";
import { AgainstChoice } from "../results/MetricsTable";
import { usageText } from "../results/usage";
import { ArmBadge } from "../ui/ArmBadge";
import { Failure, Loading } from "../ui/Notice";
import { Progress } from "../ui/Progress";
import { RoleButton } from "../ui/RoleButton";
import { JudgeDialog } from "./JudgeDialog";
import { criteria, WinRates } from "./WinRates";

interface Props {
  results: Results;
  against: string;
  onAgainst: (arm: string) => void;
}

/** What people and the judge say of transcripts. */
export function PeopleTab({ results: r, against, onAgainst }: Props) {
  const [open, setOpen] = useState(false);
  const client = useQueryClient();
  const judgements = useQuery(queries.judgements(r.test_id, against));
  const stop = useMutation({
    mutationFn: () => api.stopJudging(r.test_id, against),
    onSuccess: () => client.invalidateQueries({ queryKey: ["judgements", r.test_id] }),
  });
  const j = judgements.data;
  if (judgements.isPending) return <Loading what="what readers say" />;
  if (!j) return <Failure error={judgements.error} retry={() => void judgements.refetch()} />;
  const running = j.judging?.state === "running";
  return (
    <>
      <div className="panel-head wrap">
        <p className="sub">Ratings describe transcripts. They are never the test’s verdict.</p>
        <AgainstChoice arms={r.arms} against={against} onAgainst={onAgainst} />
      </div>
      <div className="pair-of-panels">
        <section className="panel" aria-labelledby="judge">
          <div className="panel-head wrap">
            <h2 id="judge">The judge</h2>
            <div className="actions">
              {running ? (
                <RoleButton className="button small" disabled={stop.isPending} onClick={() => stop.mutate()}>
                  Stop
                </RoleButton>
              ) : (
                <RoleButton className="button small" onClick={() => setOpen(true)}>
                  {j.judging ? "Judge more pairs…" : "Start judging…"}
                </RoleButton>
              )}
            </div>
          </div>
          <p className="sub">A language model reads two calls about the same matter, one of each version, and says which was handled better; then again with the calls changing places. An answer that changes with the place is a tie.</p>
          {stop.isError && <Failure error={stop.error} />}
          {j.judging && <Standing of={j.judging} />}
          {j.judge.length > 0 ? <WinRates judgements={j} /> : !running && <p className="none">No pair has been judged yet.</p>}
          <Places judgements={j} />
        </section>
        <div className="panels">
          <People judgements={j} testID={r.test_id} />
          <AgreementPanel agreement={j.agreement} />
        </div>
      </div>
      <ScoresPanel judgements={j} />
      {open && <JudgeDialog testID={r.test_id} arms={j.arms} again={j.judging !== undefined} onClose={() => setOpen(false)} />}
    </>
  );
}

const states: Record<Judging["state"], string> = { running: "Judging", done: "Done", cancelled: "Stopped", failed: "Failed", over_budget: "Stopped at its cost limit" };

function Standing({ of: j }: { of: Judging }) {
  return (
    <div className="progress-line">
      <p className="sub">
        <strong>{states[j.state]}</strong>: {count(j.judged)} of {count(j.pairs)} pairs{j.failed > 0 && `, ${count(j.failed)} set aside`}, by {j.judge}. {usageText(j.usage, "Took")}
        {j.last_error && j.state !== "done" && ` ${j.last_error}`}
      </p>
      {j.state === "running" && <Progress label="Pairs judged" done={j.judged} total={j.pairs} />}
    </div>
  );
}

/** Whether the judge's answers hang on which call came first. */
function Places({ judgements: { position: p, similarity_median: alike } }: { judgements: Judgements }) {
  if (!p || p.pairs === 0) return null;
  return (
    <ul className="sub checks">
      <li>
        The same answer in both orders: {count(p.consistent)} of {count(p.pairs)}
        {p.consistent_share !== undefined && ` (${percent(p.consistent_share)})`}. First both times {count(p.first_both)}, second both times {count(p.second_both)}.
      </li>
      {alike !== undefined && <li>How alike paired calls begin: {alike.toFixed(2)} in the middle, of 1.</li>}
    </ul>
  );
}

function People({ judgements: j, testID }: { judgements: Judgements; testID: string }) {
  const p = j.people;
  const w = p.preferred;
  return (
    <section className="panel" aria-labelledby="people">
      <h2 id="people">People</h2>
      {p.ratings === 0 ? (
        <p className="none">Nobody has rated a pair yet.</p>
      ) : (
        <>
          <p>
            {count(p.ratings)} rating{p.ratings === 1 ? "" : "s"} of pairs by {count(p.raters)} {p.raters === 1 ? "person" : "people"}, {count(p.blind)} of them blind.
          </p>
          {w && (
            <p>
              {j.arms.map((a, i) => (
                <span key={a} className="together">
                  <ArmBadge arm={a} /> won {count(w.wins[i] ?? 0)},{" "}
                </span>
              ))}
              ties {count(w.ties)}. {w.prefers ? `People prefer ${w.prefers}.` : "No preference is shown yet."}
            </p>
          )}
        </>
      )}
      <div>
        <Link to="/tests/$test/sample" params={{ test: testID }} className="button small">
          Read transcripts
        </Link>
      </div>
    </section>
  );
}

function AgreementPanel({ agreement: a }: { agreement: Agreement | undefined }) {
  if (!a || a.n === 0) return null;
  return (
    <section className="panel" aria-labelledby="agreement">
      <h2 id="agreement">People against the judge</h2>
      <p>{kappaText(a)}</p>
      <div className="scroll" role="group" aria-labelledby="agreement" tabIndex={0}>
        <table className="plain">
          <thead>
            <tr>
              <th scope="col">People say</th>
              {a.labels.map((l) => (
                <th key={l} scope="col" className="number">
                  judge: {l}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {a.labels.map((l, i) => (
              <tr key={l}>
                <th scope="row">{l}</th>
                {a.labels.map((x, k) => (
                  <td key={x} className="number">
                    {count(a.table[i]?.[k] ?? 0)}
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

/** Cohen's kappa, with what it rests on. */
export function kappaText(a: Agreement): string {
  const agree = a.observed === undefined ? "" : `They agree on ${percent(a.observed)} of ${count(a.n)}`;
  const chance = a.expected === undefined ? "" : ` (${percent(a.expected)} if by chance)`;
  const kappa = a.kappa === undefined ? "; kappa does not exist here" : `; kappa ${a.kappa.toFixed(2)}${a.interval ? `, ${a.interval.low.toFixed(2)} to ${a.interval.high.toFixed(2)}` : ""}`;
  return `${agree}${chance}${kappa}.`;
}

/** Ratings of single calls by people. */
function ScoresPanel({ judgements: j }: { judgements: Judgements }) {
  const shown = j.scores.filter((s) => s.arms.some((a) => a.calls > 0));
  if (shown.length === 0) return null;
  return (
    <section className="panel" aria-labelledby="scores">
      <h2 id="scores">Single calls, rated by people</h2>
      <div className="scroll" role="group" aria-labelledby="scores" tabIndex={0}>
        <table className="plain">
          <thead>
            <tr>
              <th scope="col">1 (worst) to 5 (best)</th>
              {j.arms.map((a) => (
                <th key={a} scope="col" className="number">
                  <ArmBadge arm={a} />
                </th>
              ))}
              <th scope="col">Against the analysis</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((s) => (
              <tr key={s.field}>
                <th scope="row">{criteria(s.field)}</th>
                {j.arms.map((a) => {
                  const x = s.arms.find((v) => v.arm === a);
                  return (
                    <td key={a} className="number">
                      {x?.mean === undefined ? "none yet" : x.mean.toFixed(1)}{" "}
                      <span className="sub">n {count(x?.calls ?? 0)}</span>
                    </td>
                  );
                })}
                <td className="sub">{s.agreement ? kappaText(s.agreement) : "no call was rated by both"}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
