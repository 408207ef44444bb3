import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { eventParser, listen, type StreamState } from "./events";
import { session } from "../session";
import { stale } from "./live";
import type { Change } from "./types";

const stream = 'retry: 2000\n: listening\n\nid: e-1\nevent: results\ndata: {"kind":"results"}\n\n: still here\n\nid: e-2\r\ndata: one\r\ndata: two\r\n\r\n';
const events = [
  { data: "", retry: 2000 },
  { id: "e-1", data: '{"kind":"results"}' },
  { id: "e-2", data: "one\ntwo" },
];

test("a stream gives its events however it is cut into pieces", () => {
  for (let size = 1; size <= stream.length; size++) {
    const parse = eventParser();
    const got = [];
    for (let i = 0; i < stream.length; i += size) got.push(...parse(stream.slice(i, i + size)));
    expect(got, `pieces of ${size}`).toEqual(events);
  }
});

test("comments and blank lines are no events", () => {
  expect(eventParser()(": still here\n\n\n\n")).toEqual([]);
});

test("a change makes stale what shows it, and nothing of another test", () => {
  expect(stale({ kind: "results", id: "t1", seq: 1 })).toEqual([["results", "t1"]]);
  expect(stale({ kind: "test", id: "t1", seq: 1 })).toEqual([["test", "t1"], ["results", "t1"], ["tests"]]);
  expect(stale({ kind: "agent", id: "a", seq: 1 })).toEqual([["agents"], ["agent", "a", "versions"]]);
  expect(stale({ kind: "topics", id: "t1", seq: 1 })).toEqual([["topics", "t1"]]);
  expect(stale({ kind: "reset", seq: 1 })).toContainEqual(["results"]);
});

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** A server of event streams: each connection gets the next script. */
function serve(...scripts: (string | number)[]) {
  const asked: Headers[] = [];
  vi.stubGlobal("fetch", (_: string, init: RequestInit) => {
    asked.push(new Headers(init.headers));
    const script = scripts[asked.length - 1];
    if (script === undefined) return new Promise(() => undefined); // says nothing
    if (typeof script === "number") return Promise.resolve(new Response("", { status: script }));
    return Promise.resolve(new Response(script));
  });
  return asked;
}

async function heard(minutes: number) {
  const changes: Change[] = [];
  const states: StreamState[] = [];
  const gap = vi.fn();
  const stop = new AbortController();
  const done = listen({ onChange: (c) => changes.push(c), onState: (s) => states.push(s), onGap: gap }, stop.signal);
  await vi.advanceTimersByTimeAsync(minutes * 60_000);
  stop.abort();
  await vi.advanceTimersByTimeAsync(0);
  return { changes, states, gap, done };
}

test("a listener comes back and says what it heard last", async () => {
  const asked = serve('id: e-7\ndata: {"kind":"results","id":"t1","seq":7}\n\n', 503, 'id: e-8\ndata: {"kind":"results","id":"t1","seq":8}\n\n');
  const { changes, states, gap } = await heard(1);
  expect(changes.map((c) => c.seq)).toEqual([7, 8]);
  expect(asked.map((h) => h.get("Last-Event-ID")).slice(0, 4)).toEqual([null, "e-7", "e-7", "e-8"]);
  expect(states.slice(0, 3)).toEqual(["live", "away", "away"]);
  expect(gap).not.toHaveBeenCalled(); // the server tells what was missed
});

test("a stream that broke before its first event may have missed some", async () => {
  serve(": listening\n\n", ": listening\n\n");
  expect((await heard(1)).gap).toHaveBeenCalledTimes(1);
});

test("a session that has ended ends the listening", async () => {
  const asked = serve(401);
  await (await heard(1)).done;
  expect(session.get()).toEqual({ state: "out", why: "ended" });
  expect(asked).toHaveLength(1);
});
