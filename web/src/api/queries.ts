import { infiniteQueryOptions, QueryClient, queryOptions } from "@tanstack/react-query";
import { api, ApiError, type SampleQuery } from "./client";
import type { List, PlanAsk, Test, TopicsBy } from "./types";

// The first word of a query's key is the kind of thing, the second its id: the
// live stream says what changed in the same terms.

export const queries = {
  routes: () =>
    infiniteQueryOptions({
      queryKey: ["routes"],
      queryFn: ({ pageParam, signal }) => api.routes(pageParam, signal),
      initialPageParam: "",
      getNextPageParam: (page) => page.next,
    }),

  route: (id: string) => queryOptions({ queryKey: ["route", id], queryFn: ({ signal }) => api.route(id, signal) }),

  /** Published versions never change. */
  version: (id: string) =>
    queryOptions({
      queryKey: ["version", id],
      queryFn: async ({ signal }) => {
        const v = await api.version(id, signal);
        return `${v.agent_name}@${v.number}`;
      },
      staleTime: Infinity,
    }),

  /** Every agent. */
  agents: () => queryOptions({ queryKey: ["agents"], queryFn: ({ signal }) => all((cursor) => api.agents(cursor, signal)) }),

  agent: (id: string) => queryOptions({ queryKey: ["agent", id], queryFn: ({ signal }) => api.agent(id, signal) }),

  /** What differs between two versions, or a version and the draft. */
  differences: (agent: string, from: string, to: string) =>
    queryOptions({ queryKey: ["agent", agent, "diff", from, to], queryFn: ({ signal }) => api.differences(agent, from, to, signal) }),

  /** An agent's published versions, the newest first. */
  versions: (agent: string) =>
    queryOptions({ queryKey: ["agent", agent, "versions"], queryFn: ({ signal }) => all((cursor) => api.versions(agent, cursor, signal)) }),

  /** What can be chosen as an arm: every published version, and the drafts that cannot. */
  choices: () =>
    queryOptions({
      queryKey: ["agents", "choices"],
      queryFn: async ({ signal }) => {
        const agents = await all((cursor) => api.agents(cursor, signal));
        return Promise.all(agents.map(async (agent) => ({ agent, versions: await all((cursor) => api.versions(agent.id, cursor, signal)) })));
      },
    }),

  plan: (body: PlanAsk) => queryOptions({ queryKey: ["plan", body], queryFn: ({ signal }) => api.plan(body, signal), retry: false }),

  /** The running tests, by their route's id. */
  running: () =>
    queryOptions({
      queryKey: ["tests", "running"],
      queryFn: async ({ signal }) => {
        const running = new Map<string, Test>();
        let cursor: string | undefined;
        do {
          const page = await api.tests({ limit: 500, ...(cursor && { cursor }) }, signal);
          for (const t of page.items) if (t.status === "running") running.set(t.route_id, t);
          cursor = page.next;
        } while (cursor);
        return running;
      },
    }),

  /** A route's newest tests. */
  tests: (route: string) =>
    queryOptions({ queryKey: ["tests", route], queryFn: ({ signal }) => api.tests({ route, limit: 50 }, signal) }),

  test: (id: string) => queryOptions({ queryKey: ["test", id], queryFn: ({ signal }) => api.test(id, signal) }),

  results: (id: string) =>
    queryOptions({ queryKey: ["results", id], queryFn: ({ signal }) => api.results(id, signal) }),

  /** Why a test was ended as it was. */
  decision: (id: string) => queryOptions({ queryKey: ["test", id, "decision"], queryFn: ({ signal }) => api.decision(id, signal) }),

  /** A test by groups of its calls; null before anybody asked for them. */
  topics: (id: string, by: TopicsBy) =>
    queryOptions({ queryKey: ["topics", id, by], queryFn: ({ signal }) => orNull(api.topics(id, by, signal)), refetchInterval: ({ state }) => (state.data?.grouping.state === "due" ? 1_500 : false) }),

  /** What people and the judge say of an arm against the first. */
  judgements: (id: string, arm: string) =>
    queryOptions({ queryKey: ["judgements", id, arm], queryFn: ({ signal }) => api.judgements(id, arm, signal), refetchInterval: ({ state }) => (state.data?.judging?.state === "running" ? 2_000 : false) }),

  /** The latest re-analysis of a test; null without one. */
  reanalysis: (id: string) =>
    queryOptions({ queryKey: ["reanalysis", id], queryFn: ({ signal }) => orNull(api.reanalysis(id, signal)), refetchInterval: ({ state }) => (state.data?.state === "running" ? 2_000 : false) }),

  sample: (id: string, query: SampleQuery) =>
    queryOptions({
      queryKey: ["sample", id, query],
      queryFn: ({ signal }) => api.sample(id, query, signal),
      // With as_of given, the same question has the same answer.
      staleTime: Infinity,
    }),
};

/** Null for what is not there. */
async function orNull<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return null;
    throw error;
  }
}

/** Reads a list to its end. */
export async function all<T>(page: (cursor: string) => Promise<List<T>>): Promise<T[]> {
  const items: T[] = [];
  let cursor = "";
  do {
    const next = await page(cursor);
    items.push(...next.items);
    cursor = next.next ?? "";
  } while (cursor);
  return items;
}

export function newQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 2_000,
        // Trying again helps when the server is away, not when it has refused.
        retry: (failures, error) => failures < 2 && error instanceof ApiError && (error.status === 0 || error.status >= 500),
      },
    },
  });
}
