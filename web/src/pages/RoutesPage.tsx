import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { usePolling } from "../api/live";
import { queries } from "../api/queries";
import type { Route, Test } from "../api/types";
import { count, phone, weight } from "../format";
import { ArmBadge } from "../ui/ArmBadge";
import { Failure, Loading } from "../ui/Notice";
import { useTitle } from "../ui/useTitle";

export function RoutesPage() {
  useTitle("Routes");
  const polling = usePolling();
  const routes = useInfiniteQuery({ ...queries.routes(), refetchInterval: polling });
  const running = useQuery({ ...queries.running(), refetchInterval: polling });
  const all = routes.data?.pages.flatMap((page) => page.items);
  return (
    <div className="page">
      <h1>Routes</h1>
      {routes.isError && !all && <Failure error={routes.error} retry={() => void routes.refetch()} />}
      {routes.isPending && <Loading what="routes" />}
      {all?.length === 0 && <NoRoutes />}
      {all && all.length > 0 && (
        <table className="list" role="table">
          <thead role="rowgroup">
            <tr role="row">
              <th role="columnheader" scope="col">Route</th>
              <th role="columnheader" scope="col">Live version</th>
              <th role="columnheader" scope="col">Running test</th>
              <th role="columnheader" scope="col" className="number">Calls in test</th>
            </tr>
          </thead>
          <tbody role="rowgroup">
            {all.map((route) => (
              <Row key={route.id} route={route} test={running.data?.get(route.id)} known={running.isSuccess} />
            ))}
          </tbody>
        </table>
      )}
      {routes.hasNextPage && (
        <button type="button" className="button" disabled={routes.isFetchingNextPage} onClick={() => void routes.fetchNextPage()}>
          Show more routes
        </button>
      )}
    </div>
  );
}

interface RowProps {
  route: Route;
  test: Test | undefined;
  /** Whether it is known which tests run. */
  known: boolean;
}

function Row({ route, test, known }: RowProps) {
  const live = useQuery(queries.version(route.live_version_id));
  const results = useQuery({ ...queries.results(test?.id ?? ""), enabled: test !== undefined, refetchInterval: usePolling() });
  const calls = results.data?.quality.reduce((sum, q) => sum + q.randomised, 0);
  const title = route.number ? phone(route.number) : route.name;
  return (
    <tr role="row">
      <th role="rowheader" scope="row">
        <Link to="/routes/$route" params={{ route: route.id }} className="row-link">
          {title}
        </Link>
        <span className="sub">{route.kind === "outbound" ? "outbound" : route.name}</span>
      </th>
      <td role="cell" data-label="Live version">{live.data ?? "…"}</td>
      <td role="cell" data-label="Running test">
        {test ? (
          <span className="split-text">
            {test.arms.map((arm) => (
              <span key={arm.key}>
                <ArmBadge arm={arm.key} /> {weight(arm.weight)}
              </span>
            ))}
          </span>
        ) : (
          <span className="none">{known ? "None" : "…"}</span>
        )}
      </td>
      <td role="cell" data-label="Calls in test" className="number">{calls === undefined ? "" : count(calls)}</td>
    </tr>
  );
}

function NoRoutes() {
  return (
    <div className="empty">
      <p>No route yet. A route is a phone number, or an outbound campaign, whose calls Tandem gives to a version of an agent.</p>
      <pre>
        <code>tandem route create --number +14155550100 --live front-desk@1</code>
      </pre>
    </div>
  );
}
