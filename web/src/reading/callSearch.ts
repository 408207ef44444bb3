/** What the address of the list of calls says. */
export interface CallSearch {
  route?: string;
  test?: string;
  arm?: string;
  version?: string;
  stage?: string;
  ended_by?: string;
  transferred?: string;
  goal?: string;
  field?: string;
  value?: string;
  group?: string;
  min_seconds?: string;
  max_seconds?: string;
  /** How far back from now, in place of since: 1h, 24h, 7d. */
  last?: string;
  since?: string;
  before?: string;
  has_transcript?: string;
}

const names = ["route", "test", "arm", "version", "stage", "ended_by", "transferred", "goal", "field", "value", "group", "min_seconds", "max_seconds", "last", "since", "before", "has_transcript"] as const;

const allowed: Partial<Record<(typeof names)[number], RegExp>> = {
  stage: /^(assigned|ended|analyzed|lost)$/,
  ended_by: /^(caller|agent|system|unknown)$/,
  transferred: /^(true|false)$/,
  has_transcript: /^true$/,
  goal: /^(met|not_met|unknown)$/,
  min_seconds: /^\d{1,6}(\.\d{1,3})?$/,
  max_seconds: /^\d{1,6}(\.\d{1,3})?$/,
  last: /^(1h|24h|7d|30d)$/,
};

/** Takes from an address what makes sense. */
export function readCallSearch(raw: Record<string, unknown>): CallSearch {
  const out: CallSearch = {};
  for (const name of names) {
    const v = raw[name];
    if (typeof v !== "string" && typeof v !== "number" && typeof v !== "boolean") continue;
    const text = String(v);
    if (text === "" || allowed[name]?.test(text) === false) continue;
    if ((name === "since" || name === "before") && Number.isNaN(Date.parse(text))) continue;
    out[name] = text;
  }
  return out;
}

const spans: Record<string, number> = { "1h": 3_600_000, "24h": 86_400_000, "7d": 7 * 86_400_000, "30d": 30 * 86_400_000 };

/** What to ask the API for; now in milliseconds. */
export function callQuery({ last, ...search }: CallSearch, now: number): Record<string, string> {
  const out = Object.fromEntries(Object.entries(search).filter(([, v]) => v !== "")) as Record<string, string>;
  // What narrows only beside something else narrows nothing alone.
  if (!out["field"] || out["value"] === undefined) {
    delete out["field"];
    delete out["value"];
  }
  if (!out["test"]) {
    delete out["group"];
    delete out["arm"];
  }
  if (last && spans[last]) out["since"] = new Date(now - spans[last]).toISOString();
  return out;
}

/** How many filters narrow the list. */
export const narrowed = (search: CallSearch): number => Object.keys(callQuery(search, 0)).filter((name) => name !== "value").length;
