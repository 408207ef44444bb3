import { session } from "../session";
import type {
  Agent,
  AskTopics,
  Check,
  Content,
  Decision,
  Differences,
  Grouping,
  Judgements,
  JudgingStart,
  List,
  Plan,
  PlanAsk,
  Problem,
  Reanalysing,
  Reanalysis,
  Reanalyze,
  Results,
  Route,
  Sample,
  Status,
  StartJudging,
  Test,
  TestRequest,
  Topics,
  TopicsBy,
  Version,
} from "./types";

/** A refusal by the API, or a server that cannot be reached (status 0). */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
    /** What is at fault in the request, in the API's words. */
    readonly parts: { location: string; message: string }[] = [],
  ) {
    super(message);
    this.name = "ApiError";
  }
}

export interface Options {
  method?: string;
  body?: unknown;
  revision?: number;
  signal?: AbortSignal;
}

export async function request<T>(path: string, o: Options = {}): Promise<T> {
  const response = await ask(path, o);
  return (response.status === 204 ? undefined : await response.json()) as T;
}

/** What is edited as a whole, with the revision that the edit is made for; none before the first. */
export interface Revised<T> {
  value: T;
  revision?: number;
}

export async function revised<T>(path: string, o: Options = {}): Promise<Revised<T>> {
  const response = await ask(path, o);
  const tag = /"(\d+)"/.exec(response.headers.get("ETag") ?? "")?.[1];
  return { value: (await response.json()) as T, ...(tag !== undefined && { revision: Number(tag) }) };
}

export async function ask(path: string, o: Options, accept = "application/json"): Promise<Response> {
  const headers = new Headers({ Accept: accept });
  const during = session.get();
  if (o.body !== undefined) headers.set("Content-Type", "application/json");
  if (o.revision !== undefined) headers.set("If-Match", `"${o.revision}"`);
  let response: Response;
  try {
    response = await fetch(path, {
      method: o.method ?? "GET",
      headers,
      cache: "no-store",
      credentials: "same-origin",
      ...(o.body !== undefined && { body: JSON.stringify(o.body) }),
      ...(o.signal && { signal: o.signal }),
    });
  } catch (error) {
    if (o.signal?.aborted) throw error;
    throw new ApiError(0, "The server cannot be reached.");
  }
  if (response.ok) return response;
  const problem = (await response.json().catch(() => null)) as Problem | null;
  // A session that the server no longer knows is of no use to any page.
  if (response.status === 401) session.lost(during);
  throw new ApiError(response.status, problem?.detail ?? `The server answered ${response.status}.`, problem?.errors);
}

const at = encodeURIComponent;

export type Filters = Partial<Record<"goal" | "ended_by" | "transferred" | "field" | "value" | "group" | "min_seconds" | "max_seconds" | "since" | "before", string>>;

export interface SampleQuery extends Filters {
  seed: number;
  per_arm: number;
  arm?: string;
  /** Calls each arm had, as the sample before said: "A:120,B:118". */
  as_of?: string;
}

