import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { usePolling } from "../api/live";
import { queries } from "../api/queries";
import type { Results } from "../api/types";
import { Steering } from "../change/Steering";
import { moment, phone } from "../format";
import { Report } from "../results/Report";
import { ReportMenu } from "../results/ReportMenu";
import { useTab } from "../results/useTab";
import { Failure, Loading, NotShown } from "../ui/Notice";
import { useTitle } from "../ui/useTitle";

export function TestPage({ id }: { id: string }) {
  const { data } = useQuery(queries.results(id));
  useTitle(data && title(data));
  return (
    <div className="page">
      <nav className="crumbs" aria-label="Where you are">
        <Link to="/">Routes</Link>
      </nav>
      <TestView id={id} />
    </div>
  );
}

/** A test with its results, live, and what can be done with it; within its route's page, or by itself. */
export function TestView({ id, within }: { id: string; within?: boolean }) {
  const results = useQuery({ ...queries.results(id), refetchInterval: usePolling() });
  const [tab, setTab] = useTab();
  const r = results.data;
  return (
    <>
      {results.isError && (r !== undefined || within) && <Failure error={results.error} retry={() => void results.refetch()} />}
      {results.isError && !r && !within && <NotShown what="The test" error={results.error} retry={() => void results.refetch()} />}
      {results.isPending && <Loading what="results" />}
      {r && (
        <>
          <Heading results={r} within={within ?? false} />
          <Report results={r} tab={tab} onTab={setTab} />
        </>
      )}
    </>
  );
}

const title = (r: Results): string => (r.route.startsWith("+") ? phone(r.route) : r.route);

function Heading({ results: r, within }: { results: Results; within: boolean }) {
  return (
    <div className="heading">
      <div>
        {!within && <h1>{title(r)}</h1>}
        <p className="sub">
          <span className={`status status-${r.status}`}>{state(r)}</span> {r.name && <>{r.name}, </>}
          {since(r)}, {r.unit === "caller" ? "sticky by caller" : "randomised per call"}
        </p>
      </div>
      <div className="actions">
        <Link to="/tests/$test/sample" params={{ test: r.test_id }} className="button primary">
          Read transcripts
        </Link>
        <ReportMenu test={r.test_id} name={r.name ?? r.route}>Save report</ReportMenu>
      </div>
      {!within && r.status === "running" && <Steering results={r} />}
    </div>
  );
}

function state(r: Results): string {
  return { running: "Test running", ended: "Past test", recorded: "Imported test" }[r.status];
}

function since(r: Results): string {
  if (r.status === "running" || !r.ended_at) return `since ${moment(r.started_at)}`;
  return `${moment(r.started_at)} to ${moment(r.ended_at)}`;
}
