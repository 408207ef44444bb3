import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { ApiError, ask, request, type SampleQuery } from "../api/client";
import type { Call, CallAnalysis, CallRating, List, PairRating, RevealedPair, Sample, Scores, Topics, Turn, Whoami } from "../api/types";
import { rowOf, type CallRow } from "./row";

// What reading calls asks the API for.

const at = encodeURIComponent;
const call = (id: string, part = "") => `/v1/calls/${at(id)}${part}`;
const with_ = (signal: AbortSignal) => ({ signal });

/** Nothing there is an answer, not a failure. */
async function orNothing<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return null;
    throw error;
  }
}

/** Calls in a page of the list. */
export const pageSize = 200;

/** How many of the newest calls are asked for again and again. */
export const newestSize = 100;

async function calls(filter: Record<string, string>, cursor: string, limit: number, signal: AbortSignal): Promise<List<CallRow>> {
  const q = new URLSearchParams({ ...filter, limit: String(limit), ...(cursor && { cursor }) });
  const page = await request<List<Call>>(`/v1/calls?${q}`, with_(signal));
  return { items: page.items.map(rowOf), ...(page.next !== undefined && { next: page.next }) };
}

export const reading = {
  /** The list behind what was newest when it was first read. */
  calls: (filter: Record<string, string>) =>
    infiniteQueryOptions({
      queryKey: ["calls", filter],
      queryFn: ({ pageParam, signal }) => calls(filter, pageParam, pageSize, signal),
      initialPageParam: "",
      getNextPageParam: (page) => page.next,
      staleTime: Infinity,
    }),

  /** The newest calls, as they are now. */
  newest: (filter: Record<string, string>) =>
    queryOptions({ queryKey: ["calls", "newest", filter], queryFn: ({ signal }) => calls(filter, "", newestSize, signal) }),

  call: (id: string) => queryOptions({ queryKey: ["call", id], queryFn: ({ signal }) => request<Call>(call(id), with_(signal)) }),

  turns: (id: string) =>
    queryOptions({
      queryKey: ["call", id, "transcript"],
      queryFn: async ({ signal }) => (await orNothing(request<{ turns: Turn[] | null }>(call(id, "/transcript"), with_(signal))))?.turns ?? [],
    }),

  analysis: (id: string) =>
    queryOptions({ queryKey: ["call", id, "analysis"], queryFn: ({ signal }) => orNothing(request<CallAnalysis>(call(id, "/analysis"), with_(signal))) }),

  ratings: (id: string) =>
    queryOptions({ queryKey: ["call", id, "ratings"], queryFn: async ({ signal }) => (await request<List<CallRating>>(call(id, "/ratings"), with_(signal))).items }),

  recording: (id: string) =>
    queryOptions({
      queryKey: ["call", id, "recording"],
      queryFn: async ({ signal }) => (await ask(call(id, "/recording"), with_(signal), "audio/*")).blob(),
      staleTime: Infinity,
      gcTime: 60_000, // it may be large
      retry: false,
    }),

  blind: (test: string, query: SampleQuery) =>
    queryOptions({
      queryKey: ["sample", test, "blind", query],
      queryFn: ({ signal }) => {
        const q = new URLSearchParams({ blind: "true" });
        for (const [name, value] of Object.entries(query)) if (value !== "") q.set(name, String(value));
        return request<Sample>(`/v1/tests/${at(test)}/sample?${q}`, with_(signal));
      },
      // Drawn again the sides may change.
      staleTime: Infinity,
    }),

  pairRatings: (test: string) =>
    queryOptions({
      queryKey: ["pair-ratings", test],
      queryFn: async ({ signal }) => {
        const items: PairRating[] = [];
        let cursor = "";
        do {
          const page: List<PairRating> = await request(`/v1/tests/${at(test)}/pair-ratings?limit=500${cursor && `&cursor=${at(cursor)}`}`, with_(signal));
          items.push(...page.items);
          cursor = page.next ?? "";
        } while (cursor);
        return items;
      },
    }),

  /** Groups that a test's calls are in; null before any were made. */
  topics: (test: string) =>
    queryOptions({ queryKey: ["topics", test], queryFn: ({ signal }) => orNothing(request<Topics>(`/v1/tests/${at(test)}/topics`, with_(signal))), staleTime: 60_000 }),

  me: () => queryOptions({ queryKey: ["me"], queryFn: ({ signal }) => request<Whoami>("/v1/session", with_(signal)), staleTime: 60_000 }),
};

export interface PairChoice {
  token?: string;
  first_call?: string;
  second_call?: string;
  winner: string;
  note?: string;
}

export const ratePair = (test: string, body: PairChoice) => request<RevealedPair>(`/v1/tests/${at(test)}/pair-ratings`, { method: "POST", body });

export const rateCall = (id: string, scores: Scores, note: string) =>
  request<CallRating>(call(id, "/rating"), { method: "PUT", body: { scores, ...(note && { note }) } });

export const analyzeAgain = (id: string) => request<CallAnalysis>(call(id, "/analysis"), { method: "POST" });
