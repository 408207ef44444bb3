// What the API takes and sends: names for the types that are made from its
// OpenAPI document.
import type * as schema from "./schema/types.gen";

export type {
  Agent,
  Alarm,
  Analyzer,
  AnalyzerBudget,
  Arm,
  ArmHeader,
  ArmSample,
  AuditEntry,
  BandPoint,
  Belief,
  Call,
  CallAnalysis,
  Change,
  Comparison,
  Content,
  Conversation,
  CreateRouteBody,
  Delivery,
  Difference,
  Differences,
  Erasure,
  PairEvidence as Evidence,
  EvidenceHeader,
  Export,
  Field,
  Guardrail,
  GuardrailState,
  HangupStep,
  HangupTiming,
  Interval,
  Invitation,
  Invited,
  Key,
  Llm,
  Metric,
  NamedShare,
  NewKey,
  NewUser,
  NewWebhook,
  Notice,
  OidcSetting,
  OwnSession,
  PhaseHeader as Phase,
  Plan,
  MakePlanBody as PlanAsk,
  PlanMode,
  PrivacyJob,
  PrivacySettings,
  Problem,
  Progress,
  Purge,
  PutAnalyzerBody,
  PutOidcBody,
  Quality,
  RampStep,
  RedactSettings,
  Results,
  Retention,
  Route,
  Rule,
  Sample,
  SampledCall,
  Setup,
  Span,
  Speech,
  Status,
  Summary,
  Target,
  Test,
  TestRequest,
  Tool,
  Trial,
  Turn,
  User,
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
