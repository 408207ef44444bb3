import { QueryClient, QueryClientProvider, useQuery } from "@tanstack/react-query";
import { act, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, test, vi } from "vitest";
import { LiveProvider, useStaleSince } from "./live";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "Date"], now: new Date("2026-11-20T09:00:00Z") });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const after = (seconds: number) => act(() => vi.advanceTimersByTimeAsync(seconds * 1000));

/** A page that shows something, asked for anew every so many seconds. */
function Page({ every }: { every?: number }) {
  useQuery({ queryKey: ["shown"], queryFn: async () => (await fetch("/v1/shown")).text(), retry: false, refetchInterval: every ? every * 1000 : false });
  const since = useStaleSince();
  return <p>{since === undefined ? "current" : new Date(since).toISOString()}</p>;
}

/** Requests by path; a stream that goes on until it is cut. */
function serve(answers: { shown: () => boolean; events: () => ReadableStream<Uint8Array> | undefined }) {
  vi.stubGlobal("fetch", (path: string) => {
    const stream = path === "/v1/events" ? answers.events() : undefined;
    if (stream) return Promise.resolve(new Response(stream));
    return path === "/v1/shown" && answers.shown() ? Promise.resolve(new Response("here")) : Promise.reject(new TypeError("away"));
  });
}

function show(every?: number) {
  render(
    <QueryClientProvider client={new QueryClient()}>
      <LiveProvider>
        <Page {...(every !== undefined && { every })} />
      </LiveProvider>
    </QueryClientProvider>,
  );
}

test("a page says as of when it is once the server has been away for a while, and no more when it is back", async () => {
  let up = true;
  let cut: () => void = () => undefined;
  const events = () => (up ? new ReadableStream<Uint8Array>({ start: (c) => { cut = () => c.error(new Error("cut")); } }) : undefined);
  serve({ shown: () => up, events });
  show(5);
  await after(60); // nothing has to happen for a page to be current
  screen.getByText("current");
  up = false;
  cut();
  await after(15);
  screen.getByText("current"); // a short break is no news
  await after(15);
  screen.getByText("2026-11-20T09:01:00.000Z");
  up = true;
  await after(60);
  screen.getByText("current");
});

test("a page that asks for itself is current without the stream; one that does not is not", async () => {
  serve({ shown: () => true, events: () => undefined });
  show(5);
  await after(120);
  screen.getByText("current");
});

test("a page that was fetched once and hears of no changes may be out of date", async () => {
  serve({ shown: () => true, events: () => undefined });
  show();
  await after(30);
  screen.getByText("2026-11-20T09:00:00.000Z");
});
