// What the API takes and sends: names for the types that are made from its
// OpenAPI document.
import type * as schema from "./schema/types.gen";

export type {
  Agent,
  Alarm,
  Arm,
  ArmHeader,
  ArmSample,
  Assignment,
  BlindCall,
  BlindPair,
  AuditEntry,
  BandPoint,
  Belief,
  Call,
  CallAnalysis,
  CallRating,
  Change,
  Comparison,
  Content,
  Conversation,
  Delivery,
  Difference,
  Differences,
  EvidenceHeader,
  Field,
  Finding,
  Guardrail,
  GuardrailState,
  HangupStep,
  HangupTiming,
  Interval,
  Key,
  Llm,
  Metric,
  NamedShare,
  NewKey,
  PairRating,
  Notice,
  PairEvidence as Evidence,
  PhaseHeader as Phase,
  MakePlanBody as PlanAsk,
  Plan,
  PlanMode,
  Problem,
  Quality,
  RampStep,
  Results,
  RevealedPair,
  Route,
  Rule,
  Sample,
  SampledCall,
  Scores,
  Span,
  Speech,
  Status,
  Summary,
  Target,
  Test,
  TestRequest,
  Tool,
  Topics,
  Turn,
  Verdict,
  Version,
  Webhook,
  Whoami,
} from "./schema/types.gen";

export type TestStatus = schema.Test["status"];
export type MetricKind = schema.Metric["kind"];
export type EndedBy = NonNullable<schema.Ending["by"]>;
export type Check = schema.Alarm["check"];
export type Method = NonNullable<schema.PairEvidence["method"]>;

/** One page of a list. */
export interface List<T> {
  items: T[];
  /** Cursor of the next page; absent on the last. */
  next?: string;
}
