import type { Filters, SampleQuery } from "../api/client";

/** What a sample page's address says: enough to draw the same calls again. */
export interface SampleSearch extends Filters {
  seed?: number;
  /** Calls of each arm to read, the arms told; without it pairs are rated blind. */
  per_arm?: number;
  /** The arm that is set against the first in blind pairs. */
  arm?: string;
  as_of?: string;
}

const filters = ["goal", "ended_by", "transferred", "field", "value", "group", "min_seconds", "max_seconds", "since", "before", "arm", "as_of"] as const;

/** Whether the arms stay hidden until a pair is rated. */
export const isBlind = (search: SampleSearch): boolean => search.per_arm === undefined;

/** The same calls with their arms told, for who may read and not rate. */
export function opened({ arm: _, ...search }: SampleSearch): SampleSearch {
  return { ...search, per_arm: search.per_arm ?? 1 };
}

function whole(x: unknown, most: number): number | undefined {
  const n = Number(x);
  return Number.isInteger(n) && n >= 0 && n <= most ? n : undefined;
}

/** Seeds stay exact in a float64. */
const largestSeed = Number.MAX_SAFE_INTEGER;

/** Takes from an address what makes sense. */
export function readSearch(raw: Record<string, unknown>): SampleSearch {
  const out: SampleSearch = {};
  for (const name of filters) {
    const v = raw[name];
    if (typeof v === "string" || typeof v === "number" || typeof v === "boolean") {
      if (v !== "") out[name] = String(v);
    }
  }
  const seed = raw["seed"] === undefined ? undefined : whole(raw["seed"], largestSeed);
  if (seed !== undefined) out.seed = seed;
  const each = whole(raw["per_arm"], 50);
  if (each) out.per_arm = each;
  return out;
}

/** What to ask the API for. */
export function query(search: SampleSearch): SampleQuery {
  const { arm, ...rest } = search;
  const out: SampleQuery = { ...rest, seed: search.seed ?? 1, per_arm: search.per_arm ?? 1, ...(isBlind(search) && arm && { arm }) };
  // A value without a field, or a field without a value yet, narrows nothing.
  if (!out.field || out.value === undefined) {
    delete out.field;
    delete out.value;
  }
  return out;
}

/** The sizes of the arms in the API's form: A:120,B:118. */
export const asOfText = (asOf: Record<string, number>): string =>
  Object.entries(asOf)
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([arm, n]) => `${arm}:${n}`)
    .join(",");

export const anySeed = (): number => Math.floor(Math.random() * 1_000_000);
