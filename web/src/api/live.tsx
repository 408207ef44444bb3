import { useQueryClient, type QueryClient } from "@tanstack/react-query";
import { createContext, useContext, useEffect, useState, type ReactNode } from "react";
import { listen, type StreamState } from "./events";
import type { Change } from "./types";

interface Stream {
  state: StreamState;
  /** When the server last said something, as of the last change of state. */
  heard: number;
}

const Live = createContext<Stream>({ state: "connecting", heard: Date.now() });

/** Whether changes arrive by themselves at the moment. */
export const useLive = (): StreamState => useContext(Live).state;

/** How often to ask while nobody tells us of changes. */
export const usePolling = (): number | false => (useLive() === "live" ? false : 5_000);

/** A break that is over by then is no news. */
const patience = 20_000;

/**
 * As of when the page on show is, when it may be out of date: no changes arrive, and
 * nothing that it shows could be fetched for a while. Undefined while it is current.
 */
export function useStaleSince(): number | undefined {
  const { state, heard } = useContext(Live);
  const client = useQueryClient();
  const [since, setSince] = useState<number>();
  useEffect(() => {
    if (state === "live") return;
    const look = () => {
      const shown = client.getQueryCache().findAll({ type: "active" });
      const newest = Math.max(heard, ...shown.map((q) => q.state.dataUpdatedAt));
      setSince(Date.now() - newest > patience ? newest : undefined);
    };
    const timer = setInterval(look, 1_000);
    return () => {
      clearInterval(timer);
      setSince(undefined);
    };
  }, [state, heard, client]);
  return since;
}

/** Results may change many times a second; nobody reads faster than this. */
const gathering = 1_000;

/** What a change makes stale, as query keys. */
export function stale(change: Change): string[][] {
  const { kind, id } = change;
  switch (kind) {
    case "results":
      return [["results", id ?? ""]];
    case "test":
      return [["test", id ?? ""], ["results", id ?? ""], ["tests"]];
    case "route":
      return [["route", id ?? ""], ["routes"]];
    case "agent":
      // Not the agent itself: whoever edits its draft goes on with what they began with.
      return [["agents"], ["agent", id ?? "", "versions"]];
    case "topics":
      return [["topics", id ?? ""]];
    case "judging":
      return [["judgements", id ?? ""]];
    case "reanalysis":
      return [["reanalysis", id ?? ""]];
    case "config":
      return [["routes"], ["route"], ["tests"], ["test"], ["results"]];
    case "reset":
      return [["routes"], ["route"], ["tests"], ["test"], ["results"], ["agents"], ["topics"], ["judgements"], ["reanalysis"]];
    default:
      return [];
  }
}

/** Gathers changes for a second, then has the pages on show fetch what changed. */
function gatherer(client: QueryClient) {
  const waiting = new Map<string, string[]>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const flush = () => {
    timer = undefined;
    for (const queryKey of waiting.values()) void client.invalidateQueries({ queryKey });
    waiting.clear();
  };
  return {
    take: (change: Change) => {
      for (const key of stale(change)) waiting.set(key.join("\n"), key);
      if (waiting.size > 0) timer ??= setTimeout(flush, gathering);
    },
    stop: () => clearTimeout(timer),
  };
}

export function LiveProvider({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const [stream, setStream] = useState<Stream>(() => ({ state: "connecting", heard: Date.now() }));
  useEffect(() => {
    const stop = new AbortController();
    const gather = gatherer(client);
    void listen(
      { onChange: gather.take, onState: (state, heard) => setStream({ state, heard }), onGap: () => gather.take({ kind: "reset", seq: 0 }) },
      stop.signal,
    );
    return () => {
      stop.abort();
      gather.stop();
    };
  }, [client]);
  return <Live value={stream}>{children}</Live>;
}
