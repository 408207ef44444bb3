import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { queries } from "../api/queries";
import type { Route } from "../api/types";
import { phone } from "../format";
import { Failure, Loading } from "../ui/Notice";
import { useTitle } from "../ui/useTitle";
import { AgentStep } from "./AgentStep";
import { CallStep } from "./CallStep";
import { NumberStep } from "./NumberStep";
import { useCourse } from "./remembered";

/** The way to the first call, in three steps; what is there already is done. */
export function Guide({ routes }: { routes: Route[] }) {
  useTitle("First steps");
  const agents = useQuery(queries.agents());
  const [, follow] = useCourse();
  if (agents.isError) return <div className="page"><Failure error={agents.error} retry={() => void agents.refetch()} /></div>;
  if (!agents.data) return <div className="page"><Loading what="what is there already" /></div>;
  const published = agents.data.filter((a) => a.latest_version > 0);
  const route = routes[0];
  const now = published.length === 0 ? 1 : route === undefined ? 2 : 3;
  const agent = published[0];
  return (
    <div className="page guide">
      <div className="heading">
        <div>
          <h1>Three steps to your first call</h1>
          <p className="sub">Then turn A/B testing on, and two versions share the calls.</p>
        </div>
        <button type="button" className="button quiet" onClick={() => follow("skipped")}>
          Skip
        </button>
      </div>
      <ol className="guide-steps">
        <Step number={1} now={now} title="Agent" done={agent && `${agent.name}@${agent.latest_version} is published.`}>
          <AgentStep drafts={agents.data.filter((a) => a.latest_version === 0)} />
        </Step>
        <Step number={2} now={now} title="Number" done={route && `${route.number ? phone(route.number) : route.name} gives its calls to the agent.`}>
          <NumberStep agents={published} onMade={() => follow("begun")} />
        </Step>
        <Step number={3} now={now} title="First call">
          {route && <CallStep route={route} onDone={() => follow("done")} />}
        </Step>
      </ol>
    </div>
  );
}

interface StepProps {
  number: number;
  /** The step that is to be taken. */
  now: number;
  title: string;
  /** What came of it. */
  done?: string | undefined;
  children: ReactNode;
}

const teasers = ["", "What answers your calls, and where it is reached.", "The phone number, or the outbound calls, that the agent takes.", "Point your trunk or your dialler here; Tandem waits for the call."];

function Step({ number, now, title, done, children }: StepProps) {
  const state = number < now ? "done" : number === now ? "now" : "later";
  return (
    <li className={`panel guide-step guide-${state}`} {...(state === "now" && { "aria-current": "step" as const })}>
      <div className="guide-head">
        <span className="guide-number" aria-hidden="true">
          {state === "done" ? "✓" : number}
        </span>
        <div>
          <h2>
            {title}
            {state === "done" && <span className="hidden"> (done)</span>}
          </h2>
          <p className="sub">{state === "done" ? done : teasers[number]}</p>
        </div>
      </div>
      {state === "now" && children}
    </li>
  );
}
