import type { Guardrail, Route, Test, TestRequest, Version } from "../api/types";
import { resumed } from "../change/pause";
import { fault } from "../change/weights";

/** A test as it is being set up. */
export interface Setup {
  name: string;
  /** Versions by id, in the order of the arms; undefined is not chosen yet. */
  versions: (string | undefined)[];
  weights: number[];
  unit: "call" | "caller";
  goal: string;
  primary: string;
  guardrails: Guardrail[];
  /** Steps of B's share that come before the split; empty: none. */
  ramp: Step[];
  /** Calls at which one means to decide; NaN is no plan. */
  planned: number;
}

export interface Step {
  /** B's percent. */
  share: number;
  calls: number;
  minutes: number;
}

export const emptySetup = (live: string): Setup => ({
  name: "",
  versions: [live, undefined],
  weights: [50, 50],
  unit: "call",
  goal: "",
  primary: "completion",
  guardrails: [],
  ramp: [],
  planned: NaN,
});

/**
 * A test as it is proposed for a route: A is the live version, B the newest one of
 * the same agent if it is another, and the goal is that of the test before.
 */
export function proposal(route: Pick<Route, "live_version_id">, versions: Version[], before: Pick<Test, "goal"> | undefined): Setup {
  const live = versions.find((v) => v.id === route.live_version_id);
  const newest = versions.filter((v) => v.agent_id === live?.agent_id).reduce<Version | undefined>((best, v) => (best && best.number > v.number ? best : v), undefined);
  const empty = emptySetup(route.live_version_id);
  return { ...empty, versions: [route.live_version_id, newest && newest.id !== route.live_version_id ? newest.id : undefined], goal: before?.goal ?? "" };
}

/** The set-up that a test was started with, as far as it still says: the split is the last one that was no pause. */
export function setupOf(t: Test): Setup {
  const ramp = t.ramp ?? [];
  const weights = ramp.at(-1)?.weights ?? resumed(t) ?? t.arms.map((a) => a.weight);
  return {
    name: t.name ?? "",
    versions: t.arms.map((a) => a.version_id),
    weights,
    unit: t.unit,
    goal: t.goal ?? "",
    primary: t.primary_metric,
    guardrails: t.guardrails ?? [],
    ramp: ramp.slice(0, -1).map((step) => ({ share: step.weights[1] ?? 0, calls: step.min_calls ?? 0, minutes: step.min_minutes ?? 0 })),
    planned: t.planned_calls ?? NaN,
  };
}

/** What keeps the test from being started, by field. */
export type Faults = Partial<Record<"versions" | "weights" | "goal" | "ramp" | "planned" | `guardrails.${number}`, string>>;

export function faultsOf(s: Setup): Faults {
  const out: Faults = {};
  if (s.versions.some((v) => v === undefined)) out.versions = "Choose a published version for each arm.";
  else if (new Set(s.versions).size < s.versions.length) out.versions = "The arms have to be different versions.";
  const split = fault(s.weights);
  if (split) out.weights = split;
  if (s.primary === "completion" && s.goal.trim() === "") out.goal = "The completion rate needs a goal: say when a call is a completion.";
  s.guardrails.forEach((g, i) => {
    if (!(g.margin >= 0)) out[`guardrails.${i}`] = "How much worse is still acceptable? 0 or more.";
  });
  const shares = [...s.ramp.map((r) => r.share), s.weights[1] ?? 0];
  if (s.ramp.length > 0 && s.versions.length > 2) out.ramp = "A ramp needs two arms.";
  else if (s.ramp.some((r) => !(r.share > 0) || !(r.calls >= 0) || !(r.minutes >= 0) || !(r.calls + r.minutes > 0))) out.ramp = "Each step needs a share, and a least number of calls or minutes.";
  else if (shares.some((share, i) => i > 0 && share <= (shares[i - 1] ?? 0))) out.ramp = "Each step has to give B more than the one before, up to the split.";
  if (!Number.isNaN(s.planned) && !(s.planned >= 1 && Number.isInteger(s.planned))) out.planned = "A whole number of calls.";
  return out;
}

/** The request that starts the test. */
export function requestOf(s: Setup): TestRequest {
  const weights = s.ramp.length > 0 ? [100 - (s.ramp[0]?.share ?? 0), s.ramp[0]?.share ?? 0] : s.weights;
  const steps = [...s.ramp, undefined];
  return {
    arms: s.versions.map((version, i) => ({ ...(version !== undefined && { version }), weight: weights[i] ?? 0 })),
    unit: s.unit,
    primary_metric: s.primary,
    ...(s.name.trim() !== "" && { name: s.name.trim() }),
    ...(s.goal.trim() !== "" && { goal: s.goal.trim() }),
    ...(s.guardrails.length > 0 && { guardrails: s.guardrails }),
    ...(s.ramp.length > 0 && {
      ramp: steps.map((step) => ({
        weights: step ? [100 - step.share, step.share] : s.weights,
        ...(step && step.calls > 0 && { min_calls: step.calls }),
        ...(step && step.minutes > 0 && { min_minutes: step.minutes }),
      })),
    }),
    ...(!Number.isNaN(s.planned) && { planned_calls: s.planned }),
  };
}