export const api = {
  status: (signal?: AbortSignal) => request<Status>("/v1/status", signal && { signal }),

  routes: (cursor: string, signal?: AbortSignal) =>
    request<List<Route>>(`/v1/routes?limit=50${cursor && `&cursor=${at(cursor)}`}`, signal && { signal }),

  route: (id: string, signal?: AbortSignal) => request<Route>(`/v1/routes/${at(id)}`, signal && { signal }),

  version: (id: string, signal?: AbortSignal) => request<Version>(`/v1/versions/${at(id)}`, signal && { signal }),

  agents: (cursor: string, signal?: AbortSignal) => request<List<Agent>>(`/v1/agents?limit=500${cursor && `&cursor=${at(cursor)}`}`, signal && { signal }),

  agent: (id: string, signal?: AbortSignal) => request<Agent>(`/v1/agents/${at(id)}`, signal && { signal }),

  createAgent: (name: string, draft: Content) => request<Agent>("/v1/agents", { method: "POST", body: { name, draft } }),

  putDraft: (id: string, draft: Content, revision: number) => request<Agent>(`/v1/agents/${at(id)}/draft`, { method: "PUT", body: draft, revision }),

  publish: (id: string, note: string, revision: number) =>
    request<Version>(`/v1/agents/${at(id)}/publish`, { method: "POST", body: note ? { note } : {}, revision }),

  differences: (id: string, from: string, to: string, signal?: AbortSignal) =>
    request<Differences>(`/v1/agents/${at(id)}/diff?from=${at(from)}&to=${at(to)}`, signal && { signal }),

  versions: (agent: string, cursor: string, signal?: AbortSignal) =>
    request<List<Version>>(`/v1/agents/${at(agent)}/versions?limit=500${cursor && `&cursor=${at(cursor)}`}`, signal && { signal }),

  startTest: (route: string, body: TestRequest) => request<Test>(`/v1/routes/${at(route)}/test`, { method: "POST", body }),

  plan: (body: PlanAsk, signal?: AbortSignal) => request<Plan>("/v1/plan", { method: "POST", body, ...(signal && { signal }) }),

  tests: (o: { route?: string; cursor?: string; limit: number }, signal?: AbortSignal) => {
    const q = new URLSearchParams({ limit: String(o.limit) });
    if (o.route) q.set("route", o.route);
    if (o.cursor) q.set("cursor", o.cursor);
    return request<List<Test>>(`/v1/tests?${q}`, signal && { signal });
  },

  test: (id: string, signal?: AbortSignal) => request<Test>(`/v1/tests/${at(id)}`, signal && { signal }),

  results: (id: string, signal?: AbortSignal) => request<Results>(`/v1/tests/${at(id)}/results?tracks=primary`, signal && { signal }),

  sample: (id: string, query: SampleQuery, signal?: AbortSignal) => {
    const q = new URLSearchParams({ has_transcript: "true" });
    for (const [name, value] of Object.entries(query)) if (value !== "") q.set(name, String(value));
    return request<Sample>(`/v1/tests/${at(id)}/sample?${q}`, signal && { signal });
  },

  split: (id: string, weights: number[], revision: number) =>
    request<Test>(`/v1/tests/${at(id)}/split`, { method: "PUT", body: { weights }, revision }),

  acknowledge: (id: string, check: Check, note: string, revision: number) =>
    request<Test>(`/v1/tests/${at(id)}/acknowledge`, { method: "POST", body: { check, ...(note && { note }) }, revision }),

  /** The test's results to pass on: one HTML page, or Markdown. */
  report: async (id: string, format: "html" | "markdown") => (await ask(`/v1/tests/${at(id)}/report?format=${format}`, {}, format === "html" ? "text/html" : "text/markdown")).blob(),

  decision: (id: string, signal?: AbortSignal) => request<Decision>(`/v1/tests/${at(id)}/decision`, signal && { signal }),

  topics: (id: string, by: TopicsBy, signal?: AbortSignal) => request<Topics>(`/v1/tests/${at(id)}/topics?by=${by}`, signal && { signal }),

  askTopics: (id: string, body: AskTopics) => request<Grouping>(`/v1/tests/${at(id)}/topics`, { method: "POST", body }),

  judgements: (id: string, arm: string, signal?: AbortSignal) => request<Judgements>(`/v1/tests/${at(id)}/judgements?arm=${at(arm)}`, signal && { signal }),

  judge: (id: string, body: StartJudging) => request<JudgingStart>(`/v1/tests/${at(id)}/judgements`, { method: "POST", body }),

  stopJudging: (id: string, arm: string) => ask(`/v1/tests/${at(id)}/judgements?arm=${at(arm)}`, { method: "DELETE" }),

  reanalysis: (id: string, signal?: AbortSignal) => request<Reanalysis>(`/v1/tests/${at(id)}/reanalysis`, signal && { signal }),

  reanalyze: (id: string, body: Reanalyze) => request<Reanalysing>(`/v1/tests/${at(id)}/reanalysis`, { method: "POST", body }),

  stopReanalysis: (id: string) => ask(`/v1/tests/${at(id)}/reanalysis`, { method: "DELETE" }),

  end: (id: string, winner: string, note: string, revision: number) =>
    request<Test>(`/v1/tests/${at(id)}/end`, { method: "POST", body: { winner, ...(note && { note }) }, revision }),
};
