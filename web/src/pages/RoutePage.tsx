import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { usePolling } from "../api/live";
import { queries } from "../api/queries";
import type { Route, Test } from "../api/types";
import { EndDialog } from "../change/EndDialog";
import { moment, phone } from "../format";
import { Failure, Loading } from "../ui/Notice";
import { Toggle } from "../ui/Toggle";
import { useTitle } from "../ui/useTitle";
import { TestView } from "./TestPage";

const TestSetup = lazy(async () => ({ default: (await import("../setup/TestSetup")).TestSetup }));

/** A route: what takes its calls, the A/B test that runs on it or can be set up, and the tests before. */
export function RoutePage({ id }: { id: string }) {
  const polling = usePolling();
  const route = useQuery({ ...queries.route(id), refetchInterval: polling });
  const tests = useQuery({ ...queries.tests(id), refetchInterval: polling });
  const error = route.error ?? tests.error;
  useTitle(route.data && nameOf(route.data));
  if (error && !(route.data && tests.data)) return <div className="page"><Failure error={error} retry={() => void Promise.all([route.refetch(), tests.refetch()])} /></div>;
  if (!route.data || !tests.data) return <div className="page"><Loading what="the route" /></div>;
  const all = tests.data.items;
  const running = all.find((t) => t.status === "running");
  return (
    <div className="page">
      <nav className="crumbs" aria-label="Where you are">
        <Link to="/">Routes</Link>
      </nav>
      <RouteHead key={running?.id ?? "none"} route={route.data} running={running} />
      {running && <TestView id={running.id} within />}
      <History tests={all.filter((t) => t !== running)} />
    </div>
  );
}

const nameOf = (route: Route): string => (route.number ? phone(route.number) : route.name);

/** The route's name and live version, and the switch that begins and ends A/B testing. */
function RouteHead({ route, running }: { route: Route; running: Test | undefined }) {
  const live = useQuery(queries.version(route.live_version_id));
  const [setting, setSetting] = useState(false);
  const [ending, setEnding] = useState(false);
  const results = useQuery({ ...queries.results(running?.id ?? ""), enabled: running !== undefined });
  function toggle(on: boolean) {
    if (running) setEnding(!on);
    else setSetting(on);
  }
  return (
    <>
      <div className="heading">
        <div>
          <h1>{nameOf(route)}</h1>
          <p className="sub">
            {route.number && route.name !== route.number && <>{route.name}. </>}
            {running ? "Calls are split by the test below. Without it they go to" : "Every call goes to"} <strong>{live.data ?? "the live version"}</strong>.
          </p>
        </div>
        <Toggle on={running !== undefined || setting} onChange={toggle}>
          A/B testing
        </Toggle>
      </div>
      {setting && !running && (
        <Suspense fallback={<Loading what="the versions" />}>
          <TestSetup route={route} onCancel={() => setSetting(false)} />
        </Suspense>
      )}
      {ending && results.data && <EndDialog results={results.data} onClose={() => setEnding(false)} />}
    </>
  );
}

function History({ tests }: { tests: Test[] }) {
  if (tests.length === 0) return null;
  return (
    <section className="panel" aria-labelledby="history">
      <h2 id="history">Past tests on this route</h2>
      <ul className="history">
        {tests.map((t) => (
          <li key={t.id}>
            <Link to="/tests/$test" params={{ test: t.id }}>
              {t.name ?? `Started ${moment(t.started_at)}`}
            </Link>
            <span className="sub">{outcome(t)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function outcome(t: Test): string {
  if (t.status === "recorded") return "imported";
  if (t.status === "running") return "running";
  const when = t.ended_at ? ` ${moment(t.ended_at)}` : "";
  return `ended${when}${t.winner ? `, ${t.winner} kept` : ""}`;
}
