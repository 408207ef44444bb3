import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { usePolling } from "../api/live";
import { queries } from "../api/queries";
import { steerQueries } from "../api/steer";
import type { Route, Test } from "../api/types";
import { paused } from "../change/pause";
import { count, phone, weight } from "../format";
import { Trend } from "../routes/Trend";
import { useMay } from "../session";
import { ArmBadge } from "../ui/ArmBadge";
import { Failure, Loading } from "../ui/Notice";
import { RoleButton } from "../ui/RoleButton";
import { useTitle } from "../ui/useTitle";

const NewRoute = lazy(async () => ({ default: (await import("../routes/NewRoute")).NewRoute }));

/** Every route: what takes its calls, whether a test runs on it, how busy it is. */
export function RoutesPage() {
  useTitle("Routes");
  const polling = usePolling();
  const routes = useInfiniteQuery({ ...queries.routes(), refetchInterval: polling });
  const running = useQuery({ ...queries.running(), refetchInterval: polling });
  const volume = useQuery(steerQueries.volume());
  const [creating, setCreating] = useState(false);
  const all = routes.data?.pages.flatMap((page) => page.items);
  const days = volume.data?.days.length ?? 0;
  const calls = new Map(volume.data?.routes.map((r) => [r.route_id, r.calls]));
  const callsOf = (route: Route) => (volume.data ? (calls.get(route.id) ?? Array.from({ length: days }, () => 0)) : undefined);
  return (
    <div className="page">
      <div className="heading">
        <h1>Routes</h1>
        <RoleButton className="button primary" onClick={() => setCreating(true)}>
          New route
        </RoleButton>
      </div>
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
              <th role="columnheader" scope="col">Last 14 days</th>
              <th role="columnheader" scope="col" className="number">Calls today</th>
            </tr>
          </thead>
          <tbody role="rowgroup">
            {all.map((route) => (
              <Row key={route.id} route={route} test={running.data?.get(route.id)} known={running.isSuccess} calls={callsOf(route)} />
            ))}
          </tbody>
        </table>
      )}
      {volume.isError && all && all.length > 0 && <p className="hint">How many calls came cannot be told at the moment.</p>}
      {creating && (
        <Suspense fallback={null}>
          <NewRoute onClose={() => setCreating(false)} />
        </Suspense>
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
  /** Calls per day, today last; undefined while not known. */
  calls: number[] | undefined;
}

function Row({ route, test, known, calls }: RowProps) {
  const live = useQuery(queries.version(route.live_version_id));
  const title = route.number ? phone(route.number) : route.name;
  return (
    <tr role="row">
      <th role="rowheader" scope="row">
        <Link to="/routes/$route" params={{ route: route.id }} className="row-link">
          {title}
        </Link>
        {subtitle(route) && <span className="sub">{subtitle(route)}</span>}
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
            {paused(test) && <span className="tag">paused</span>}
          </span>
        ) : (
          <span className="none">{known ? "None" : "…"}</span>
        )}
      </td>
      <td role="cell" data-label="Last 14 days">{calls && <Trend calls={calls} />}</td>
      <td role="cell" data-label="Calls today" className="number calls-today">{calls && count(calls.at(-1) ?? 0)}</td>
    </tr>
  );
}

/** What stands under a route's title. */
function subtitle(route: Route): string {
  if (route.kind === "outbound") return "Campaign";
  return route.number && `+${route.name}` !== route.number ? route.name : "";
}

function NoRoutes() {
  const may = useMay("write");
  return (
    <div className="empty">
      <p>No route yet. A route is a phone number, or an outbound campaign, whose calls Tandem gives to a version of an agent.{may && " Make one here, or on the command line:"}</p>
      {may && (
        <pre>
          <code>tandem route create --number +14155550100 --live front-desk@1</code>
        </pre>
      )}
    </div>
  );
}
