// What the API sends, as far as the console reads it. Times are RFC 3339 text.

export type TestStatus = "running" | "ended" | "recorded";
export type MetricKind = "count" | "proportion" | "mean" | "category";
export type EndedBy = "caller" | "agent" | "system" | "unknown";

export interface List<T> {
  items: T[];
  /** Cursor of the next page; absent on the last. */
  next?: string;
}

export interface Route {
  id: string;
  kind: "inbound" | "outbound";
  number?: string;
  name: string;
  live_version_id: string;
  fallback_uri?: string;
  sip_mode: "proxy" | "redirect";
  max_call_seconds: number;
  version_limit?: number;
  revision: number;
}

export interface Version {
  id: string;
  agent_name: string;
  number: number;
  note?: string;
  published_at: string;
}

export interface Arm {
  key: string;
  version_id: string;
  /** Percent of calls in the current phase. */
  weight: number;
}

export interface Test {
  id: string;
  route_id: string;
  name?: string;
  status: TestStatus;
  arms: Arm[];
  unit: "call" | "caller";
  goal?: string;
  primary_metric: string;
  started_at: string;
  ended_at?: string;
  winner?: string;
  end_note?: string;
  /** Grows with each change; given back in If-Match. */
  revision: number;
}

export type Check = "sample_ratio" | "coverage" | "not_randomised" | "metric_health";

export interface Span {
  low: number;
  high: number;
}

export interface Alarm {
  check: Check;
  text: string;
  acknowledged?: { at: string; by: string; note?: string };
}

export interface GuardrailState {
  metric: string;
  worse: "higher" | "lower";
  margin: number;
  action: "announce" | "rollback";
  arm: string;
  breached: boolean;
  text: string;
}

export type Method = "betting" | "planned" | "asymptotic" | "clustered";

/** What Tandem concludes; holds however often it is looked at. */
export interface Verdict {
  status:
    | "collecting"
    | "better"
    | "no_practical_difference"
    | "guardrail_breached"
    | "split_broken"
    | "outcomes_missing"
    | "not_randomised"
    | "metric_broken";
  metric: string;
  arm?: string;
  text: string;
  method?: Method;
  /** Randomised calls folded into the evidence. */
  calls: number;
  covered_to?: string;
  /** What would change it. */
  change?: string;
  alarms: Alarm[];
  guardrails: GuardrailState[];
}

/** One arm against the first, valid at every look. */
export interface Evidence {
  arm: string;
  against: string;
  /** Values folded, in both arms. */
  n: number;
  value?: number;
  interval?: Span;
  p?: number;
  log10_p?: number;
  method?: Method;
  adjusted_p?: number;
  exploratory: boolean;
  any_change_p?: number;
  track?: BandPoint[];
}

/** A moment in the history of a difference, with its always-valid band. */
export interface BandPoint {
  at: string;
  n: number;
  value: number;
  low: number;
  high: number;
}

/** How far the evidence reaches, and whether it may be trusted. */
export interface EvidenceHeader {
  calls: number;
  /** Calls behind the oldest one that is still without outcome. */
  waiting: number;
  covered_to?: string;
  rebuilding?: boolean;
  callers: number;
  withheld: number;
  first_calls?: Evidence[];
  sample_ratio: { log_bayes_factor?: number; broken: boolean; not_checked?: string };
  coverage: { kind: string; arm: string; value?: number; p?: number; alarm: boolean }[];
}

export interface ArmHeader extends Arm {
  version: string;
  note?: string;
}

export interface Phase {
  number: number;
  started_at: string;
  weights: number[];
  calls: number;
}

export interface Interval {
  low: number;
  high: number;
  method: string;
}

export interface NamedShare {
  name: string;
  n: number;
  share: number;
}

/** One arm in one metric. */
export interface Summary {
  arm: string;
  /** How many calls the value rests on. */
  n: number;
  /** How many more ended calls there are of which it is not known. */
  unknown: number;
  value?: number;
  successes?: number;
  interval?: Interval;
  sd?: number;
  median?: number;
  p90?: number;
  shares?: NamedShare[];
}

/** An arm against the first. p holds only if one looks once. */
export interface Comparison {
  arm: string;
  against: string;
  value?: number;
  interval?: Interval;
  p?: number;
  log10_p?: number;
  test?: string;
  phases: number;
  evidence?: Evidence;
  /** The difference as a share of the first arm's value; for one look. */
  relative?: { value: number };
  /** What a Bayesian would say: a description, not a reason to stop. */
  belief?: { better: number };
  note?: string;
}

export interface Metric {
  name: string;
  label: string;
  kind: MetricKind;
  unit?: string;
  /** What n counts. */
  base: string;
  primary?: boolean;
  arms: Summary[];
  against_a?: Comparison[];
  /** Always-valid p that the arms differ at all. */
  any_difference_p?: number;
  note?: string;
}

export interface HangupStep {
  from: number;
  to: number;
  at_risk: number;
  hangups: number;
  others: number;
  /** Share of callers who stay past it, 0 to 1. */
  staying: number;
}

export interface HangupTiming {
  arm: string;
  hangups: number;
  calls: number;
  steps: HangupStep[];
}

export interface Quality {
  arm: string;
  assigned: number;
  randomised: number;
  in_progress: number;
  ended: number;
  lost: number;
  analyzed: number;
  outcomes: number;
  outcome_share?: number;
  analyzed_share?: number;
  lost_share?: number;
  not_randomised: Record<string, number>;
}

export interface Results {
  test_id: string;
  route_id: string;
  /** The route's number, or its name. */
  route: string;
  name?: string;
  status: TestStatus;
  unit: "call" | "caller";
  goal?: string;
  primary_metric: string;
  started_at: string;
  ended_at?: string;
  winner?: string;
  arms: ArmHeader[];
  phases: Phase[];
  verdict: Verdict;
  method: { comparison: string; level: number; unit: string; stratified: boolean; notes: string[] };
  metrics: Metric[];
  hangups: HangupTiming[];
  quality: Quality[];
  evidence: EvidenceHeader;
}

export interface Fact<T> {
  value: T;
  origin: string;
  at: string;
}

export interface Call {
  id: string;
  assigned?: Fact<{ arm?: string; phase?: number }>;
  ended?: Fact<{ by: EndedBy; cause?: string }>;
  transfer?: Fact<{ state: "attempted" | "failed" | "completed"; to?: string }>;
  values?: Record<string, Fact<string | number | boolean | null>>;
  goal?: boolean;
  ordinal?: number;
  stage: "assigned" | "ended" | "analyzed" | "lost";
  duration_seconds?: number;
}

export interface Turn {
  role: "agent" | "caller" | "tool";
  text: string;
  start_ms?: number;
  end_ms?: number;
  /** Agent turns: the caller barged in. */
  interrupted?: boolean;
}

export interface SampledCall {
  call: Call;
  turns: Turn[];
}

export interface ArmSample {
  arm: string;
  version_id: string;
  looked: number;
  exhausted: boolean;
  calls: SampledCall[];
}

export interface Sample {
  test_id: string;
  seed: number;
  per_arm: number;
  as_of: Record<string, number>;
  arms: ArmSample[];
}

/** RFC 9457. */
export interface Problem {
  title: string;
  status: number;
  code: string;
  detail: string;
  errors?: { location: string; message: string }[];
}

/** A notice of /v1/events: what changed, never the data. */
export interface Change {
  kind: "config" | "agent" | "route" | "test" | "results" | "reset";
  id?: string;
  seq: number;
}
