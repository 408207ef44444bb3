// Setting routes and tests up, steering a test, trying an agent out.
import { queryOptions } from "@tanstack/react-query";
import { request } from "./client";
import type { CallsPerDay, CreateRouteBody, GoalCheck, RoutePatch, TestCall } from "./schema/types.gen";
import type { Agent, Route, Test } from "./types";

export type { CallsPerDay, CreateRouteBody as NewRoute, GoalChange, GoalCheck, GoalFault, GoalName, RoutePatch, SipTarget, TestCall } from "./schema/types.gen";

const at = encodeURIComponent;

export const steer = {
  volume: (days: number, zone: string, signal?: AbortSignal) => request<CallsPerDay>(`/v1/volume?days=${days}&zone=${at(zone)}`, signal && { signal }),

  createRoute: (body: CreateRouteBody) => request<Route>("/v1/routes", { method: "POST", body }),

  patchRoute: (id: string, body: RoutePatch, revision?: number) => request<Route>(`/v1/routes/${at(id)}`, { method: "PATCH", body, ...(revision !== undefined && { revision }) }),

  checkGoal: (goal: string, versions: string[], signal?: AbortSignal) => request<GoalCheck>("/v1/goals/check", { method: "POST", body: { goal, versions }, ...(signal && { signal }) }),

  changeGoal: (id: string, goal: string, note: string, revision: number) => request<Test>(`/v1/tests/${at(id)}`, { method: "PATCH", body: { goal, ...(note && { note }) }, revision }),

  rename: (id: string, name: string, revision: number) => request<Agent>(`/v1/agents/${at(id)}`, { method: "PATCH", body: { name }, revision }),

  /** Calls the agent for real; never sent again by itself. */
  testCall: (agent: string, body: { version?: number; number?: string }) => request<TestCall>(`/v1/agents/${at(agent)}/test-call`, { method: "POST", body }),
};

/** The browser's time zone, as the server knows it. */
export const zone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";

export const steerQueries = {
  /** Every route's calls per day, the days of the browser's time zone. */
  volume: (days = 14) => queryOptions({ queryKey: ["volume", days], queryFn: ({ signal }) => steer.volume(days, zone(), signal), refetchInterval: 15_000 }),

  goal: (goal: string, versions: string[]) =>
    queryOptions({ queryKey: ["goal", goal, versions], queryFn: ({ signal }) => steer.checkGoal(goal, versions, signal), staleTime: 60_000, retry: false }),
};
