import { expect, test } from "vitest";
import type { Version } from "../api/types";
import { someTest } from "../test/results";
import { emptySetup, faultsOf, proposal, requestOf, setupOf, type Setup } from "./form";

const good: Setup = { ...emptySetup("v1"), versions: ["v1", "v2"], goal: "fields.booked == true" };

test("a complete set-up has no faults", () => expect(faultsOf(good)).toEqual({}));

test.each<[string, Partial<Setup>, string, RegExp]>([
  ["an arm without a version", { versions: ["v1", undefined] }, "versions", /Choose/],
  ["the same version twice", { versions: ["v1", "v1"] }, "versions", /different/],
  ["a split that does not add up", { weights: [50, 40] }, "weights", /add up to 90%/],
  ["a completion rate without a goal", { goal: "  " }, "goal", /needs a goal/],
  ["a guardrail without a margin", { guardrails: [{ metric: "transfer", margin: NaN }] }, "guardrails.0", /acceptable/],
  ["a guardrail with a negative margin", { guardrails: [{ metric: "transfer", margin: -1 }] }, "guardrails.0", /0 or more/],
  ["a ramp that goes down", { ramp: [{ share: 20, calls: 100, minutes: 0 }, { share: 10, calls: 100, minutes: 0 }] }, "ramp", /more than the one before/],
  ["a ramp past its split", { ramp: [{ share: 60, calls: 100, minutes: 0 }] }, "ramp", /up to the split/],
  ["a step that never ends", { ramp: [{ share: 10, calls: 0, minutes: 0 }] }, "ramp", /number of calls or minutes/],
  ["a ramp of three arms", { versions: ["v1", "v2", "v3"], weights: [40, 30, 30], ramp: [{ share: 5, calls: 1, minutes: 0 }] }, "ramp", /two arms/],
  ["half a call", { planned: 10.5 }, "planned", /whole number/],
])("%s is told", (_, change, field, words) => {
  expect(faultsOf({ ...good, ...change })[field as "goal"]).toMatch(words);
});

test("without completion as the metric no goal is needed", () => expect(faultsOf({ ...good, goal: "", primary: "duration" })).toEqual({}));

test("a request leaves out what was left empty", () => {
  expect(requestOf(good)).toEqual({ arms: [{ version: "v1", weight: 50 }, { version: "v2", weight: 50 }], unit: "call", primary_metric: "completion", goal: "fields.booked == true" });
});

test("a ramp begins with its first step and ends with the split", () => {
  const r = requestOf({ ...good, weights: [50, 50], ramp: [{ share: 5, calls: 200, minutes: 60 }, { share: 20, calls: 0, minutes: 60 }] });
  expect(r.arms.map((a) => a.weight)).toEqual([95, 5]);
  expect(r.ramp).toEqual([{ weights: [95, 5], min_calls: 200, min_minutes: 60 }, { weights: [80, 20], min_minutes: 60 }, { weights: [50, 50] }]);
});

function version(id: string, agent: string, number: number): Version {
  return { id, agent_id: agent, agent_name: agent, number, published_at: "2026-11-20T08:15:00Z", published_by: "x", content: {} };
}

test("the live version and the newest of its agent are proposed, with the goal of the test before", () => {
  const all = [version("v1", "front-desk", 1), version("v3", "front-desk", 3), version("v2", "front-desk", 2), version("o9", "other", 9)];
  expect(proposal({ live_version_id: "v1" }, all, { goal: "fields.booked" })).toMatchObject({ versions: ["v1", "v3"], weights: [50, 50], goal: "fields.booked" });
  expect(proposal({ live_version_id: "v3" }, all, undefined)).toMatchObject({ versions: ["v3", undefined], goal: "" });
});

test("a test is set up again as it was, from before its pause", () => {
  const phase = (number: number, weights: number[]) => ({ number, started_at: "2026-11-20T08:15:00Z", weights, split: {} as never });
  const t = someTest({
    goal: "fields.booked", unit: "caller", planned_calls: 4000, guardrails: [{ metric: "transfer", margin: 0.05, action: "rollback" }],
    phases: [phase(1, [90, 10]), phase(2, [80, 20]), phase(3, [100, 0])],
    arms: [{ key: "A", version_id: "v1", weight: 100 }, { key: "B", version_id: "v2", weight: 0 }],
  });
  expect(requestOf(setupOf(t))).toEqual({
    arms: [{ version: "v1", weight: 80 }, { version: "v2", weight: 20 }], unit: "caller", primary_metric: "completion", goal: "fields.booked",
    guardrails: [{ metric: "transfer", margin: 0.05, action: "rollback" }], planned_calls: 4000,
  });
});

test("a ramp comes back as it was set up", () => {
  const ramp = [{ weights: [95, 5], min_calls: 200, min_minutes: 60 }, { weights: [50, 50] }];
  const again = requestOf(setupOf(someTest({ ramp, phases: [] })));
  expect(again.ramp).toEqual(ramp);
  expect(again.arms.map((a) => a.weight)).toEqual([95, 5]);
});
