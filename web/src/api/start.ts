import { request } from "./client";
import type { Call, CreateRouteBody, List, Route } from "./types";

/** What the first steps ask for. */
export const first = {
  createRoute: (body: CreateRouteBody) => request<Route>("/v1/routes", { method: "POST", body }),

  /** The newest call of a route, if there was one. */
  newestCall: async (route: string, signal?: AbortSignal) => (await request<List<Call>>(`/v1/calls?limit=1&route=${encodeURIComponent(route)}`, signal && { signal })).items[0] ?? null,
};
