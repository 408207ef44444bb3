import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { renderHook, waitFor } from "@testing-library/react";
import { createElement, type ReactNode } from "react";
import { afterEach, expect, test, vi } from "vitest";
import { answer } from "../test/server";
import { placeOf } from "./CallList";
import type { CallRow } from "./row";
import { joined, mostInVain, useCalls } from "./useCalls";

afterEach(() => vi.unstubAllGlobals());

const row = (n: number, more: Partial<CallRow> = {}): CallRow => ({ id: `c${String(n).padStart(3, "0")}`, at: new Date(n * 1000).toISOString(), stage: "ended", transferred: false, apart: false, ...more });
const rows = (from: number, to: number) => Array.from({ length: from - to + 1 }, (_, i) => row(from - i));
const ids = (list: ReturnType<typeof joined>) => Array.from({ length: list.count }, (_, i) => list.at(i)?.id);

test("calls that came since stand before the pages, each call once and as it is now", () => {
  const newest = { items: [row(13), row(12), row(11, { stage: "analyzed" }), row(10)], next: "x" };
  const list = joined(newest, [{ items: rows(11, 9), next: "a" }, { items: [], next: "b" }, { items: rows(8, 7) }]);
  expect(ids(list)).toEqual(["c013", "c012", "c011", "c010", "c009", "c008", "c007"]);
  expect(list.at(2)?.stage).toBe("analyzed");
  expect(list.at(7)).toBeUndefined();
  expect(list.gap).toBe(false);
});

test("where more came than were read, the list says so and has no hole", () => {
  const list = joined({ items: rows(300, 201), next: "x" }, [{ items: rows(100, 90) }]);
  expect(list.gap).toBe(true);
  expect(list.at(0)?.id).toBe("c100");
});

test("a call that comes far in front of the others is no gap", () => {
  const list = joined({ items: [row(300)], next: "x" }, [{ items: rows(100, 90) }]);
  expect(list.gap).toBe(false);
  expect(list.at(0)?.id).toBe("c300");
});

test("pages without a call are read on until there is one", async () => {
  const asked = answer(({ path }) => {
    const cursor = new URL(path, "http://x").searchParams.get("cursor");
    if (cursor === null) return { body: { items: [], next: "b" } };
    return { body: cursor === "b" ? { items: [], next: "c" } : { items: [{ id: "one", stage: "lost" }], next: "d" } };
  });
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const { result } = renderHook(() => useCalls({ stage: "lost" }), { wrapper: ({ children }: { children: ReactNode }) => createElement(QueryClientProvider, { client }, children) });
  await waitFor(() => expect(result.current.list.count).toBe(1));
  expect(asked.filter((a) => a.path.includes("limit=200")).map((a) => new URL(a.path, "http://x").searchParams.get("cursor"))).toEqual([null, "b", "c"]);
});

test("after ten pages without a call it is left to the reader to look further back", async () => {
  const asked = answer(({ path }) => ({ body: { items: [], ...(path.includes("limit=200") && { next: "on" }) } }));
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const { result } = renderHook(() => useCalls({ stage: "lost" }), { wrapper: ({ children }: { children: ReactNode }) => createElement(QueryClientProvider, { client }, children) });
  const pages = () => asked.filter((a) => a.path.includes("limit=200")).length;
  await waitFor(() => expect(result.current.resting).toBe(true));
  expect(pages()).toBe(mostInVain);
  void result.current.pages.fetchNextPage();
  await waitFor(() => expect(pages()).toBe(2 * mostInVain));
  await waitFor(() => expect(result.current.resting).toBe(true));
});

test("a call that no longer passes the filter leaves no gap", () => {
  const list = joined({ items: [row(12), row(10)], next: "x" }, [{ items: rows(11, 9) }]);
  expect(list.gap).toBe(false);
  expect(ids(list)).toEqual(["c012", "c011", "c010", "c009"]);
});

test("an empty list takes the calls that come", () => {
  expect(ids(joined({ items: rows(2, 1) }, [{ items: [] }]))).toEqual(["c002", "c001"]);
  expect(joined(undefined, []).count).toBe(0);
});

test("the focus stays with its call while others come in above", () => {
  const list = joined({ items: rows(20, 15), next: "x" }, [{ items: rows(16, 1) }]);
  expect(placeOf(list, { place: 2, id: "c014" })).toBe(6);
  expect(placeOf(list, { place: 3, id: "gone" })).toBe(3);
});
