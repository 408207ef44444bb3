import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { usePolling } from "../api/live";
import type { List } from "../api/types";
import { newestSize, reading } from "./api";
import type { CallRow } from "./row";

/** Browsers cannot lay out pages of any height: so many rows, and no more, are gone through at a time. */
export const mostRows = 400_000;

/** So many pages without a call are read on by themselves. */
export const mostInVain = 10;

/** How many pages at the end hold no call. */
function fruitless(pages: List<CallRow>[]): number {
  return pages.length - 1 - pages.findLastIndex((p) => p.items.length > 0);
}

/**
 * The calls that pass a filter, by place: those that came since the list was
 * first read, then its pages, which are never read again. `gap` says that more
 * came than were read, `resting` that so many pages in a row held none that it is
 * left to the reader whether to look further back.
 */
export function useCalls(filter: Record<string, string>) {
  const polling = usePolling();
  const pages = useInfiniteQuery(reading.calls(filter));
  const newest = useQuery({ ...reading.newest(filter), refetchInterval: polling === false ? 3_000 : polling });
  const list = useMemo(() => joined(newest.data, pages.data?.pages ?? []), [newest.data, pages.data]);
  // A page looks at so many calls and no more, and none of them may pass the filter.
  const inVain = fruitless(pages.data?.pages ?? []);
  const resting = pages.hasNextPage && inVain > 0 && inVain % mostInVain === 0;
  const empty = pages.isSuccess && list.count === 0 && pages.hasNextPage && !resting ? inVain : 0;
  const { fetchNextPage, isFetching } = pages;
  useEffect(() => {
    if (empty > 0 && !isFetching) void fetchNextPage();
  }, [empty, isFetching, fetchNextPage]);
  return { pages, list, resting };
}

export interface Joined {
  count: number;
  at: (place: number) => CallRow | undefined;
  gap: boolean;
}

/** The newest calls before the pages; where both have a call, the newest say how it is. */
export function joined(newest: List<CallRow> | undefined, pages: List<CallRow>[]): Joined {
  const head = pages.find((p) => p.items.length > 0)?.items[0];
  const fresh = newest?.items ?? [];
  const known = head === undefined ? fresh.length : fresh.findIndex((c) => c.id === head.id);
  // The first of the pages is not among the newest: it was overtaken, or no longer passes the filter.
  const gap = head !== undefined && known < 0 && fresh.length >= newestSize && newest?.next !== undefined && !fresh.some((c) => older(c, head));
  const added = known >= 0 ? fresh.slice(0, known) : fresh.filter((c) => head === undefined || !older(c, head));
  const now = new Map(fresh.map((c) => [c.id, c]));
  const starts: number[] = [];
  let count = gap ? 0 : added.length;
  const front = gap ? [] : added;
  for (const p of pages) {
    starts.push(count);
    count += p.items.length;
  }
  const at = (place: number): CallRow | undefined => {
    if (place < front.length) return front[place];
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? Infinity) <= place) low = middle;
      else high = middle - 1;
    }
    const row = pages[low]?.items[place - (starts[low] ?? 0)];
    return row && (now.get(row.id) ?? row);
  };
  return { count, at, gap };
}

/** Whether a stands behind b in the list: assigned earlier, or at once with a lesser id. */
function older(a: CallRow, b: CallRow): boolean {
  const [x, y] = [a.at ? Date.parse(a.at) : 0, b.at ? Date.parse(b.at) : 0];
  return x < y || (x === y && a.id <= b.id);
}
