import { session } from "../session";
import type { Change } from "./types";

// Server-sent events by fetch: EventSource tells neither a refusal from a break nor
// when something last came.
// The format is that of the HTML standard, section 9.2.

export interface ServerEvent {
  id?: string;
  data: string;
  retry?: number;
}

/** Takes text in pieces of any size and gives the events completed by each. */
export function eventParser(): (chunk: string) => ServerEvent[] {
  let rest = "";
  let event: ServerEvent = { data: "" };
  let lines: string[] = [];

  const field = (line: string) => {
    const colon = line.indexOf(":");
    if (colon === 0) return; // a comment
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (name === "data") lines.push(value);
    else if (name === "id" && !value.includes("\0")) event.id = value;
    else if (name === "retry" && /^\d+$/.test(value)) event.retry = Number(value);
  };

  return (chunk) => {
    rest += chunk;
    const done: ServerEvent[] = [];
    for (;;) {
      const end = /\r\n|\n|\r(?!$)/.exec(rest); // a last \r may be half of \r\n
      if (!end) return done;
      const line = rest.slice(0, end.index);
      rest = rest.slice(end.index + end[0].length);
      if (line !== "") {
        field(line);
        continue;
      }
      if (lines.length > 0 || event.retry !== undefined) done.push({ ...event, data: lines.join("\n") });
      event = { data: "" };
      lines = [];
    }
  };
}

export type StreamState = "connecting" | "live" | "away";

interface Listener {
  onChange: (change: Change) => void;
  /** With when the server last said something; it does so at least every 15 s. */
  onState: (state: StreamState, heard: number) => void;
  /** The stream was interrupted and cannot say what it missed. */
  onGap: () => void;
}

/** The server sends something at least every 15 s; after this long it is gone. */
const silence = 40_000;
const longestWait = 30_000;

/** Listens until the signal aborts, coming back whenever the stream breaks. */
export async function listen(l: Listener, signal: AbortSignal): Promise<void> {
  let lastId: string | undefined;
  let wait = 2_000;
  let failures = 0;
  let before = false;
  let heard = Date.now();
  while (!signal.aborted) {
    const attempt = new AbortController();
    const during = session.get();
    const stop = () => attempt.abort();
    signal.addEventListener("abort", stop);
    let watchdog = setTimeout(stop, silence);
    try {
      const headers = new Headers({ Accept: "text/event-stream" });
      if (lastId !== undefined) headers.set("Last-Event-ID", lastId);
      const response = await fetch("/v1/events", { headers, cache: "no-store", credentials: "same-origin", signal: attempt.signal });
      if (response.status === 401) {
        session.lost(during);
        return;
      }
      if (!response.ok || !response.body) throw new Error(`the stream answered ${response.status}`);
      failures = 0;
      heard = Date.now();
      l.onState("live", heard);
      if (before && lastId === undefined) l.onGap();
      before = true;
      const parse = eventParser();
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) break;
        heard = Date.now();
        clearTimeout(watchdog);
        watchdog = setTimeout(stop, silence);
        for (const event of parse(value)) {
          if (event.id !== undefined) lastId = event.id;
          if (event.retry !== undefined) wait = event.retry;
          if (event.data !== "") l.onChange(JSON.parse(event.data) as Change);
        }
      }
    } catch {
      failures++; // whatever it was, coming back is the answer
    } finally {
      clearTimeout(watchdog);
      signal.removeEventListener("abort", stop);
    }
    // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- it may have aborted meanwhile
    if (signal.aborted) return;
    l.onState("away", heard);
    await pause(Math.min(longestWait, wait * 2 ** Math.min(failures, 6)) * (0.75 + Math.random() / 2), signal);
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener("abort", end);
  });
}
