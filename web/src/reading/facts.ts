import type { Call } from "../api/types";
import { fieldValue, words } from "../format";

/** One thing known of a call, who reported it and when. */
export interface KnownFact {
  what: string;
  value: string;
  origin: string;
  at: string;
  event?: string;
  redacted: number;
}

interface Fact {
  at: string;
  origin: string;
  event_id?: string;
  redacted?: Record<string, number>;
}

const total = (r: Record<string, number> | undefined): number => Object.values(r ?? {}).reduce((sum, n) => sum + n, 0);

/** The facts of a call's record, in the order of their times. */
export function factsOf(c: Call): KnownFact[] {
  const out: KnownFact[] = [];
  const add = (what: string, fact: Fact | undefined, value: string) => {
    if (fact) out.push({ what, value, origin: fact.origin, at: fact.at, redacted: total(fact.redacted), ...(fact.event_id && { event: fact.event_id }) });
  };
  const ended = c.ended?.value;
  add("assigned", c.assigned, [c.assigned?.value.arm && `arm ${c.assigned.value.arm}`, c.assigned?.value.number, c.assigned?.value.caller && `from ${c.assigned.value.caller}`].filter(Boolean).join(", "));
  add("started", c.started, "");
  add("answered", c.answered, "");
  add(
    "ended",
    c.ended,
    ended ? [`by ${ended.by}`, ended.cause, ended.sip_status && `SIP ${ended.sip_status}`, ended.duration_ms !== undefined && `after ${(ended.duration_ms / 1000).toFixed(1)} s`, ended.answered === false && "not answered", ended.voicemail && "voicemail"].filter(Boolean).join(", ") : "",
  );
  add("transfer", c.transfer, c.transfer ? `${c.transfer.value.state}${c.transfer.value.to ? ` to ${c.transfer.value.to}` : ""}` : "");
  add("failover", c.failover, c.failover ? words(c.failover.value.reason) : "");
  add("lost", c.lost, "no end was reported in time");
  add("version that took it", c.reported_version, c.reported_version?.value ?? "");
  add("transcript", c.turns, c.turns ? `${c.turns.value} turns` : "");
  add("recording", c.recording, c.recording ? (c.recording.value.url ? "a link" : "the link is not kept") : "");
  add("cost", c.cost, c.cost ? `${c.cost.value.amount} ${c.cost.value.currency}` : "");
  add("latency", c.latency, c.latency ? `median ${c.latency.value.p50_ms} ms${c.latency.value.p90_ms ? `, 9 of 10 within ${c.latency.value.p90_ms} ms` : ""}` : "");
  for (const [name, fact] of Object.entries(c.values ?? {})) add(`analysis: ${words(name)}`, fact, fieldValue(fact.value as string | number | boolean | null));
  return out.sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

/** What was deleted of a call, and what was taken out of its text. */
export function withheld(c: Call): string[] {
  const out: string[] = [];
  const gone: [string | undefined, string][] = [
    [c.removed?.transcript, "The transcript was deleted"],
    [c.removed?.analysis, "Texts of the analysis were deleted"],
    [c.removed?.recording, "The link to the recording was deleted"],
    [c.removed?.caller, "The caller's number was deleted"],
    [c.removed?.record, "All personal data of the call was deleted"],
  ];
  for (const [at, what] of gone) if (at) out.push(`${what} on ${new Date(at).toLocaleDateString(undefined, { dateStyle: "medium" })}.`);
  if (c.removed?.goal) out.push("Whether the goal was met stands as it was judged then.");
  const kinds = new Map<string, number>();
  const facts = [c.turns, c.ended, c.transfer, ...Object.values(c.values ?? {})] as (Fact | undefined)[];
  for (const f of facts) for (const [kind, n] of Object.entries(f?.redacted ?? {})) kinds.set(kind, (kinds.get(kind) ?? 0) + n);
  if (kinds.size > 0) out.push(`Taken out of what was said and found: ${[...kinds].map(([k, n]) => `${n} × ${k}`).join(", ")}.`);
  return out;
}
