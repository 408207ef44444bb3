import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../api/client";
import { queries } from "../api/queries";
import type { Grouping, Results, Topics, TopicsBy } from "../api/types";
import { count, moment } from "../format";
import { AgainstChoice } from "../results/MetricsTable";
import { Failure, Loading } from "../ui/Notice";
import { Progress } from "../ui/Progress";
import { RoleButton } from "../ui/RoleButton";
import { GroupTable } from "./GroupTable";
import { Interactions } from "./Interactions";

interface Props {
  results: Results;
  against: string;
  onAgainst: (arm: string) => void;
}

const ways: { id: TopicsBy; title: string; says: string }[] = [
  { id: "intent", title: "What callers want", says: "Calls grouped by what callers say." },
  { id: "failure", title: "Where it went wrong", says: "Calls grouped by what was said around misunderstandings and repeated prompts; calls without such a turn are in no group." },
];

/** A test by groups of its calls, and by what calls got into. */
export function TopicsTab({ results: r, against, onAgainst }: Props) {
  const [by, setBy] = useState<TopicsBy>("intent");
  const [metric, setMetric] = useState<string>();
  const client = useQueryClient();
  const topics = useQuery(queries.topics(r.test_id, by));
  const ask = useMutation({
    mutationFn: (again: boolean) => api.askTopics(r.test_id, { by, again }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["topics", r.test_id] }),
  });
  const t = topics.data;
  const busy = t?.grouping.state === "due";
  const way = ways.find((w) => w.id === by);
  const report = t?.report;
  const first = report?.groups[0] ?? report?.situations[0];
  const metrics = first?.metrics ?? [];
  const shown = metrics.find((m) => m.name === metric)?.name ?? metrics.find((m) => m.name === r.primary_metric)?.name ?? metrics[0]?.name ?? "";
  return (
    <>
      <section className="panel" aria-labelledby="groups">
        <div className="panel-head wrap">
          <h2 id="groups">Groups of calls</h2>
          <div className="presets" role="group" aria-label="Group calls by">
            {ways.map((w) => (
              <button key={w.id} type="button" className="button small" aria-pressed={w.id === by} onClick={() => setBy(w.id)}>
                {w.title}
              </button>
            ))}
          </div>
        </div>
        <p className="sub">
          {way?.says} <strong>Exploratory:</strong> a version that changes what callers say changes who is in a group. Take a difference for a reason to read transcripts. Only the share of calls compares all calls as they were randomised.
        </p>
        {topics.isPending && <Loading what="groups" />}
        {topics.isError && <Failure error={topics.error} retry={() => void topics.refetch()} />}
        {ask.isError && <Failure error={ask.error} />}
        {t === null && (
          <div className="empty">
            <p>An average over all calls can hide that a version books tables well and handles complaints badly. Groups show how each version does with each kind of call.</p>
            <div>
              <RoleButton className="button primary" disabled={ask.isPending} onClick={() => ask.mutate(true)}>
                Make groups
              </RoleButton>
            </div>
          </div>
        )}
        {t && <Standing topics={t} busy={busy} onAsk={(again) => ask.mutate(again)} pending={ask.isPending} />}
        {report && report.groups.length > 0 && (
          <>
            <div className="panel-head wrap">
              <MetricChoice metrics={metrics} shown={shown} onChange={setMetric} />
              <AgainstChoice arms={r.arms} against={against} onAgainst={onAgainst} />
            </div>
            <GroupTable testID={r.test_id} groups={report.groups} metric={shown} against={against} label="Groups" />
            <Interactions list={report.interactions} against={against} of="groups" />
          </>
        )}
        {report?.notes.map((n) => (
          <p key={n} className="sub">
            {n}
          </p>
        ))}
      </section>
      {report && report.situations.length > 0 && (
        <section className="panel" aria-labelledby="situations">
          <h2 id="situations">Situations</h2>
          <p className="sub">What calls got into, known without grouping. A call may be in several.</p>
          {report.groups.length === 0 && <MetricChoice metrics={metrics} shown={shown} onChange={setMetric} />}
          <GroupTable testID={r.test_id} groups={report.situations} metric={shown} against={against} label="Situations" />
          <Interactions list={report.situation_interactions} against={against} of="situations" />
        </section>
      )}
    </>
  );
}

function MetricChoice({ metrics, shown, onChange }: { metrics: { name: string; label: string }[]; shown: string; onChange: (name: string) => void }) {
  return (
    <label className="inline">
      Show
      <select value={shown} onChange={(event) => onChange(event.target.value)}>
        {metrics.map((m) => (
          <option key={m.name} value={m.name}>
            {m.label}
          </option>
        ))}
      </select>
    </label>
  );
}

/** What the groups cover, whether they are being made, and how to have them made anew. */
function Standing({ topics: t, busy, onAsk, pending }: { topics: Topics; busy: boolean; onAsk: (again: boolean) => void; pending: boolean }) {
  const r = t.report;
  return (
    <div className="standing">
      {busy && <Working of={t.grouping} />}
      {t.grouping.state === "failed" && (
        <p className="notice notice-bad" role="alert">
          The groups could not be made{t.grouping.last_error && `: ${t.grouping.last_error}`}.
        </p>
      )}
      {r && (
        <p className="sub">
          {count(r.grouped)} of {count(r.calls)} ended calls are in a group{r.without_words > 0 && `, ${count(r.without_words)} have no words to group by`}. {r.covers_to && `Covers calls up to ${moment(r.covers_to)}. `}
          {t.calls_since > 0 && `${count(t.calls_since)} have come since.`}
          {r.fit && ` ${r.fit.k} groups, named by ${r.fit.named_by === "offline" ? "their words" : r.fit.named_by}.`}
        </p>
      )}
      {!busy && (
        <div className="actions">
          {r && t.calls_since > 0 && (
            <RoleButton className="button small" disabled={pending} onClick={() => onAsk(false)}>
              Take in {count(t.calls_since)} newer calls
            </RoleButton>
          )}
          <RoleButton className="button small" disabled={pending} onClick={() => onAsk(true)}>
            Make groups anew
          </RoleButton>
        </div>
      )}
    </div>
  );
}

const steps: Record<string, string> = { reading: "Reading calls", grouping: "Grouping", naming: "Naming groups", counting: "Counting" };

function Working({ of: g }: { of: Grouping }) {
  const { step, done, total } = g.progress;
  return (
    <div className="progress-line" role="status">
      <p className="sub">
        <strong>{steps[step ?? ""] ?? "Waiting for its turn"}</strong>
        {total > 0 && `: ${count(done)} of ${count(total)}`}
      </p>
      <Progress label="Groups being made" done={done} total={total} />
    </div>
  );
}
