import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { usePolling } from "../api/live";
import { queries } from "../api/queries";
import type { Route, Test } from "../api/types";
import { moment, phone } from "../format";
import { Failure, Loading } from "../ui/Notice";
import { useTitle } from "../ui/useTitle";
import { TestView } from "./TestPage";

/** A route: its running test, else its latest, and the others beneath. */
export function RoutePage({ id }: { id: string }) {
  const polling = usePolling();
  const route = useQuery({ ...queries.route(id), refetchInterval: polling });
  const tests = useQuery({ ...queries.tests(id), refetchInterval: polling });
  const error = route.error ?? tests.error;
  useTitle(route.data && nameOf(route.data));
  if (error && !(route.data && tests.data)) return <div className="page"><Failure error={error} retry={() => void Promise.all([route.refetch(), tests.refetch()])} /></div>;
  if (!route.data || !tests.data) return <div className="page"><Loading what="the route" /></div>;
  const all = tests.data.items;
  const shown = all.find((t) => t.status === "running") ?? all[0];
  if (!shown) return <Untested route={route.data} />;
  return (
    <TestView id={shown.id}>
      <History tests={all.filter((t) => t !== shown)} />
    </TestView>
  );
}

const nameOf = (route: Route): string => (route.number ? phone(route.number) : route.name);

function Untested({ route }: { route: Route }) {
  const live = useQuery(queries.version(route.live_version_id));
  return (
    <div className="page">
      <nav className="crumbs" aria-label="Where you are">
        <Link to="/">Routes</Link>
      </nav>
      <h1>{nameOf(route)}</h1>
      <div className="empty">
        <p>
          No test has run here yet. Every call goes to <strong>{live.data ?? "the live version"}</strong>.
        </p>
        <p>To compare it with another published version, half the calls each:</p>
        <pre>
          <code>tandem test start {route.number ?? route.name} --b AGENT@VERSION --split 50/50</code>
        </pre>
      </div>
    </div>
  );
}

function History({ tests }: { tests: Test[] }) {
  if (tests.length === 0) return null;
  return (
    <section className="panel" aria-labelledby="history">
      <h2 id="history">Other tests on this route</h2>
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
