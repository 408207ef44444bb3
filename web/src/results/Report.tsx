import { lazy, startTransition, Suspense, useEffect, useState, type ReactNode } from "react";
import type { Results } from "../api/types";
import { Loading } from "../ui/Notice";
import { Tabs } from "../ui/Tabs";
import { Arms } from "./Arms";
import { DifferenceChart } from "./DifferenceChart";
import { Distributions } from "./Distributions";
import { HangupChart } from "./HangupChart";
import { Histogram } from "./Histogram";
import { History } from "./History";
import { MetricsTable } from "./MetricsTable";
import { NotCompared } from "./NotCompared";
import { QualityTab } from "./QualityTab";
import { sorted, sortTitles } from "./sorts";
import { TrafficChart } from "./TrafficChart";
import { VerdictLine } from "./VerdictLine";
import type { Tab } from "./tabs";

// What costs requests of its own, and is not what most come for.
const TopicsTab = lazy(async () => ({ default: (await import("../topics/TopicsTab")).TopicsTab }));
const PeopleTab = lazy(async () => ({ default: (await import("../judge/PeopleTab")).PeopleTab }));

interface Props {
  results: Results;
  tab: Tab;
  onTab: (tab: Tab) => void;
}

/** A test's results: what may be concluded first, then what it rests on. */
export function Report({ results: r, tab, onTab }: Props) {
  // Which arm is compared with the first, in everything on the page.
  const [chosen, choose] = useState<string>();
  const against = r.arms.slice(1).find((a) => a.key === chosen)?.key ?? r.arms[1]?.key ?? "";
  const content: Record<Tab, { title: string; of: () => ReactNode }> = {
    overview: { title: "Overview", of: () => <Overview results={r} against={against} onAgainst={choose} /> },
    distributions: { title: "Distributions", of: () => <Spreads results={r} /> },
    groups: { title: "Groups", of: () => <TopicsTab results={r} against={against} onAgainst={choose} /> },
    people: { title: "People and judge", of: () => <PeopleTab results={r} against={against} onAgainst={choose} /> },
    quality: { title: "Data quality", of: () => <QualityTab results={r} /> },
    history: { title: "Phases", of: () => <History results={r} /> },
  };
  return (
    <>
      <VerdictLine results={r} />
      <Tabs
        label="Results"
        selected={tab}
        onSelect={(id) => onTab(id as Tab)}
        tabs={(Object.keys(content) as Tab[]).map((id) => ({
          id,
          title: content[id].title,
          content: () => <Suspense fallback={<Loading what={content[id].title.toLowerCase()} />}>{content[id].of()}</Suspense>,
        }))}
      />
    </>
  );
}

function Overview({ results: r, against, onAgainst }: { results: Results; against: string; onAgainst: (arm: string) => void }) {
  return (
    <>
      <Arms results={r} />
      <MetricsTable arms={r.arms} metrics={r.metrics} against={against} onAgainst={onAgainst} />
      <NotCompared results={r} />
      <Later>
        <div className="pair-of-panels">
          <DifferenceChart metrics={r.metrics} against={against} />
          <TrafficChart evidence={r.evidence} arms={r.arms} phases={r.phases} />
        </div>
      </Later>
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

function Spreads({ results: r }: { results: Results }) {
  const duration = r.metrics.find((m) => m.name === "duration");
  const rest = sorted(r.metrics.filter((m) => m.name !== "duration"));
  const of = (sort: string) => rest.find((s) => s.sort === sort)?.metrics ?? [];
  return (
    <>
      <div className="pair-of-panels">
        {duration?.arms.some((s) => s.histogram?.length) && (
          <section className="panel">
            <Histogram metric={duration} title="How long calls last" level={2} />
          </section>
        )}
        <Later>
          <HangupChart timings={r.hangups} />
        </Later>
      </div>
      <Later>
        <Distributions title={sortTitles.fields} metrics={of("fields")} />
        <Distributions title="Other outcomes" metrics={of("outcomes")} />
        <Distributions title={sortTitles.ratings} metrics={of("ratings")} lead="Scores from 1 (worst) to 5 (best) that the analyser gives each call. They describe; people’s ratings stand beside them under People and judge." />
        <Distributions title={sortTitles.conversation} metrics={of("conversation")} lead="Computed from transcripts and what the platform measured." />
      </Later>
    </>
  );
}

/** What is much to draw, drawn once the rest is on show: the tab answers first. */
function Later({ children }: { children: ReactNode }) {
  const [now, setNow] = useState(false);
  useEffect(() => {
    const soon = setTimeout(() => startTransition(() => setNow(true)));
    return () => clearTimeout(soon);
  }, []);
  return now ? children : null;
}
