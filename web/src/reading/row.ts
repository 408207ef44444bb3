import type { Call } from "../api/types";

/** What the list keeps of a call: little, since there may be very many. */
export interface CallRow {
  id: string;
  at?: string;
  route?: string;
  number?: string;
  test?: string;
  arm?: string;
  version?: string;
  seconds?: number;
  endedBy?: Ender;
  transferred: boolean;
  goal?: boolean;
  sentiment?: number;
  stage: Call["stage"];
  apart: boolean;
}

type Ender = "caller" | "agent" | "system" | "unknown";

export function rowOf(c: Call): CallRow {
  const a = c.assigned?.value;
  const sentiment = c.values?.["sentiment"]?.value;
  return {
    id: c.id,
    stage: c.stage,
    transferred: c.transfer !== undefined && c.transfer.value.state !== "failed",
    apart: Boolean(c.not_randomised),
    ...(c.assigned && { at: c.assigned.at }),
    ...(a?.route_id && { route: a.route_id }),
    ...(a?.number && { number: a.number }),
    ...(a?.test_id && { test: a.test_id }),
    ...(a?.arm && { arm: a.arm }),
    ...(a?.version_id && { version: a.version_id }),
    ...(c.duration_seconds !== undefined && { seconds: c.duration_seconds }),
    ...(c.ended && { endedBy: c.ended.value.by }),
    ...(c.goal !== undefined && { goal: c.goal }),
    ...(typeof sentiment === "number" && { sentiment }),
  };
}

export const enders: Record<Ender, string> = { caller: "caller", agent: "agent", system: "system", unknown: "unknown" };

export const stages: Record<Call["stage"], string> = { assigned: "in progress", ended: "ended", analyzed: "analysed", lost: "lost" };
