import type { Results, Test } from "../api/types";

/** A test of two arms, as the API tells it. */
export function someResults(change: Partial<Results> = {}): Results {
  return {
    test_id: "t1",
    route_id: "r1",
    route: "+14155550100",
    status: "running",
    unit: "call",
    goal: "fields.booked == true",
    primary_metric: "completion",
    started_at: "2026-11-20T08:15:00Z",
    arms: [
      { key: "A", version_id: "v1", version: "front-desk@1", weight: 90, note: "Full greeting" },
      { key: "B", version_id: "v2", version: "front-desk@2", weight: 10 },
    ],
    phases: [{ number: 1, started_at: "2026-11-20T08:15:00Z", weights: [90, 10], calls: 1000 }],
    verdict: { status: "collecting", level: 0.95, metric: "completion", text: "Collecting: 1000 calls so far, 700 with a known completion.", calls: 960, method: "betting", covered_to: "2026-11-21T08:15:00Z", change: "About 900 more calls if the difference stays as it is.", alarms: [], guardrails: [] },
    method: { comparison: "fixed_horizon", level: 0.95, unit: "call", stratified: false, notes: ["Hold only if you look once."] },
    metrics: [
      {
        name: "duration",
        label: "Duration",
        kind: "mean",
        unit: "s",
        base: "answered calls whose duration is known",
        arms: [
          { arm: "A", n: 890, unknown: 3, value: 67.62, interval: { low: 65.1, high: 70.1, method: "student_t" }, sd: 30, median: 59.8, p90: 119.9 },
          { arm: "B", n: 100, unknown: 0, value: 60.3, interval: { low: 55, high: 65.6, method: "student_t" }, sd: 25, median: 52.5, p90: 99.6 },
        ],
        against_a: [{ label: "fixed_horizon", arm: "B", against: "A", value: -7.32, interval: { low: -10.9, high: -3.7, method: "welch_t" }, p: 3e-5, log10_p: -4.52, phases: 1, evidence: { arm: "B", against: "A", n: 960, value: -7.3, interval: { low: -14.2, high: -0.6 }, p: 0.03, adjusted_p: 0.06, exploratory: true, method: "betting", any_change_p: 0.004 } }],
      },
      {
        name: "completion",
        label: "Completion rate",
        kind: "proportion",
        base: "ended calls whose goal is known",
        primary: true,
        arms: [
          { arm: "A", n: 620, unknown: 270, value: 0.506, successes: 314, interval: { low: 0.466, high: 0.545, method: "wilson" } },
          { arm: "B", n: 80, unknown: 20, value: 0.575, successes: 46, interval: { low: 0.465, high: 0.677, method: "wilson" } },
        ],
        against_a: [{ label: "fixed_horizon", arm: "B", against: "A", value: 0.069, interval: { low: -0.047, high: 0.178, method: "newcombe" }, p: 0.243, phases: 1, relative: { value: 0.136 }, belief: { better: 0.87, loss_if_kept: 0.003, loss_if_not: 0.07 }, evidence: { arm: "B", against: "A", n: 680, value: 0.069, interval: { low: -0.11, high: 0.24 }, p: 0.6, exploratory: false, method: "betting", track: [{ at: "2026-11-20T09:00:00Z", n: 100, value: 0.02, low: -0.4, high: 0.44 }, { at: "2026-11-20T19:00:00Z", n: 400, value: 0.05, low: -0.17, high: 0.27 }, { at: "2026-11-21T08:15:00Z", n: 680, value: 0.069, low: -0.09, high: 0.23 }] } }],
      },
      {
        name: "field.reason",
        label: "Reason",
        kind: "category",
        base: "ended calls of which it is known",
        arms: [
          { arm: "A", n: 880, unknown: 10, shares: [{ name: "opening_hours", n: 660, share: 0.75 }, { name: "book", n: 220, share: 0.25 }] },
          { arm: "B", n: 100, unknown: 0, shares: [{ name: "book", n: 60, share: 0.6 }, { name: "pain", n: 40, share: 0.4 }] },
        ],
        against_a: [{ label: "fixed_horizon", arm: "B", against: "A", p: 0.004, log10_p: -2.4, phases: 1 }],
        any_difference_p: 0.02,
      },
    ],
    hangups: [],
    quality: [
      { arm: "A", assigned: 905, randomised: 900, in_progress: 7, ended: 890, lost: 3, analyzed: 880, outcomes: 620, outcome_share: 0.697, analyzed_share: 0.989, lost_share: 0.003, not_randomised: { target_down: 5 } },
      { arm: "B", assigned: 100, randomised: 100, in_progress: 0, ended: 100, lost: 0, analyzed: 100, outcomes: 80, outcome_share: 0.8, analyzed_share: 1, lost_share: 0, not_randomised: {} },
    ],
    evidence: { calls: 960, waiting: 12, callers: 700, withheld: 3, sample_ratio: { log_bayes_factor: -1.2, broken: false }, coverage: [] },
    ...change,
  };
}

export function someTest(change: Partial<Test> = {}): Test {
  const r = someResults();
  return {
    id: "t1",
    route_id: "r1",
    status: "running",
    arms: r.arms.map(({ key, version_id, weight }) => ({ key, version_id, weight })),
    unit: "call",
    primary_metric: "completion",
    phases: [],
    started_at: r.started_at,
    revision: 3,
    ...change,
  };
}
