import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { queries } from "../api/queries";
import type { Agent, Version } from "../api/types";
import type { AgentSearch, AgentTab } from "../agents/search";
import { Changes, summaryOf } from "../agents/Changes";
import { DraftEditor } from "../agents/DraftEditor";
import { PublishDialog } from "../agents/PublishDialog";
import { TestCallDialog } from "../agents/TestCallDialog";
import { useUses } from "../agents/uses";
import { VersionContent } from "../agents/VersionContent";
import { count, moment } from "../format";
import { useMay, useRefusal } from "../session";
import { Choice } from "../ui/Choice";
import { Failure, Loading, NotShown } from "../ui/Notice";
import { RoleButton } from "../ui/RoleButton";
import { Tabs } from "../ui/Tabs";
import { useTitle } from "../ui/useTitle";

/** An agent: its published versions, its draft, and what differs between any two. */
export function AgentPage({ id, search }: { id: string; search: AgentSearch }) {
  const agent = useQuery(queries.agent(id));
  const versions = useQuery(queries.versions(id));
  const go = useNavigate();
  const [publishing, setPublishing] = useState(false);
  const uses = useUses();
  useTitle(agent.data?.name);
  if (agent.isError) return <div className="page"><NotShown what="The agent" error={agent.error} retry={() => void agent.refetch()} /></div>;
  if (!agent.data) return <div className="page"><Loading what="the agent" /></div>;
  const a = agent.data;
  // A number that the newest version in use answers for.
  const number = versions.data?.flatMap((v) => uses.get(v.id) ?? []).find((u) => u.number)?.number;
  return (
    <div className="page">
      <nav className="crumbs" aria-label="Where you are">
        <Link to="/agents">Agents</Link>
      </nav>
      <div className="heading">
        <div>
          <h1>{a.name}</h1>
          <p className="sub">{a.latest_version === 0 ? "Not published yet: it takes no calls." : `${count(a.latest_version)} published, the newest ${a.name}@${a.latest_version}`}</p>
        </div>
        <RoleButton className="button primary" onClick={() => setPublishing(true)}>
          Publish the draft
        </RoleButton>
      </div>
      <Tabs
        label={a.name}
        selected={search.tab ?? (a.latest_version === 0 ? "draft" : "versions")}
        onSelect={(tab) => void go({ to: "/agents/$agent", params: { agent: id }, search: { ...search, tab: tab as AgentTab }, replace: true })}
        tabs={[
          { id: "versions", title: "Versions", content: () => (versions.data ? <Versions agent={a} versions={versions.data} /> : <Loading what="versions" />) },
          { id: "draft", title: "Draft", content: () => <Draft agent={a} number={number} /> },
          { id: "compare", title: "Compare", content: () => <Compare agent={a} search={search} /> },
        ]}
      />
      {publishing && <PublishDialog agent={a} onClose={() => setPublishing(false)} />}
    </div>
  );
}

/** The draft to edit, or to read for whoever may not. */
function Draft({ agent, number }: { agent: Agent; number: string | undefined }) {
  const refused = useRefusal("write");
  if (refused === undefined) return <DraftEditor key={agent.id} agent={agent} number={number} />;
  const empty = Object.keys(agent.draft).length === 0;
  return (
    <section className="panel" aria-label="Draft">
      <p className="sub">{refused}</p>
      {empty ? <p className="none">The draft is empty.</p> : <VersionContent content={agent.draft} />}
    </section>
  );
}

function Versions({ agent, versions }: { agent: Agent; versions: Version[] }) {
  const uses = useUses();
  const mayCall = useMay("write");
  const [called, setCalled] = useState<Version>();
  if (versions.length === 0) {
    return (
      <div className="empty">
        <p>Nothing is published yet. Edit the draft, then publish it: a published version never changes, so its results stay its own.</p>
      </div>
    );
  }
  return (
    <>
      {versions.map((v) => (
    <article key={v.id} className="panel" aria-labelledby={v.id}>
      <div className="panel-head wrap">
        <h2 id={v.id}>
          {v.agent_name}@{v.number}
        </h2>
        <span className="sub">
          {moment(v.published_at)}, {v.published_by}
        </span>
      </div>
      {v.note && <p>{v.note}</p>}
      <p className="sub">
        {uses.get(v.id) && "In use: "}
        {uses.get(v.id)?.map((use) => (
          <span key={use.route + use.what} className="use">
            <Link to="/routes/$route" params={{ route: use.route }}>
              {use.name}
            </Link>
            {" "}
            ({use.what})
          </span>
        )) ?? "In use nowhere."}
      </p>
      <div className="version-more">
        <details>
          <summary>What it is</summary>
          <VersionContent content={v.content} />
        </details>
        <div className="actions">
          {v.number > 1 && (
            <Link to="/agents/$agent" params={{ agent: v.agent_id }} search={{ tab: "compare", from: String(v.number - 1), to: String(v.number) }} className="button small">
              What it changed
            </Link>
          )}
          {mayCall && v.content.target?.sip && (
            <button type="button" className="button small" onClick={() => setCalled(v)}>
              Place a test call
            </button>
          )}
        </div>
      </div>
    </article>
      ))}
      {called && <TestCallDialog agent={agent} version={called.number} content={called.content} number={uses.get(called.id)?.find((u) => u.number)?.number} onClose={() => setCalled(undefined)} />}
    </>
  );
}

function Compare({ agent, search }: { agent: Agent; search: AgentSearch }) {
  const go = useNavigate();
  const newest = agent.latest_version;
  const from = search.from ?? String(Math.max(1, newest));
  const to = search.to ?? "draft";
  const diff = useQuery({ ...queries.differences(agent.id, from, to), enabled: newest > 0, staleTime: 0 });
  const options = [{ id: "draft", label: "Draft" }, ...Array.from({ length: newest }, (_, i) => ({ id: String(newest - i), label: `${agent.name}@${newest - i}` }))];
  const set = (change: AgentSearch) => void go({ to: "/agents/$agent", params: { agent: agent.id }, search: { ...search, tab: "compare", from, to, ...change }, replace: true });
  if (newest === 0) return <p className="none">There is nothing to compare the draft with yet.</p>;
  return (
    <>
      <div className="fields">
        <Choice label="From" options={options} value={from} onChange={(v) => set({ from: v })} />
        <Choice label="To" options={options} value={to} onChange={(v) => set({ to: v })} />
      </div>
      {diff.isError && <Failure error={diff.error} />}
      {diff.data && (
        <section className="panel" aria-label="Changes">
          <p>{summaryOf(diff.data.differences)}</p>
          <Changes differences={diff.data.differences} />
        </section>
      )}
    </>
  );
}
