import { useQueryClient, type QueryClient } from "@tanstack/react-query";
import { createContext, useContext, useEffect, useState, type ReactNode } from "react";
import { listen, type StreamState } from "./events";
import type { Change } from "./types";

const Live = createContext<StreamState>("connecting");

/** Whether changes arrive by themselves at the moment. */
export const useLive = (): StreamState => useContext(Live);

/** How often to ask while nobody tells us of changes. */
export const usePolling = (): number | false => (useLive() === "live" ? false : 5_000);

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
    case "config":
      return [["routes"], ["route"], ["tests"], ["test"], ["results"]];
    case "reset":
      return [["routes"], ["route"], ["tests"], ["test"], ["results"]];
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
  const [state, setState] = useState<StreamState>("connecting");
  useEffect(() => {
    const stop = new AbortController();
    const gather = gatherer(client);
    void listen(
      { onChange: gather.take, onState: setState, onGap: () => gather.take({ kind: "reset", seq: 0 }) },
      stop.signal,
    );
    return () => {
      stop.abort();
      gather.stop();
    };
  }, [client]);
  return <Live value={state}>{children}</Live>;
}
