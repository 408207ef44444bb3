// What the API takes and sends: names for the types that are made from its
// OpenAPI document.
import type * as schema from "./schema/types.gen";

export type {
  Agent,
  Alarm,
  Arm,
  ArmHeader,
  AnalysisUsage,
  Agreement,
  Answers,
  ArmSample,
  AskTopicsBody as AskTopics,
  Bin,
  AuditEntry,
  BandPoint,
  Belief,
  Call,
  Change,
  Comparison,
  Content,
  Conversation,
  Decision,
  Delivery,
  Difference,
  Differences,
  EvidenceHeader,
  Field,
  GoalChange,
  Group,
  GroupDifference,
  Grouping,
  GroupMetric,
  Guardrail,
  GuardrailState,
  HangupStep,
  HangupTiming,
  Interaction,
  Interval,
  Judgements,
  Judging,
  JudgingStart,
  Key,
  Llm,
  Metric,
  NamedShare,
  NewKey,
  Notice,
  PairEvidence as Evidence,
  PhaseHeader as Phase,
  MakePlanBody as PlanAsk,
  Plan,
  PlanMode,
  Outlay,
  Preferred,
  Problem,
  Quality,
  RampState,
  RampStep,
  Reanalysing,
  Reanalysis,
  ReanalyzeBody as Reanalyze,
  ReanalysisEstimate,
  Recounting,
  Results,
  Route,
  Rule,
  Sample,
  SampledCall,
  Span,
  Speech,
  StartJudgingBody as StartJudging,
  Status,
  Summary,
  Target,
  Test,
  TestRequest,
  Tool,
  Topics,
  Traffic,
  Turn,
  UnknownGap,
  Verdict,
  Version,
  Webhook,
} from "./schema/types.gen";

export type TestStatus = schema.Test["status"];
export type TopicsBy = schema.Grouping["by"];
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
