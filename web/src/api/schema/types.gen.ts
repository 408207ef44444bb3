// Made from the OpenAPI document by `make types`: do not edit.

export type ClientOptions = {
    baseUrl: `${string}://${string}` | (string & {});
};

export type Accepted = {
    /**
     * Events stored, those included that changed nothing
     */
    accepted: number;
};

export type AcknowledgeBody = {
    /**
     * The check whose alarm was looked into
     */
    check: 'sample_ratio' | 'coverage' | 'not_randomised' | 'metric_health';
    /**
     * What was found
     */
    note?: string;
};

export type Acknowledgement = {
    at: string;
    /**
     * Name of the key
     */
    by: string;
    check: 'sample_ratio' | 'coverage' | 'not_randomised' | 'metric_health';
    /**
     * What the alarm was about
     */
    concerns?: Array<Concern>;
    note?: string;
};

export type Agent = {
    readonly created_at: string;
    draft: Content;
    readonly id: string;
    readonly latest_version: number;
    /**
     * Unique among agents; letters, digits, space, dot, dash and underscore
     */
    name: string;
    /**
     * Grows with each change; given back in If-Match
     */
    readonly revision: number;
    readonly updated_at: string;
};

export type Alarm = {
    acknowledged?: Acknowledgement;
    check: 'sample_ratio' | 'coverage' | 'not_randomised' | 'metric_health';
    /**
     * What it is about
     */
    concerns: Array<Concern>;
    text: string;
};

export type Arm = {
    key: string;
    version_id: string;
    /**
     * Percent of calls in the current phase, at most two decimals
     */
    weight: number;
};

export type ArmHeader = {
    key: string;
    /**
     * What changed in this version, in the publisher's words
     */
    note?: string;
    version: string;
    version_id: string;
    /**
     * Percent of calls in the current phase
     */
    weight: number;
};

export type ArmRequest = {
    /**
     * A published version: id, or agent@number; for the first arm the default is the route's live version
     */
    version?: string;
    /**
     * Percent of calls; given for every arm or for none
     */
    weight?: number;
};

export type ArmSample = {
    arm: string;
    calls: Array<SampledCall>;
    /**
     * All calls of the arm were looked at
     */
    exhausted: boolean;
    /**
     * Calls looked at to find these
     */
    looked: number;
    version_id: string;
};

export type AskAssignmentBody = {
    /**
     * Which call. Left out, a new one: keep the answer's call_id for its events
     */
    call?: CallRequest;
    /**
     * The caller, or for outbound calls the one who is called; a test that is sticky by caller gives all calls of one caller the same arm
     */
    caller?: string;
    /**
     * Id, phone number or name of the route
     */
    route: string;
};

export type Assignment = {
    arm?: string;
    caller?: string;
    not_randomised?: string;
    /**
     * The number that was called
     */
    number?: string;
    phase?: number;
    probability?: number;
    route_id: string;
    /**
     * Empty when no test ran on the route
     */
    test_id?: string;
    /**
     * What was hashed: the call's id or the caller
     */
    unit?: string;
    unit_kind?: string;
    version_id?: string;
};

export type AssignmentAnswer = {
    arm?: string;
    /**
     * Tandem's id of the call, for its events
     */
    call_id: string;
    /**
     * Takes the call when the version's target does not answer
     */
    fallback_uri?: string;
    /**
     * Why the arm was not left to chance; the call is counted apart
     */
    not_randomised?: string;
    phase?: number;
    /**
     * The chance with which the call got its arm
     */
    probability?: number;
    route_id: string;
    /**
     * Absent when no test runs on the route
     */
    test_id?: string;
    /**
     * Takes the call; absent when only the route's fallback is left
     */
    version?: VersionAnswer;
};

export type AuditEntry = {
    action: string;
    /**
     * Name of the key, or of the command on the server
     */
    actor: string;
    after: unknown;
    at: string;
    before: unknown;
    id: string;
    /**
     * Id of the agent, route, test or key
     */
    object: string;
};

export type BandPoint = {
    at: string;
    high: number;
    low: number;
    n: number;
    value: number;
};

export type Belief = {
    /**
     * Chance that this arm's share is higher than the first's
     */
    better: number;
    /**
     * Share expected to be lost by keeping this arm
     */
    loss_if_kept: number;
    /**
     * Share expected to be lost by keeping the first
     */
    loss_if_not: number;
};

export type Bin = {
    from: number;
    n: number;
    to: number;
};

export type Breach = {
    arm: string;
    /**
     * When the calls were taken from the arm
     */
    at: string;
    metric: string;
    worse: 'higher' | 'lower';
};

export type BulkReport = {
    /**
     * Lines stored, those included that changed nothing
     */
    accepted: number;
    /**
     * The first thousand of them
     */
    rejected: Array<RejectedLine>;
    /**
     * Lines not stored
     */
    rejected_count: number;
};

export type Call = {
    answered?: FactMoment;
    assigned?: FactAssignment;
    conversation?: Conversation;
    cost?: FactCost;
    /**
     * From answer to end; absent while unknown
     */
    duration_seconds?: number;
    ended?: FactEnding;
    failover?: FactFailover;
    foreign?: {
        [key: string]: string;
    };
    goal?: boolean;
    id: string;
    latency?: FactLatency;
    lost?: FactMoment;
    /**
     * Why the call is counted apart; absent when its arm was left to chance
     */
    not_randomised?: string;
    ordinal?: number;
    revision: number;
    /**
     * Where the call is on its way
     */
    stage: 'assigned' | 'ended' | 'analyzed' | 'lost';
    started?: FactMoment;
    transfer?: FactTransfer;
    turns?: FactInt;
    values?: {
        [key: string]: FactValue;
    };
};

export type CallRequest = {
    /**
     * Your own id of the call: asking again with it gives the same answer
     */
    foreign_id?: string;
    /**
     * Tandem's id of the call
     */
    id?: string;
    /**
     * Who has the foreign id; default api
     */
    origin?: string;
};

export type Change = {
    id?: string;
    kind: 'config' | 'agent' | 'route' | 'test' | 'results' | 'reset';
    seq: number;
};

export type Comparison = {
    against: string;
    arm: string;
    /**
     * Shares: Beta-Binomial, one phase only; a description, not a reason to stop
     */
    belief?: Belief;
    evidence?: PairEvidence;
    interval?: Interval;
    /**
     * Holds only if you look once
     */
    label: 'fixed_horizon';
    /**
     * Its decimal logarithm, which orders p-values too small to write
     */
    log10_p?: number;
    /**
     * Means: difference of the medians; holds only if you look once
     */
    median?: Estimate;
    note?: string;
    /**
     * Two-sided; holds only if you look once
     */
    p?: number;
    phases: number;
    /**
     * The difference as a share of the first arm's value; holds only if you look once
     */
    relative?: Relative;
    test?: 'pooled_z' | 'fisher_exact' | 'welch_t' | 'chi_squared';
    /**
     * This arm minus the first; absent for categories and while unknown
     */
    value?: number;
};

export type Concern = {
    /**
     * The arm that has it; none where it is about all
     */
    arm?: string;
    /**
     * The kind of gap, or of oddness
     */
    kind: string;
    /**
     * Grows with the fault; of use only beside an earlier one
     */
    strength: number;
};

export type Content = {
    /**
     * Any further configuration, a JSON object
     */
    extra?: unknown;
    /**
     * What post-call analysis fills in
     */
    fields?: Array<Field>;
    /**
     * Conversation flow, any JSON
     */
    flow?: unknown;
    greeting?: string;
    llm?: Llm;
    prompt?: string;
    /**
     * How a call reaches this version
     */
    target?: Target;
    tools?: Array<Tool>;
    transcriber?: Speech;
    voice?: Speech;
};

export type Conversation = {
    agent_talk_share?: number;
    caller_talk_share?: number;
    /**
     * Whether it ended in such trouble: in one of the last two turns a misunderstanding or a repeated prompt
     */
    dead_end: boolean;
    /**
     * Agent turns into which the caller spoke
     */
    interruptions?: number;
    /**
     * Longest time between turns in which nobody speaks
     */
    longest_silence_seconds?: number;
    /**
     * Turns in which somebody says that they did not hear or understand
     */
    misunderstandings: number;
    /**
     * Agent turns that say again what the agent said shortly before
     */
    repeated_prompts: number;
    reply_p50_ms?: number;
    reply_p90_ms?: number;
    /**
     * Turns of agent and caller
     */
    turns: number;
};

export type Cost = {
    amount: number;
    /**
     * ISO 4217
     */
    currency: string;
};

export type CreateAgentBody = {
    /**
     * May be incomplete: what is missing is told when it is published
     */
    draft?: Content;
    /**
     * Unique among agents; letters, digits, space, dot, dash and underscore
     */
    name: string;
};

export type CreateKeyBody = {
    /**
     * Who or what uses it; stands in the audit log
     */
    name: string;
    /**
     * What it may do: read; write agents, routes and tests; ingest events and ask for assignments; admin: everything
     */
    scopes: Array<'read' | 'write' | 'ingest' | 'admin'>;
};

export type CreateRouteBody = {
    /**
     * SIP URI that takes the call when the version's target does not answer
     */
    fallback_uri?: string;
    kind?: 'inbound' | 'outbound';
    /**
     * Takes every call that no test assigns: id, or agent@number
     */
    live_version: string;
    /**
     * A call that has not ended by then, plus a grace period, is marked lost
     */
    max_call_seconds?: number;
    /**
     * Default: the number without its plus
     */
    name?: string;
    /**
     * Inbound only; in any common way of writing
     */
    number?: string;
    sip_mode?: 'proxy' | 'redirect';
    /**
     * Most calls in progress per version; 0: no limit
     */
    version_limit?: number;
};

export type CreateWebhookBody = {
    /**
     * What it hears; left out: everything
     */
    kinds?: Array<'verdict' | 'guardrail.breached' | 'split.broken' | 'outcomes.missing' | 'alarm' | 'ramp.advanced'>;
    /**
     * Where notices are posted
     */
    url: string;
};

export type Decision = {
    at: string;
    /**
     * Name of the key
     */
    by: string;
    /**
     * The reason given
     */
    note?: string;
    results: unknown;
    test_id: string;
    /**
     * Key of the arm that was kept
     */
    winner: string;
};

export type Delivery = {
    attempts: number;
    last_error?: string;
    next_at?: string;
    notice: Notice;
    state: 'pending' | 'delivered' | 'failed';
    webhook_id: string;
};

export type Difference = {
    after: unknown;
    before: unknown;
    path: string;
};

export type Differences = {
    /**
     * Ordered by path; empty when the two are the same
     */
    differences: Array<Difference>;
    from: string;
    to: string;
};

export type EndRequest = {
    /**
     * Why
     */
    note?: string;
    /**
     * Key of the arm to keep; default A
     */
    winner?: string;
};

export type Ending = {
    answered?: boolean;
    by: 'caller' | 'agent' | 'system' | 'unknown';
    /**
     * The origin's own word for the reason
     */
    cause?: string;
    duration_ms?: number;
    /**
     * Final status of a call that failed
     */
    sip_status?: number;
};

export type Estimate = {
    interval?: Interval;
    value: number;
};

export type Event = {
    /**
     * Field name to value: text, number, boolean or null for unknown
     */
    analysis?: {
        [key: string]: unknown;
    };
    assigned?: Assignment;
    /**
     * When it happened
     */
    at?: string;
    /**
     * Tandem's id of the call
     */
    call_id?: string;
    cost?: Cost;
    ended?: Ending;
    failover?: Failover;
    /**
     * The origin's own id of the call, when Tandem's is not known
     */
    foreign_id?: string;
    /**
     * Unique within the origin; the same id sent again changes nothing
     */
    id: string;
    kind: 'assigned' | 'started' | 'answered' | 'ended' | 'transferred' | 'failover' | 'transcript' | 'analysis' | 'cost' | 'latency';
    latency?: Latency;
    /**
     * Who reports; default api
     */
    origin?: string;
    transcript?: Array<Turn>;
    transferred?: Transfer;
};

export type EvidenceHeader = {
    /**
     * Different callers among them
     */
    callers: number;
    /**
     * Randomised calls folded, in order of assignment
     */
    calls: number;
    /**
     * Whether outcomes are missing more often in an arm than in A
     */
    coverage: Array<Gap>;
    covered_to?: string;
    /**
     * Sensitivity: the primary metric by each caller's first call only
     */
    first_calls?: Array<PairEvidence>;
    rebuilding?: boolean;
    sample_ratio: SampleRatio;
    /**
     * Randomised calls behind the oldest one that is still without outcome
     */
    waiting: number;
    /**
     * Calls whose caller is not known, taken as callers of their own
     */
    withheld: number;
};

export type FactAssignment = {
    at: string;
    event_id?: string;
    origin: string;
    value: Assignment;
};

export type FactCost = {
    at: string;
    event_id?: string;
    origin: string;
    value: Cost;
};

export type FactEnding = {
    at: string;
    event_id?: string;
    origin: string;
    value: Ending;
};

export type FactFailover = {
    at: string;
    event_id?: string;
    origin: string;
    value: Failover;
};

export type FactInt = {
    at: string;
    event_id?: string;
    origin: string;
    value: number;
};

export type FactLatency = {
    at: string;
    event_id?: string;
    origin: string;
    value: Latency;
};

export type FactMoment = {
    at: string;
    event_id?: string;
    origin: string;
    value: Moment;
};

export type FactTransfer = {
    at: string;
    event_id?: string;
    origin: string;
    value: Transfer;
};

export type FactValue = {
    at: string;
    event_id?: string;
    origin: string;
    value: unknown;
};

export type Failover = {
    reason: string;
    /**
     * Version id, or fallback
     */
    served_by: string;
};

export type Field = {
    /**
     * Selectors only: at least two
     */
    choices?: Array<string>;
    /**
     * What the analyser is told
     */
    instruction?: string;
    /**
     * Numbers only
     */
    max?: number;
    /**
     * Numbers only
     */
    min?: number;
    /**
     * Lower-case letters, digits and underscores
     */
    name: string;
    /**
     * How the field is filled from the transcript's words, without a language model
     */
    rule?: Rule;
    type: 'text' | 'number' | 'boolean' | 'selector';
    /**
     * Numbers only: the unit, such as EUR
     */
    unit?: string;
};

export type Gap = {
    alarm: boolean;
    arm: string;
    kind: 'coverage.outcome' | 'coverage.analysis' | 'coverage.lost' | 'coverage.failed_over';
    /**
     * Holds at every look
     */
    p?: number;
    /**
     * This arm's share less A's
     */
    value?: number;
};

export type Guardrail = {
    /**
     * What a breach does; default announce
     */
    action?: 'announce' | 'rollback';
    /**
     * How much worse than A is still acceptable, in the metric's unit
     */
    margin: number;
    metric: string;
    /**
     * Which way is worse; default by metric
     */
    worse?: 'higher' | 'lower';
};

export type GuardrailState = {
    /**
     * What a breach does; default announce
     */
    action?: 'announce' | 'rollback';
    arm: string;
    /**
     * Lower bound of the harm; holds at every look
     */
    at_least?: number;
    breached: boolean;
    harm?: number;
    /**
     * How much worse than A is still acceptable, in the metric's unit
     */
    margin: number;
    metric: string;
    text: string;
    /**
     * Which way is worse; default by metric
     */
    worse?: 'higher' | 'lower';
};

export type HangupStep = {
    /**
     * Calls still on at the start
     */
    at_risk: number;
    from: number;
    /**
     * Callers who left in it
     */
    hangups: number;
    /**
     * Calls that ended otherwise in it
     */
    others: number;
    /**
     * Share of callers who stay past it, 0 to 1
     */
    staying: number;
    to: number;
};

export type HangupTiming = {
    arm: string;
    /**
     * Answered calls whose duration is known
     */
    calls: number;
    hangups: number;
    steps: Array<HangupStep>;
};

export type Interval = {
    high: number;
    low: number;
    method: 'wilson' | 'student_t' | 'newcombe' | 'welch_t' | 'delta' | 'order_statistics';
};

export type Key = {
    created_at: string;
    id: string;
    name: string;
    revoked_at?: string;
    scopes: Array<string>;
};

export type Llm = {
    model: string;
    provider: string;
    temperature?: number;
};

export type Latency = {
    p50_ms: number;
    p90_ms?: number;
};

export type ListAgent = {
    items: Array<Agent>;
    /**
     * Cursor of the next page; absent on the last
     */
    next?: string;
};

export type ListAuditEntry = {
    items: Array<AuditEntry>;
    /**
     * Cursor of the next page; absent on the last
     */
    next?: string;
};

export type ListCall = {
    items: Array<Call>;
    /**
     * Cursor of the next page; absent on the last
     */
    next?: string;
};

export type ListDelivery = {
    items: Array<Delivery>;
    /**
     * Cursor of the next page; absent on the last
     */
    next?: string;
};

export type ListKey = {
    items: Array<Key>;
    /**
     * Cursor of the next page; absent on the last
     */
    next?: string;
};

export type ListNotice = {
    items: Array<Notice>;
    /**
     * Cursor of the next page; absent on the last
     */
    next?: string;
};

export type ListRoute = {
    items: Array<Route>;
    /**
     * Cursor of the next page; absent on the last
     */
    next?: string;
};

export type ListTest = {
    items: Array<Test>;
    /**
     * Cursor of the next page; absent on the last
     */
    next?: string;
};

export type ListVersion = {
    items: Array<Version>;
    /**
     * Cursor of the next page; absent on the last
     */
    next?: string;
};

export type ListWebhook = {
    items: Array<Webhook>;
    /**
     * Cursor of the next page; absent on the last
     */
    next?: string;
};

export type MakePlanBody = {
    /**
     * Chance of finding one that is not; default 0.05
     */
    alpha?: number;
    /**
     * A's value: a share from 0 to 1, or an average in the metric's unit
     */
    baseline?: number;
    /**
     * The other way round: which difference is found by so many calls in both arms
     */
    calls?: number;
    /**
     * The same for so many days at the volume
     */
    days?: number;
    /**
     * The difference to find, B less A, in the metric's unit: 0.05 is 5 points of a share
     */
    effect?: number;
    /**
     * Largest possible value; means only
     */
    high?: number;
    /**
     * Default: that of the metric, else proportion
     */
    kind?: 'proportion' | 'mean';
    /**
     * Least possible value; means only. Without bounds the evidence is asymptotic
     */
    low?: number;
    /**
     * A metric of the route's latest test: it gives the kind, and whatever of baseline, sd, low and high is left out
     */
    metric?: string;
    /**
     * Calls a day that the test would get, in both arms; default: the route's of late
     */
    per_day?: number;
    /**
     * Chance of finding a difference that is there; default 0.8
     */
    power?: number;
    /**
     * The same as a share of the baseline: 0.1 is 10 % more
     */
    relative?: number;
    /**
     * Id, phone number or name of a route: its volume, and for a metric what its latest test knows, fill in what is left out
     */
    route?: string;
    /**
     * Standard deviation of one call's value, in the metric's unit; means only
     */
    sd?: number;
    /**
     * B's share of the calls of both arms; default 0.5
     */
    share_b?: number;
    /**
     * Of a mean, for the text
     */
    unit?: string;
};

export type Method = {
    comparison: 'fixed_horizon';
    level: number;
    notes: Array<string>;
    /**
     * More than one phase has calls; comparisons are made within phases
     */
    stratified: boolean;
    /**
     * The unit of analysis
     */
    unit: 'call';
};

export type Metric = {
    /**
     * Each other arm against the first; not for counts
     */
    against_a?: Array<Comparison>;
    /**
     * Holds at every look
     */
    any_difference_p?: number;
    /**
     * One for each arm, in the order of the arms
     */
    arms: Array<Summary>;
    /**
     * What n counts
     */
    base: string;
    kind: 'count' | 'proportion' | 'mean' | 'category';
    label: string;
    name: string;
    note?: string;
    overall?: Significance;
    primary?: boolean;
    unit?: string;
};

export type Moment = {
    [key: string]: never;
};

export type NamedShare = {
    n: number;
    name: string;
    share: number;
};

export type NewKey = {
    created_at: string;
    id: string;
    name: string;
    revoked_at?: string;
    scopes: Array<string>;
    /**
     * Shown only now: it cannot be read again
     */
    secret: string;
};

export type NewWebhook = {
    created_at: string;
    id: string;
    /**
     * What it hears; empty: everything
     */
    kinds?: Array<string>;
    /**
     * Signs deliveries as Standard Webhooks describe. Shown only now: it cannot be read again
     */
    secret: string;
    url: string;
};

export type Notice = {
    at: string;
    data?: unknown;
    id: string;
    kind: 'verdict' | 'guardrail.breached' | 'split.broken' | 'outcomes.missing' | 'alarm' | 'ramp.advanced' | 'ping';
    route_id?: string;
    test_id?: string;
    /**
     * One sentence
     */
    text: string;
};

export type PairEvidence = {
    /**
     * For the primary metric with several arms: Holm's; for others: Benjamini-Hochberg's over all of them
     */
    adjusted_p?: number;
    against: string;
    /**
     * Durations: any change in duration, of the average or of the spread; holds at every look
     */
    any_change_p?: number;
    arm: string;
    /**
     * Asymptotic confidence sequence, the check on the interval
     */
    band?: Span;
    /**
     * Durations: the interval and p are about durations cut here; longer ones count as this long. Four times the longest of the first 50, fixed from then on
     */
    cut_at?: number;
    /**
     * Not the primary metric: a lead to follow, not a conclusion
     */
    exploratory: boolean;
    /**
     * Holds at every look
     */
    interval?: Span;
    log10_p?: number;
    method?: 'betting' | 'planned' | 'asymptotic' | 'clustered';
    /**
     * Values folded, in both arms
     */
    n: number;
    /**
     * The bets exclude every difference: it is not the same in all calls, and has changed over time
     */
    none_fits?: boolean;
    /**
     * Holds at every look
     */
    p?: number;
    /**
     * The asymptotic band over time, thinned
     */
    track?: Array<BandPoint>;
    /**
     * This arm less the first, over the covered calls
     */
    value?: number;
};

export type PatchAgentBody = {
    /**
     * Unique among agents
     */
    name?: string | null;
};

export type Phase = {
    number: number;
    split: Split;
    started_at: string;
    weights: Array<number>;
};

export type PhaseHeader = {
    calls: number;
    number: number;
    started_at: string;
    weights: Array<number>;
};

export type Plan = {
    /**
     * Calls needed for the difference asked about
     */
    modes?: Array<PlanMode>;
    /**
     * Where figures come from, and what they leave out
     */
    notes?: Array<string>;
    /**
     * What was asked, with defaults filled in
     */
    request: PlanRequest;
    /**
     * Difference found by the calls or days asked about
     */
    smallest?: Array<Smallest>;
    text: string;
};

export type PlanMode = {
    /**
     * Calls in both arms by which the difference is found with the wanted power; for planned, the number to plan
     */
    calls: number;
    /**
     * Days for calls, at per_day
     */
    days?: number;
    /**
     * Mean number of calls when the test ends as soon as the difference is found
     */
    expected: number;
    /**
     * Days for expected, at per_day
     */
    expected_days?: number;
    mode: 'sequential' | 'planned' | 'fixed';
};

export type PlanRequest = {
    /**
     * Chance of finding one that is not; default 0.05
     */
    alpha?: number;
    /**
     * A's value: a share from 0 to 1, or an average in the metric's unit
     */
    baseline?: number;
    /**
     * The other way round: which difference is found by so many calls in both arms
     */
    calls?: number;
    /**
     * The same for so many days at the volume
     */
    days?: number;
    /**
     * The difference to find, B less A, in the metric's unit: 0.05 is 5 points of a share
     */
    effect?: number;
    /**
     * Largest possible value; means only
     */
    high?: number;
    /**
     * Default: that of the metric, else proportion
     */
    kind?: 'proportion' | 'mean';
    /**
     * Least possible value; means only. Without bounds the evidence is asymptotic
     */
    low?: number;
    /**
     * A metric of the route's latest test: it gives the kind, and whatever of baseline, sd, low and high is left out
     */
    metric?: string;
    /**
     * Calls a day that the test would get, in both arms; default: the route's of late
     */
    per_day?: number;
    /**
     * Chance of finding a difference that is there; default 0.8
     */
    power?: number;
    /**
     * The same as a share of the baseline: 0.1 is 10 % more
     */
    relative?: number;
    /**
     * Standard deviation of one call's value, in the metric's unit; means only
     */
    sd?: number;
    /**
     * B's share of the calls of both arms; default 0.5
     */
    share_b?: number;
    /**
     * Of a mean, for the text
     */
    unit?: string;
};

export type Problem = {
    /**
     * What kind of problem, for programs
     */
    code: 'invalid' | 'not_found' | 'conflict' | 'stale' | 'unauthenticated' | 'forbidden' | 'unavailable' | 'internal';
    /**
     * What went wrong, for people
     */
    detail: string;
    /**
     * Each part of the request that is at fault
     */
    errors?: Array<ProblemError>;
    /**
     * HTTP status
     */
    status: number;
    /**
     * The status in words
     */
    title: string;
    /**
     * Always about:blank: status and code say what kind of problem it is
     */
    type: string;
};

export type ProblemError = {
    /**
     * Where: body, query, path or header, then the path within
     */
    location: string;
    /**
     * What is wrong with it and what was expected
     */
    message: string;
};

export type PublishBody = {
    /**
     * What changed, in your words
     */
    note?: string;
};

export type PutSplitBody = {
    /**
     * Percent of calls for each arm, adding up to 100; at most two decimals
     */
    weights: Array<number> | {
        [key: string]: number;
    };
};

export type Quality = {
    analyzed: number;
    /**
     * Of ended calls
     */
    analyzed_share?: number;
    arm: string;
    /**
     * All calls of the arm: randomised and not
     */
    assigned: number;
    ended: number;
    in_progress: number;
    /**
     * Given up waiting for an end
     */
    lost: number;
    /**
     * Of calls no longer in progress
     */
    lost_share?: number;
    /**
     * Calls counted apart, by reason
     */
    not_randomised: {
        [key: string]: number;
    };
    /**
     * Of ended calls
     */
    outcome_share?: number;
    /**
     * Calls whose primary metric is known
     */
    outcomes: number;
    /**
     * The calls that the metrics count
     */
    randomised: number;
};

export type RampStep = {
    /**
     * Randomised calls in this step before the next
     */
    min_calls?: number;
    /**
     * Minutes in this step before the next
     */
    min_minutes?: number;
    /**
     * Percent, one for each arm
     */
    weights: Array<number>;
};

export type RecordTestBody = {
    /**
     * In order: A, B, C... Weights may be shares or numbers of calls: they are scaled to 100
     */
    arms: Array<ArmRequest>;
    /**
     * Which way the primary metric is better; default by metric
     */
    better?: 'higher' | 'lower';
    /**
     * When it ended; default: now
     */
    ended_at?: string;
    /**
     * Differences of the primary metric up to this size do not matter, in its unit
     */
    equivalence_margin?: number;
    goal?: string;
    name?: string;
    primary_metric?: string;
    /**
     * Id, phone number or name of the route
     */
    route: string;
    /**
     * When the experiment began; default: now
     */
    started_at?: string;
    unit?: 'call' | 'caller';
};

export type RejectedLine = {
    errors: Array<ProblemError>;
    /**
     * Number of the line, from 1
     */
    line: number;
};

export type Relative = {
    interval?: Interval;
    value: number;
};

export type Results = {
    arms: Array<ArmHeader>;
    ended_at?: string;
    /**
     * What the verdict rests on
     */
    evidence: EvidenceHeader;
    goal?: string;
    /**
     * When callers leave, for each arm with answered calls
     */
    hangups: Array<HangupTiming>;
    method: Method;
    metrics: Array<Metric>;
    name?: string;
    phases: Array<PhaseHeader>;
    primary_metric: string;
    /**
     * How complete each arm's data are
     */
    quality: Array<Quality>;
    /**
     * The route's number, or its name
     */
    route: string;
    route_id: string;
    started_at: string;
    status: 'running' | 'ended' | 'recorded';
    test_id: string;
    unit: 'call' | 'caller';
    verdict: Verdict;
    winner?: string;
};

export type Route = {
    readonly created_at: string;
    /**
     * SIP URI that takes the call when the version's target does not answer
     */
    fallback_uri?: string;
    readonly id: string;
    kind: 'inbound' | 'outbound';
    /**
     * Takes every call that no test assigns
     */
    live_version_id: string;
    /**
     * A call that has not ended by then, plus a grace period, is marked lost
     */
    max_call_seconds: number;
    name: string;
    /**
     * Inbound only: E.164
     */
    number?: string;
    /**
     * Grows with each change; given back in If-Match
     */
    readonly revision: number;
    sip_mode: 'proxy' | 'redirect';
    readonly updated_at: string;
    /**
     * Most calls that a version may have in progress, on all routes; 0: no limit
     */
    version_limit?: number;
};

export type RoutePatch = {
    /**
     * null: none
     */
    fallback_uri?: string | null;
    /**
     * Id, or agent@number. A running test goes on; ending it makes its winner the live version
     */
    live_version?: string | null;
    max_call_seconds?: number | null;
    name?: string | null;
    /**
     * Inbound only; in any common way of writing
     */
    number?: string | null;
    /**
     * proxy or redirect
     */
    sip_mode?: string | null;
    /**
     * null or 0: no limit
     */
    version_limit?: number | null;
};

export type Rule = {
    /**
     * Selectors: words or phrases by choice
     */
    choices?: {
        [key: string]: Array<string>;
    };
    /**
     * Texts and numbers: the kind of thing to find
     */
    extract?: 'phone' | 'email' | 'amount' | 'date' | 'number';
    /**
     * Booleans: words or phrases of which one has to occur, whole, whatever its case and accents
     */
    keywords?: Array<string>;
    /**
     * Take the last match, not the first
     */
    last?: boolean;
    /**
     * Booleans: the value when nothing matches; unknown without it
     */
    otherwise?: boolean;
    /**
     * Regular expression (RE2); case matters unless it begins with (?i)
     */
    pattern?: string;
    /**
     * Whose turns are read; default: both
     */
    speaker?: 'agent' | 'caller';
};

export type SipTarget = {
    /**
     * Extra headers on the INVITE; names start with X-
     */
    headers?: {
        [key: string]: string;
    };
    /**
     * Overrides the URI's transport parameter; default udp, tls for sips:
     */
    transport?: 'udp' | 'tcp' | 'tls';
    /**
     * sip: or sips: URI; without a user part, the called number is filled in
     */
    uri: string;
};

export type Sample = {
    arms: Array<ArmSample>;
    /**
     * Calls each arm had; asked for again with the same seed, the draw is the same
     */
    as_of: {
        [key: string]: number;
    };
    per_arm: number;
    seed: number;
    test_id: string;
};

export type SampleRatio = {
    broken: boolean;
    /**
     * Natural logarithm of the evidence against the split; alarm from ln 100 on; absent where an arm without a share has calls
     */
    log_bayes_factor?: number;
};

export type SampledCall = {
    call: Call;
    turns: Array<Turn>;
};

export type Segment = {
    arm: number;
    end: number;
};

export type Significance = {
    /**
     * Its decimal logarithm, which orders p-values too small to write
     */
    log10_p?: number;
    /**
     * Two-sided; holds only if you look once
     */
    p?: number;
    test?: 'pooled_z' | 'fisher_exact' | 'welch_t' | 'chi_squared';
};

export type Smallest = {
    /**
     * In both arms
     */
    calls: number;
    days?: number;
    /**
     * In the metric's unit, to the side asked about; else upwards
     */
    effect: number;
    mode: 'sequential' | 'planned' | 'fixed';
};

export type Span = {
    high: number;
    low: number;
};

export type Speech = {
    language?: string;
    model?: string;
    provider: string;
    /**
     * Provider's further settings, a JSON object
     */
    settings?: unknown;
    /**
     * Voices only: the provider's name or id of the voice
     */
    voice?: string;
};

export type Split = {
    segments: Array<Segment>;
};

export type Status = {
    /**
     * Calls of all nodes that have neither ended nor been given up
     */
    calls_in_progress: number;
    /**
     * Why the database cannot be used
     */
    database_error?: string;
    database_ok: boolean;
    /**
     * Name of this node
     */
    node: string;
    /**
     * Tandem's version
     */
    release: string;
    /**
     * Where the gateway listens
     */
    sip_listeners: Array<string>;
    /**
     * Bytes of this node's gateway's events that wait for the database
     */
    spool_backlog: number;
    started_at: string;
    uptime_seconds: number;
};

export type Summary = {
    arm: string;
    /**
     * Means: the shape, in the same bins for every arm
     */
    histogram?: Array<Bin>;
    interval?: Interval;
    /**
     * Means: within 1 %
     */
    median?: number;
    n: number;
    /**
     * Means: 90th percentile, within 1 %
     */
    p90?: number;
    /**
     * Means: standard deviation
     */
    sd?: number;
    /**
     * Categories: most frequent first
     */
    shares?: Array<NamedShare>;
    /**
     * Proportions
     */
    successes?: number;
    unknown: number;
    /**
     * Count, share (0 to 1) or average; absent while n is 0
     */
    value?: number;
};

export type Target = {
    kind: 'sip';
    sip?: SipTarget;
};

export type Test = {
    /**
     * Alarms that somebody has looked into
     */
    acknowledged?: Array<Acknowledgement>;
    arms: Array<Arm>;
    /**
     * Which way the primary metric is better; default by metric: lower for transfer, duration, latency and cost, else higher
     */
    better?: 'higher' | 'lower';
    end_note?: string;
    ended_at?: string;
    /**
     * Differences of the primary metric up to this size do not matter, in its unit (0.02 is 2 points of a share); with it a test can conclude that there is no practical difference
     */
    equivalence_margin?: number;
    /**
     * CEL expression over call and fields: when is a call a completion
     */
    goal?: string;
    /**
     * Metrics that must not get worse than a margin
     */
    guardrails?: Array<Guardrail>;
    readonly id: string;
    name?: string;
    phases: Array<Phase>;
    /**
     * Planned mode: the number of randomised calls at which you mean to decide. The verdict gets there with fewer calls and stays true after it; 0 watches without a plan
     */
    planned_calls?: number;
    primary_metric: string;
    /**
     * Splits to go through, each after its minimum of calls and time while no guardrail is breached and no alarm is open
     */
    ramp?: Array<RampStep>;
    ramp_step?: number;
    /**
     * Grows with each change; given back in If-Match
     */
    readonly revision: number;
    /**
     * Breached guardrails that gave all calls to A. One that stands here does not do so again: splitting the calls again overrules it
     */
    readonly rolled_back_for?: Array<Breach>;
    route_id: string;
    started_at: string;
    status: 'running' | 'ended' | 'recorded';
    unit: 'call' | 'caller';
    /**
     * Key of the arm that was kept
     */
    winner?: string;
};

export type TestRequest = {
    /**
     * In order: A, B, C...
     */
    arms: Array<ArmRequest>;
    /**
     * Which way the primary metric is better; default by metric: lower for transfer, duration, latency and cost, else higher
     */
    better?: 'higher' | 'lower';
    /**
     * Differences of the primary metric up to this size do not matter, in its unit (0.02 is 2 points of a share); with it a test can conclude that there is no practical difference
     */
    equivalence_margin?: number;
    /**
     * CEL expression over call and fields: when is a call a completion
     */
    goal?: string;
    /**
     * Metrics that must not get worse than a margin
     */
    guardrails?: Array<Guardrail>;
    name?: string;
    /**
     * Planned mode: the number of randomised calls at which you mean to decide. The verdict gets there with fewer calls and stays true after it; 0 watches without a plan
     */
    planned_calls?: number;
    /**
     * What the test is decided by
     */
    primary_metric?: string;
    /**
     * Splits to go through, each after its minimum of calls and time while no guardrail is breached and no alarm is open
     */
    ramp?: Array<RampStep>;
    /**
     * What is randomised: each call, or each caller
     */
    unit?: 'call' | 'caller';
};

export type Tool = {
    description?: string;
    name: string;
    /**
     * JSON Schema of the arguments
     */
    parameters?: unknown;
    /**
     * Platform's further settings, a JSON object
     */
    settings?: unknown;
};

export type Transcript = {
    call_id: string;
    turns: Array<Turn>;
};

export type Transfer = {
    state: 'attempted' | 'failed' | 'completed';
    to?: string;
};

export type Turn = {
    end_ms?: number;
    /**
     * Agent turns: the caller barged in
     */
    interrupted?: boolean;
    role: 'agent' | 'caller' | 'tool';
    start_ms?: number;
    text: string;
};

export type Verdict = {
    against?: string;
    /**
     * Checks that failed; one that is not acknowledged suspends the verdict
     */
    alarms: Array<Alarm>;
    arm?: string;
    calls: number;
    change?: string;
    compared?: string;
    covered_to?: string;
    /**
     * Each guardrail in each arm but A
     */
    guardrails: Array<GuardrailState>;
    /**
     * Holds at every look
     */
    interval?: Span;
    level: number;
    method?: 'betting' | 'planned' | 'asymptotic' | 'clustered';
    metric: string;
    /**
     * About how many more calls until a difference of the size seen would be decided
     */
    more_calls?: number;
    /**
     * The same in days, at the test's recent volume
     */
    more_days?: number;
    /**
     * Holds at every look
     */
    p?: number;
    status: 'collecting' | 'better' | 'no_practical_difference' | 'guardrail_breached' | 'split_broken' | 'outcomes_missing' | 'not_randomised' | 'metric_broken';
    text: string;
    /**
     * Compared minus Against, in the metric's unit
     */
    value?: number;
};

export type Version = {
    agent_id: string;
    agent_name: string;
    content: Content;
    id: string;
    /**
     * What changed, in the publisher's words
     */
    note?: string;
    number: number;
    published_at: string;
    published_by: string;
};

export type VersionAnswer = {
    id: string;
    ref: string;
    target: Target;
};

export type Webhook = {
    created_at: string;
    id: string;
    /**
     * What it hears; empty: everything
     */
    kinds?: Array<string>;
    url: string;
};

export type AgentWritable = {
    draft: Content;
    /**
     * Unique among agents; letters, digits, space, dot, dash and underscore
     */
    name: string;
};

export type ListAgentWritable = {
    items: Array<AgentWritable>;
    /**
     * Cursor of the next page; absent on the last
     */
    next?: string;
};

export type ListRouteWritable = {
    items: Array<RouteWritable>;
    /**
     * Cursor of the next page; absent on the last
     */
    next?: string;
};

export type ListTestWritable = {
    items: Array<TestWritable>;
    /**
     * Cursor of the next page; absent on the last
     */
    next?: string;
};

export type RouteWritable = {
    /**
     * SIP URI that takes the call when the version's target does not answer
     */
    fallback_uri?: string;
    kind: 'inbound' | 'outbound';
    /**
     * Takes every call that no test assigns
     */
    live_version_id: string;
    /**
     * A call that has not ended by then, plus a grace period, is marked lost
     */
    max_call_seconds: number;
    name: string;
    /**
     * Inbound only: E.164
     */
    number?: string;
    sip_mode: 'proxy' | 'redirect';
    /**
     * Most calls that a version may have in progress, on all routes; 0: no limit
     */
    version_limit?: number;
};

export type TestWritable = {
    /**
     * Alarms that somebody has looked into
     */
    acknowledged?: Array<Acknowledgement>;
    arms: Array<Arm>;
    /**
     * Which way the primary metric is better; default by metric: lower for transfer, duration, latency and cost, else higher
     */
    better?: 'higher' | 'lower';
    end_note?: string;
    ended_at?: string;
    /**
     * Differences of the primary metric up to this size do not matter, in its unit (0.02 is 2 points of a share); with it a test can conclude that there is no practical difference
     */
    equivalence_margin?: number;
    /**
     * CEL expression over call and fields: when is a call a completion
     */
    goal?: string;
    /**
     * Metrics that must not get worse than a margin
     */
    guardrails?: Array<Guardrail>;
    name?: string;
    phases: Array<Phase>;
    /**
     * Planned mode: the number of randomised calls at which you mean to decide. The verdict gets there with fewer calls and stays true after it; 0 watches without a plan
     */
    planned_calls?: number;
    primary_metric: string;
    /**
     * Splits to go through, each after its minimum of calls and time while no guardrail is breached and no alarm is open
     */
    ramp?: Array<RampStep>;
    ramp_step?: number;
    route_id: string;
    started_at: string;
    status: 'running' | 'ended' | 'recorded';
    unit: 'call' | 'caller';
    /**
     * Key of the arm that was kept
     */
    winner?: string;
};

export type ListAgentsData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * next of the page before
         */
        cursor?: string;
        /**
         * Entries in a page
         */
        limit?: number;
    };
    url: '/v1/agents';
};

export type ListAgentsErrors = {
    /**
     * Unauthorized
     */
    401: Problem;
    /**
     * Forbidden
     */
    403: Problem;
    /**
     * Unprocessable Entity
     */
    422: Problem;
    /**
     * Too Many Requests
     */
    429: Problem;
    /**
     * Internal Server Error
     */
    500: Problem;
    /**
     * Service Unavailable
     */
    503: Problem;
};

export type ListAgentsError = ListAgentsErrors[keyof ListAgentsErrors];

export type ListAgentsResponses = {
    /**
     * OK
     */
    200: ListAgent;
};

export type ListAgentsResponse = ListAgentsResponses[keyof ListAgentsResponses];

export type CreateAgentData = {
    body: CreateAgentBody;
    path?: never;
    query?: never;
    url: '/v1/agents';
};

export type CreateAgentErrors = {
    /**
     * Bad Request
     */
    400: Problem;
    /**
     * Unauthorized
     */
    401: Problem;
    /**
     * Forbidden
     */
    403: Problem;
    /**
     * Conflict
     */
    409: Problem;
    /**
     * Request Entity Too Large
     */
    413: Problem;
    /**
     * Unprocessable Entity
     */
    422: Problem;
    /**
     * Too Many Requests
     */
    429: Problem;
    /**
     * Internal Server Error
     */
    500: Problem;
    /**
     * Service Unavailable
     */
    503: Problem;
};

export type CreateAgentError = CreateAgentErrors[keyof CreateAgentErrors];

export type CreateAgentResponses = {
    /**
     * Created
     */
    201: Agent;
};

export type CreateAgentResponse = CreateAgentResponses[keyof CreateAgentResponses];

export type GetAgentData = {
    body?: never;
    path: {
        /**
         * Id or name of the agent
         */
        agent: string;
    };
    query?: never;
    url: '/v1/agents/{agent}';
};

export type GetAgentErrors = {
    /**
     * Unauthorized
     */
    401: Problem;
    /**
     * Forbidden
     */
    403: Problem;
    /**
     * Not Found
     */
    404: Problem;
    /**
     * Unprocessable Entity
     */
    422: Problem;
    /**
     * Too Many Requests
     */
    429: Problem;
    /**
     * Internal Server Error
     */
    500: Problem;
    /**
     * Service Unavailable
     */
    503: Problem;
};

export type GetAgentError = GetAgentErrors[keyof GetAgentErrors];

export type GetAgentResponses = {
    /**
     * OK
     */
    200: Agent;
};

export type GetAgentResponse = GetAgentResponses[keyof GetAgentResponses];

export type PatchAgentData = {
    body: PatchAgentBody;
    headers?: {
        /**
         * ETag of what was read; the edit is refused with 412 when it has changed since. Left out, the edit is made whatever it is now.
         */
        'If-Match'?: string;
    };
    path: {
        /**
         * Id or name of the agent
         */
        agent: string;
    };
    query?: never;
    url: '/v1/agents/{agent}';
};

export type PatchAgentErrors = {
    /**
     * Bad Request
     */
    400: Problem;
    /**
     * Unauthorized
     */
    401: Problem;
    /**
     * Forbidden
     */
    403: Problem;
    /**
     * Not Found
     */
    404: Problem;
    /**
     * Conflict
     */
    409: Problem;
    /**
     * Precondition Failed
     */
    412: Problem;
    /**
     * Request Entity Too Large
     */
    413: Problem;
    /**
     * Unprocessable Entity
     */
    422: Problem;
    /**
     * Too Many Requests
     */
    429: Problem;
    /**
     * Internal Server Error
     */
    500: Problem;
    /**
     * Service Unavailable
     */
    503: Problem;
};

export type PatchAgentError = PatchAgentErrors[keyof PatchAgentErrors];

export type PatchAgentResponses = {
    /**
     * OK
     */
    200: Agent;
};

export type PatchAgentResponse = PatchAgentResponses[keyof PatchAgentResponses];

export type DiffVersionsData = {
    body?: never;
    path: {
        /**
         * Id or name of the agent
         */
        agent: string;
    };
    query: {
        /**
         * A version's number, or draft
         */
        from: string;
        /**
         * A version's number, or draft
         */
        to: string;
    };
    url: '/v1/agents/{agent}/diff';
};

export type DiffVersionsErrors = {
    /**
     * Unauthorized
     */
    401: Problem;
    /**
     * Forbidden
     */
    403: Problem;
    /**
     * Not Found
     */
    404: Problem;
    /**
     * Unprocessable Entity
     */
    422: Problem;
    /**
     * Too Many Requests
     */
    429: Problem;
    /**
     * Internal Server Error
     */
    500: Problem;
    /**
     * Service Unavailable
     */
    503: Problem;
};

export type DiffVersionsError = DiffVersionsErrors[keyof DiffVersionsErrors];

export type DiffVersionsResponses = {
    /**
     * OK
     */
    200: Differences;
};

export type DiffVersionsResponse = DiffVersionsResponses[keyof DiffVersionsResponses];

export type PutDraftData = {
    body: Content;
    headers?: {
        /**
         * ETag of what was read; the edit is refused with 412 when it has changed since. Left out, the edit is made whatever it is now.
         */
        'If-Match'?: string;
    };
    path: {
        /**
         * Id or name of the agent
         */
        agent: string;
    };
    query?: never;
    url: '/v1/agents/{agent}/draft';
};

export type PutDraftErrors = {
    /**
     * Bad Request
     */
    400: Problem;
    /**
     * Unauthorized
     */
    401: Problem;
    /**
     * Forbidden
     */
    403: Problem;
    /**
     * Not Found
     */
    404: Problem;
    /**
     * Conflict
     */
    409: Problem;
    /**
     * Precondition Failed
     */
    412: Problem;
    /**
     * Request Entity Too Large
     */
    413: Problem;
    /**
     * Unprocessable Entity
     */
    422: Problem;
    /**
     * Too Many Requests
     */
    429: Problem;
    /**
     * Internal Server Error
     */
    500: Problem;
    /**
     * Service Unavailable
     */
    503: Problem;
};

export type PutDraftError = PutDraftErrors[keyof PutDraftErrors];

export type PutDraftResponses = {
    /**
     * OK
     */
    200: Agent;
};

export type PutDraftResponse = PutDraftResponses[keyof PutDraftResponses];

export type PublishAgentData = {
    body?: PublishBody;
    headers?: {
        /**
         * ETag of what was read; the edit is refused with 412 when it has changed since. Left out, the edit is made whatever it is now.
         */
        'If-Match'?: string;
    };
    path: {
        /**
         * Id or name of the agent
         */
        agent: string;
    };
    query?: never;
    url: '/v1/agents/{agent}/publish';
};

export type PublishAgentErrors = {
    /**
     * Bad Request
     */
    400: Problem;
    /**
     * Unauthorized
     */
    401: Problem;
    /**
     * Forbidden
     */
    403: Problem;
    /**
     * Not Found
     */
    404: Problem;
    /**
     * Conflict
     */
    409: Problem;
    /**
     * Precondition Failed
     */
    412: Problem;
    /**
     * Request Entity Too Large
     */
    413: Problem;
    /**
     * Unprocessable Entity
     */
    422: Problem;
    /**
     * Too Many Requests
     */
    429: Problem;
    /**
     * Internal Server Error
     */
    500: Problem;
    /**
     * Service Unavailable
     */
    503: Problem;
};

export type PublishAgentError = PublishAgentErrors[keyof PublishAgentErrors];

export type PublishAgentResponses = {
    /**
     * Created
     */
    201: Version;
};

export type PublishAgentResponse = PublishAgentResponses[keyof PublishAgentResponses];

export type ListVersionsData = {
    body?: never;
    path: {
        /**
         * Id or name of the agent
         */
        agent: string;
    };
    query?: {
        /**
         * next of the page before
         */
        cursor?: string;
        /**
         * Entries in a page
         */
        limit?: number;
    };
    url: '/v1/agents/{agent}/versions';
};

export type ListVersionsErrors = {
    /**
     * Unauthorized
     */
    401: Problem;
    /**
     * Forbidden
     */
    403: Problem;
    /**
     * Not Found
     */
    404: Problem;
    /**
     * Unprocessable Entity
     */
    422: Problem;
    /**
     * Too Many Requests
     */
    429: Problem;
    /**
     * Internal Server Error
     */
    500: Problem;
    /**
     * Service Unavailable
     */
    503: Problem;
};

export type ListVersionsError = ListVersionsErrors[keyof ListVersionsErrors];

export type ListVersionsResponses = {
    /**
     * OK
     */
    200: ListVersion;
};

export type ListVersionsResponse = ListVersionsResponses[keyof ListVersionsResponses];

export type GetAgentVersionData = {
    body?: never;
    path: {
        /**
         * Id or name of the agent
         */
        agent: string;
        /**
         * Number of the version
         */
        number: number;
    };
    query?: never;
    url: '/v1/agents/{agent}/versions/{number}';
};

export type GetAgentVersionErrors = {
    /**
     * Unauthorized
     */
    401: Problem;
    /**
     * Forbidden
     */
    403: Problem;
    /**
     * Not Found
     */
    404: Problem;
    /**
     * Unprocessable Entity
     */
    422: Problem;
    /**
     * Too Many Requests
     */
    429: Problem;
    /**
     * Internal Server Error
     */
    500: Problem;
    /**
     * Service Unavailable
     */
    503: Problem;
};

export type GetAgentVersionError = GetAgentVersionErrors[keyof GetAgentVersionErrors];

export type GetAgentVersionResponses = {
    /**
     * OK
     */
    200: Version;
};

export type GetAgentVersionResponse = GetAgentVersionResponses[keyof GetAgentVersionResponses];

export type AssignData = {
    body: AskAssignmentBody;
    path?: never;
    query?: never;
    url: '/v1/assignments';
};

export type AssignErrors = {
    /**
     * Bad Request
     */
    400: Problem;
    /**
     * Unauthorized
     */
    401: Problem;
    /**
     * Forbidden
     */
    403: Problem;
    /**
     * Conflict
     */
    409: Problem;
    /**
     * Request Entity Too Large
     */
    413: Problem;
    /**
     * Unprocessable Entity
     */
    422: Problem;
    /**
     * Too Many Requests
     */
    429: Problem;
    /**
     * Internal Server Error
     */
    500: Problem;
    /**
     * Service Unavailable
     */
    503: Problem;
};

export type AssignError = AssignErrors[keyof AssignErrors];

export type AssignResponses = {
    /**
     * OK
     */
    200: AssignmentAnswer;
};

export type AssignResponse = AssignResponses[keyof AssignResponses];

export type ListAuditData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * next of the page before
         */
        cursor?: string;
        /**
         * Entries in a page
         */
        limit?: number;
        /**
         * Only changes of the agent, route, test or key with this id
         */
        object?: string;
    };
    url: '/v1/audit';
};

export type ListAuditErrors = {
    /**
     * Unauthorized
     */
    401: Problem;
    /**
     * Forbidden
     */
    403: Problem;
    /**
     * Unprocessable Entity
     */
    422: Problem;
    /**
     * Too Many Requests
     */
    429: Problem;
    /**
     * Internal Server Error
     */
    500: Problem;
    /**
     * Service Unavailable
     */
    503: Problem;
};

export type ListAuditError = ListAuditErrors[keyof ListAuditErrors];

export type ListAuditResponses = {
    /**
     * OK
     */
    200: ListAuditEntry;
};

export type ListAuditResponse = ListAuditResponses[keyof ListAuditResponses];

export type ListCallsData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * next of the page before
         */
        cursor?: string;
        /**
         * Entries in a page
         */
        limit?: number;
        /**
         * Whether the test's goal was met
         */
        goal?: 'met' | 'not_met' | 'unknown';
        /**
         * Who ended the call
         */
        ended_by?: 'caller' | 'agent' | 'system' | 'unknown';
        /**
         * Whether it was handed on
         */
        transferred?: 'true' | 'false';
        /**
         * Name of an analysis field; with value
         */
        field?: string;
        /**
         * What the field is, as text: true, 42, opening hours
         */
        value?: string;
        /**
         * Id, phone number or name of the route
         */
        route?: string;
        /**
         * Id of the test
         */
        test?: string;
        /**
         * Key of the arm
         */
        arm?: string;
        /**
         * Assigned version: id, or agent@number
         */
        version?: string;
        /**
         * Where the call is on its way; assigned: in progress
         */
        stage?: 'assigned' | 'ended' | 'analyzed' | 'lost';
        /**
         * Assigned at this time or later
         */
        since?: string;
        /**
         * Assigned before this time
         */
        before?: string;
        /**
         * Only calls with a transcript
         */
        has_transcript?: boolean;
    };
    url: '/v1/calls';
};

export type ListCallsErrors = {
    /**
     * Unauthorized
     */
    401: Problem;
    /**
     * Forbidden
     */
    403: Problem;
    /**
     * Unprocessable Entity
     */
    422: Problem;
    /**
     * Too Many Requests
     */
    429: Problem;
    /**
     * Internal Server Error
     */
    500: Problem;
    /**
     * Service Unavailable
     */
    503: Problem;
};

export type ListCallsError = ListCallsErrors[keyof ListCallsErrors];

export type ListCallsResponses = {
    /**
     * OK
     */
    200: ListCall;
};

export type ListCallsResponse = ListCallsResponses[keyof ListCallsResponses];

export type GetCallData = {
    body?: never;
    path: {
        /**
         * Tandem's id of the call
         */
        call: string;
    };
    query?: never;
    url: '/v1/calls/{call}';
};

export type GetCallErrors = {
    /**
     * Unauthorized
     */
    401: Problem;
    /**
     * Forbidden
     */
    403: Problem;
    /**
     * Not Found
     */
    404: Problem;
    /**
     * Unprocessable Entity
     */
    422: Problem;
    /**
     * Too Many Requests
     */
    429: Problem;
    /**
     * Internal Server Error
     */
    500: Problem;
    /**
     * Service Unavailable
     */
    503: Problem;
};

export type GetCallError = GetCallErrors[keyof GetCallErrors];

export type GetCallResponses = {
    /**
     * OK
     */
    200: Call;
};

export type GetCallResponse = GetCallResponses[keyof GetCallResponses];

export type ReportEventsData = {
    body: Event | Array<Event>;
    path: {
        /**
         * Tandem's id of the call
         */
        call: string;
    };
    query?: never;
    url: '/v1/calls/{call}/events';
};

export type ReportEventsErrors = {
    /**
     * Bad Request
     */
    400: Problem;
    /**
     * Unauthorized
     */
    401: Problem;
    /**
     * Forbidden
     */
    403: Problem;
    /**
     * Not Found
     */
    404: Problem;
    /**
     * Conflict
     */
    409: Problem;
    /**
     * Request Entity Too Large
     */
    413: Problem;
    /**
     * Unprocessable Entity
     */
    422: Problem;
    /**
     * Too Many Requests
     */
    429: Problem;
    /**
     * Internal Server Error
     */
    500: Problem;
    /**
     * Service Unavailable
     */
    503: Problem;
};

export type ReportEventsError = ReportEventsErrors[keyof ReportEventsErrors];

export type ReportEventsResponses = {
    /**
     * Stored
     */
    200: Accepted;
};

export type ReportEventsResponse = ReportEventsResponses[keyof ReportEventsResponses];

export type GetTranscriptData = {
    body?: never;
    path: {
        /**
         * Tandem's id of the call
         */
        call: string;
    };
    query?: never;
    url: '/v1/calls/{call}/transcript';
};

export type GetTranscriptErrors = {
    /**
     * Unauthorized
     */
    401: Problem;
    /**
     * Forbidden
     */
    403: Problem;
    /**
     * Not Found
     */
    404: Problem;
    /**
     * Unprocessable Entity
     */
    422: Problem;
    /**
     * Too Many Requests
     */
    429: Problem;
    /**
     * Internal Server Error
     */
    500: Problem;
    /**
     * Service Unavailable
     */
    503: Problem;
};

export type GetTranscriptError = GetTranscriptErrors[keyof GetTranscriptErrors];

export type GetTranscriptResponses = {
    /**
     * OK
     */
    200: Transcript;
};

export type GetTranscriptResponse = GetTranscriptResponses[keyof GetTranscriptResponses];

export type ListenData = {
    body?: never;
    headers?: {
        /**
         * The last id that was heard
         */
        'Last-Event-ID'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/events';
};

export type ListenErrors = {
    /**
     * Unauthorized
     */
    401: Problem;
    /**
     * Forbidden
     */
    403: Problem;
    /**
     * Unprocessable Entity
     */
    422: Problem;
    /**
     * Too Many Requests
     */
    429: Problem;
    /**
     * Internal Server Error
     */
    500: Problem;
    /**
     * Service Unavailable
     */
    503: Problem;
};

export type ListenError = ListenErrors[keyof ListenErrors];

export type ListenResponses = {
    /**
     * The stream; each event's data is a Change
     */
    200: Change;
};

export type ListenResponse = ListenResponses[keyof ListenResponses];

export type ReportBulkData = {
    /**
     * Lines, each an Event as JSON
     */
    body: string;
    path?: never;
    query?: never;
    url: '/v1/events';
};

export type ReportBulkErrors = {
    /**
     * Bad Request
     */
    400: Problem;
    /**
     * Unauthorized
     */
    401: Problem;
    /**
     * Forbidden
     */
    403: Problem;
    /**
     * Conflict
     */
    409: Problem;
    /**
     * Request Entity Too Large
     */
    413: Problem;
    /**
     * Some lines were not stored; the others were
     */
    422: BulkReport;
    /**
     * Too Many Requests
     */
    429: Problem;
    /**
     * Internal Server Error
     */
    500: Problem;
    /**
     * Service Unavailable
     */
    503: Problem;
};

export type ReportBulkError = ReportBulkErrors[keyof ReportBulkErrors];

export type ReportBulkResponses = {
    /**
     * Every line was stored
     */
    200: BulkReport;
};

export type ReportBulkResponse = ReportBulkResponses[keyof ReportBulkResponses];

export type ListKeysData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/v1/keys';
};

export type ListKeysErrors = {
    /**
     * Unauthorized
     */
    401: Problem;
    /**
     * Forbidden
     */
    403: Problem;
    /**
     * Unprocessable Entity
     */
    422: Problem;
    /**
     * Too Many Requests
     */
    429: Problem;
    /**
     * Internal Server Error
     */
    500: Problem;
    /**
     * Service Unavailable
     */
    503: Problem;
};

export type ListKeysError = ListKeysErrors[keyof ListKeysErrors];

export type ListKeysResponses = {
    /**
     * OK
     */
    200: ListKey;
};

export type ListKeysResponse = ListKeysResponses[keyof ListKeysResponses];

export type CreateKeyData = {
    body: CreateKeyBody;
    path?: never;
    query?: never;
    url: '/v1/keys';
};

export type CreateKeyErrors = {
    /**
     * Bad Request
     */
    400: Problem;
    /**
     * Unauthorized
     */
    401: Problem;
    /**
     * Forbidden
     */
    403: Problem;
    /**
     * Conflict
     */
    409: Problem;
    /**
     * Request Entity Too Large
     */
    413: Problem;
    /**
     * Unprocessable Entity
     */
    422: Problem;
    /**
     * Too Many Requests
     */
    429: Problem;
    /**
     * Internal Server Error
     */
    500: Problem;
    /**
     * Service Unavailable
     */
    503: Problem;
};

export type CreateKeyError = CreateKeyErrors[keyof CreateKeyErrors];

export type CreateKeyResponses = {
    /**
     * Created
     */
    201: NewKey;
};

export type CreateKeyResponse = CreateKeyResponses[keyof CreateKeyResponses];

export type RevokeKeyData = {
    body?: never;
    path: {
        /**
         * Id of the key
         */
        key: string;
    };
    query?: never;
    url: '/v1/keys/{key}';
};

export type RevokeKeyErrors = {
    /**
     * Unauthorized
     */
    401: Problem;
    /**
     * Forbidden
     */
    403: Problem;
    /**
     * Not Found
     */
    404: Problem;
    /**
     * Conflict
     */
    409: Problem;
    /**
     * Unprocessable Entity
     */
    422: Problem;
    /**
     * Too Many Requests
     */
    429: Problem;
    /**
     * Internal Server Error
     */
    500: Problem;
    /**
     * Service Unavailable
     */
    503: Problem;
};

export type RevokeKeyError = RevokeKeyErrors[keyof RevokeKeyErrors];

export type RevokeKeyResponses = {
    /**
     * No Content
     */
    204: void;
};

export type RevokeKeyResponse = RevokeKeyResponses[keyof RevokeKeyResponses];

export type ListNoticesData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * next of the page before
         */
        cursor?: string;
        /**
         * Entries in a page
         */
        limit?: number;
        /**
         * Only notices of the test with this id
         */
        test?: string;
    };
    url: '/v1/notices';
};

export type ListNoticesErrors = {
    /**
     * Unauthorized
     */
    401: Problem;
    /**
     * Forbidden
     */
    403: Problem;
    /**
     * Unprocessable Entity
     */
    422: Problem;
    /**
     * Too Many Requests
     */
    429: Problem;
    /**
     * Internal Server Error
     */
    500: Problem;
    /**
     * Service Unavailable
     */
    503: Problem;
};

export type ListNoticesError = ListNoticesErrors[keyof ListNoticesErrors];

export type ListNoticesResponses = {
    /**
     * OK
     */
    200: ListNotice;
};

export type ListNoticesResponse = ListNoticesResponses[keyof ListNoticesResponses];

export type MakePlanData = {
    body: MakePlanBody;
    path?: never;
    query?: never;
    url: '/v1/plan';
};

export type MakePlanErrors = {
    /**
     * Bad Request
     */
    400: Problem;
    /**
     * Unauthorized
     */
    401: Problem;
    /**
     * Forbidden
     */
    403: Problem;
    /**
     * Conflict
     */
    409: Problem;
    /**
     * Request Entity Too Large
     */
    413: Problem;
    /**
     * Unprocessable Entity
     */
    422: Problem;
    /**
     * Too Many Requests
     */
    429: Problem;
    /**
     * Internal Server Error
     */
    500: Problem;
    /**
     * Service Unavailable
     */
    503: Problem;
};

export type MakePlanError = MakePlanErrors[keyof MakePlanErrors];

export type MakePlanResponses = {
    /**
     * OK
     */
    200: Plan;
};

export type MakePlanResponse = MakePlanResponses[keyof MakePlanResponses];

export type ListRoutesData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * next of the page before
         */
        cursor?: string;
        /**
         * Entries in a page
         */
        limit?: number;
    };
    url: '/v1/routes';
};

export type ListRoutesErrors = {
    /**
     * Unauthorized
     */
    401: Problem;
    /**
     * Forbidden
     */
    403: Problem;
    /**
     * Unprocessable Entity
     */
    422: Problem;
    /**
     * Too Many Requests
     */
    429: Problem;
    /**
     * Internal Server Error
     */
    500: Problem;
    /**
     * Service Unavailable
     */
    503: Problem;
};

export type ListRoutesError = ListRoutesErrors[keyof ListRoutesErrors];

export type ListRoutesResponses = {
    /**
     * OK
     */
    200: ListRoute;
};

export type ListRoutesResponse = ListRoutesResponses[keyof ListRoutesResponses];

export type CreateRouteData = {
    body: CreateRouteBody;
    path?: never;
    query?: never;
    url: '/v1/routes';
};

export type CreateRouteErrors = {
    /**
     * Bad Request
     */
    400: Problem;
    /**
     * Unauthorized
     */
    401: Problem;
    /**
     * Forbidden
     */
    403: Problem;
    /**
     * Conflict
     */
    409: Problem;
    /**
     * Request Entity Too Large
     */
    413: Problem;
    /**
     * Unprocessable Entity
     */
    422: Problem;
    /**
     * Too Many Requests
     */
    429: Problem;
    /**
     * Internal Server Error
     */
    500: Problem;
    /**
     * Service Unavailable
     */
    503: Problem;
};

export type CreateRouteError = CreateRouteErrors[keyof CreateRouteErrors];

export type CreateRouteResponses = {
    /**
     * Created
     */
    201: Route;
};

export type CreateRouteResponse = CreateRouteResponses[keyof CreateRouteResponses];

export type GetRouteData = {
    body?: never;
    path: {
        /**
         * Id, phone number or name of the route
         */
        route: string;
    };
    query?: never;
    url: '/v1/routes/{route}';
};

export type GetRouteErrors = {
    /**
     * Unauthorized
     */
    401: Problem;
    /**
     * Forbidden
     */
    403: Problem;
    /**
     * Not Found
     */
    404: Problem;
    /**
     * Unprocessable Entity
     */
    422: Problem;
    /**
     * Too Many Requests
     */
    429: Problem;
    /**
     * Internal Server Error
     */
    500: Problem;
    /**
     * Service Unavailable
     */
    503: Problem;
};

export type GetRouteError = GetRouteErrors[keyof GetRouteErrors];

export type GetRouteResponses = {
    /**
     * OK
     */
    200: Route;
};

export type GetRouteResponse = GetRouteResponses[keyof GetRouteResponses];

export type PatchRouteData = {
    body: RoutePatch;
    headers?: {
        /**
         * ETag of what was read; the edit is refused with 412 when it has changed since. Left out, the edit is made whatever it is now.
         */
        'If-Match'?: string;
    };
    path: {
        /**
         * Id, phone number or name of the route
         */
        route: string;
    };
    query?: never;
    url: '/v1/routes/{route}';
};

export type PatchRouteErrors = {
    /**
     * Bad Request
     */
    400: Problem;
    /**
     * Unauthorized
     */
    401: Problem;
    /**
     * Forbidden
     */
    403: Problem;
    /**
     * Not Found
     */
    404: Problem;
    /**
     * Conflict
     */
    409: Problem;
    /**
     * Precondition Failed
     */
    412: Problem;
    /**
     * Request Entity Too Large
     */
    413: Problem;
    /**
     * Unprocessable Entity
     */
    422: Problem;
    /**
     * Too Many Requests
     */
    429: Problem;
    /**
     * Internal Server Error
     */
    500: Problem;
    /**
     * Service Unavailable
     */
    503: Problem;
};

export type PatchRouteError = PatchRouteErrors[keyof PatchRouteErrors];

export type PatchRouteResponses = {
    /**
     * OK
     */
    200: Route;
};

export type PatchRouteResponse = PatchRouteResponses[keyof PatchRouteResponses];

export type GetRouteResultsData = {
    body?: never;
    path: {
        /**
         * Id, phone number or name of the route
         */
        route: string;
    };
    query?: never;
    url: '/v1/routes/{route}/results';
};

export type GetRouteResultsErrors = {
    /**
     * Unauthorized
     */
    401: Problem;
    /**
     * Forbidden
     */
    403: Problem;
    /**
     * Not Found
     */
    404: Problem;
    /**
     * Unprocessable Entity
     */
    422: Problem;
    /**
     * Too Many Requests
     */
    429: Problem;
    /**
     * Internal Server Error
     */
    500: Problem;
    /**
     * Service Unavailable
     */
    503: Problem;
};

export type GetRouteResultsError = GetRouteResultsErrors[keyof GetRouteResultsErrors];

export type GetRouteResultsResponses = {
    /**
     * OK
     */
    200: Results;
};

export type GetRouteResultsResponse = GetRouteResultsResponses[keyof GetRouteResultsResponses];

export type StartTestData = {
    body: TestRequest;
    path: {
        /**
         * Id, phone number or name of the route
         */
        route: string;
    };
    query?: never;
    url: '/v1/routes/{route}/test';
};

export type StartTestErrors = {
    /**
     * Bad Request
     */
    400: Problem;
    /**
     * Unauthorized
     */
    401: Problem;
    /**
     * Forbidden
     */
    403: Problem;
    /**
     * Not Found
     */
    404: Problem;
    /**
     * Conflict
     */
    409: Problem;
    /**
     * Request Entity Too Large
     */
    413: Problem;
    /**
     * Unprocessable Entity
     */
    422: Problem;
    /**
     * Too Many Requests
     */
    429: Problem;
    /**
     * Internal Server Error
     */
    500: Problem;
    /**
     * Service Unavailable
     */
    503: Problem;
};

export type StartTestError = StartTestErrors[keyof StartTestErrors];

export type StartTestResponses = {
    /**
     * Created
     */
    201: Test;
};

export type StartTestResponse = StartTestResponses[keyof StartTestResponses];

export type GetStatusData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/v1/status';
};

export type GetStatusErrors = {
    /**
     * Unauthorized
     */
    401: Problem;
    /**
     * Forbidden
     */
    403: Problem;
    /**
     * Unprocessable Entity
     */
    422: Problem;
    /**
     * Too Many Requests
     */
    429: Problem;
    /**
     * Internal Server Error
     */
    500: Problem;
    /**
     * Service Unavailable
     */
    503: Problem;
};

export type GetStatusError = GetStatusErrors[keyof GetStatusErrors];

export type GetStatusResponses = {
    /**
     * OK
     */
    200: Status;
};

export type GetStatusResponse = GetStatusResponses[keyof GetStatusResponses];

export type ListTestsData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * next of the page before
         */
        cursor?: string;
        /**
         * Entries in a page
         */
        limit?: number;
        /**
         * Only tests of this route: id, phone number or name
         */
        route?: string;
    };
    url: '/v1/tests';
};

export type ListTestsErrors = {
    /**
     * Unauthorized
     */
    401: Problem;
    /**
     * Forbidden
     */
    403: Problem;
    /**
     * Unprocessable Entity
     */
    422: Problem;
    /**
     * Too Many Requests
     */
    429: Problem;
    /**
     * Internal Server Error
     */
    500: Problem;
    /**
     * Service Unavailable
     */
    503: Problem;
};

export type ListTestsError = ListTestsErrors[keyof ListTestsErrors];

export type ListTestsResponses = {
    /**
     * OK
     */
    200: ListTest;
};

export type ListTestsResponse = ListTestsResponses[keyof ListTestsResponses];

export type RecordTestData = {
    body: RecordTestBody;
    path?: never;
    query?: never;
    url: '/v1/tests/recorded';
};

export type RecordTestErrors = {
    /**
     * Bad Request
     */
    400: Problem;
    /**
     * Unauthorized
     */
    401: Problem;
    /**
     * Forbidden
     */
    403: Problem;
    /**
     * Conflict
     */
    409: Problem;
    /**
     * Request Entity Too Large
     */
    413: Problem;
    /**
     * Unprocessable Entity
     */
    422: Problem;
    /**
     * Too Many Requests
     */
    429: Problem;
    /**
     * Internal Server Error
     */
    500: Problem;
    /**
     * Service Unavailable
     */
    503: Problem;
};

export type RecordTestError = RecordTestErrors[keyof RecordTestErrors];

export type RecordTestResponses = {
    /**
     * Created
     */
    201: Test;
};

export type RecordTestResponse = RecordTestResponses[keyof RecordTestResponses];

export type GetTestData = {
    body?: never;
    path: {
        /**
         * Id of the test
         */
        test: string;
    };
    query?: never;
    url: '/v1/tests/{test}';
};

export type GetTestErrors = {
    /**
     * Unauthorized
     */
    401: Problem;
    /**
     * Forbidden
     */
    403: Problem;
    /**
     * Not Found
     */
    404: Problem;
    /**
     * Unprocessable Entity
     */
    422: Problem;
    /**
     * Too Many Requests
     */
    429: Problem;
    /**
     * Internal Server Error
     */
    500: Problem;
    /**
     * Service Unavailable
     */
    503: Problem;
};

export type GetTestError = GetTestErrors[keyof GetTestErrors];

export type GetTestResponses = {
    /**
     * OK
     */
    200: Test;
};

export type GetTestResponse = GetTestResponses[keyof GetTestResponses];

export type AcknowledgeAlarmData = {
    body: AcknowledgeBody;
    headers?: {
        /**
         * ETag of what was read; the edit is refused with 412 when it has changed since. Left out, the edit is made whatever it is now.
         */
        'If-Match'?: string;
    };
    path: {
        /**
         * Id of the test
         */
        test: string;
    };
    query?: never;
    url: '/v1/tests/{test}/acknowledge';
};

export type AcknowledgeAlarmErrors = {
    /**
     * Bad Request
     */
    400: Problem;
    /**
     * Unauthorized
     */
    401: Problem;
    /**
     * Forbidden
     */
    403: Problem;
    /**
     * Not Found
     */
    404: Problem;
    /**
     * Conflict
     */
    409: Problem;
    /**
     * Precondition Failed
     */
    412: Problem;
    /**
     * Request Entity Too Large
     */
    413: Problem;
    /**
     * Unprocessable Entity
     */
    422: Problem;
    /**
     * Too Many Requests
     */
    429: Problem;
    /**
     * Internal Server Error
     */
    500: Problem;
    /**
     * Service Unavailable
     */
    503: Problem;
};

export type AcknowledgeAlarmError = AcknowledgeAlarmErrors[keyof AcknowledgeAlarmErrors];

export type AcknowledgeAlarmResponses = {
    /**
     * OK
     */
    200: Test;
};

export type AcknowledgeAlarmResponse = AcknowledgeAlarmResponses[keyof AcknowledgeAlarmResponses];

export type GetDecisionData = {
    body?: never;
    path: {
        /**
         * Id of the test
         */
        test: string;
    };
    query?: never;
    url: '/v1/tests/{test}/decision';
};

export type GetDecisionErrors = {
    /**
     * Unauthorized
     */
    401: Problem;
    /**
     * Forbidden
     */
    403: Problem;
    /**
     * Not Found
     */
    404: Problem;
    /**
     * Unprocessable Entity
     */
    422: Problem;
    /**
     * Too Many Requests
     */
    429: Problem;
    /**
     * Internal Server Error
     */
    500: Problem;
    /**
     * Service Unavailable
     */
    503: Problem;
};

export type GetDecisionError = GetDecisionErrors[keyof GetDecisionErrors];

export type GetDecisionResponses = {
    /**
     * OK
     */
    200: Decision;
};

export type GetDecisionResponse = GetDecisionResponses[keyof GetDecisionResponses];

export type EndTestData = {
    body?: EndRequest;
    headers?: {
        /**
         * ETag of what was read; the edit is refused with 412 when it has changed since. Left out, the edit is made whatever it is now.
         */
        'If-Match'?: string;
    };
    path: {
        /**
         * Id of the test
         */
        test: string;
    };
    query?: never;
    url: '/v1/tests/{test}/end';
};

export type EndTestErrors = {
    /**
     * Bad Request
     */
    400: Problem;
    /**
     * Unauthorized
     */
    401: Problem;
    /**
     * Forbidden
     */
    403: Problem;
    /**
     * Not Found
     */
    404: Problem;
    /**
     * Conflict
     */
    409: Problem;
    /**
     * Precondition Failed
     */
    412: Problem;
    /**
     * Request Entity Too Large
     */
    413: Problem;
    /**
     * Unprocessable Entity
     */
    422: Problem;
    /**
     * Too Many Requests
     */
    429: Problem;
    /**
     * Internal Server Error
     */
    500: Problem;
    /**
     * Service Unavailable
     */
    503: Problem;
};

export type EndTestError = EndTestErrors[keyof EndTestErrors];

export type EndTestResponses = {
    /**
     * OK
     */
    200: Test;
};

export type EndTestResponse = EndTestResponses[keyof EndTestResponses];

export type GetTestPlanData = {
    body?: never;
    path: {
        /**
         * Id of the test
         */
        test: string;
    };
    query?: {
        /**
         * Difference to find, B less A, in the primary metric's unit; default: the one seen so far, unless another arm than A was kept
         */
        effect?: number;
    };
    url: '/v1/tests/{test}/plan';
};

export type GetTestPlanErrors = {
    /**
     * Unauthorized
     */
    401: Problem;
    /**
     * Forbidden
     */
    403: Problem;
    /**
     * Not Found
     */
    404: Problem;
    /**
     * Conflict
     */
    409: Problem;
    /**
     * Unprocessable Entity
     */
    422: Problem;
    /**
     * Too Many Requests
     */
    429: Problem;
    /**
     * Internal Server Error
     */
    500: Problem;
    /**
     * Service Unavailable
     */
    503: Problem;
};

export type GetTestPlanError = GetTestPlanErrors[keyof GetTestPlanErrors];

export type GetTestPlanResponses = {
    /**
     * OK
     */
    200: Plan;
};

export type GetTestPlanResponse = GetTestPlanResponses[keyof GetTestPlanResponses];

export type GetReportData = {
    body?: never;
    headers?: {
        /**
         * text/html asks for the page, anything else for Markdown
         */
        Accept?: string;
    };
    path: {
        /**
         * Id of the test
         */
        test: string;
    };
    query?: {
        /**
         * Default: by the Accept header, else markdown
         */
        format?: 'markdown' | 'html';
    };
    url: '/v1/tests/{test}/report';
};

export type GetReportErrors = {
    /**
     * Unauthorized
     */
    401: Problem;
    /**
     * Forbidden
     */
    403: Problem;
    /**
     * Not Found
     */
    404: Problem;
    /**
     * Unprocessable Entity
     */
    422: Problem;
    /**
     * Too Many Requests
     */
    429: Problem;
    /**
     * Internal Server Error
     */
    500: Problem;
    /**
     * Service Unavailable
     */
    503: Problem;
};

export type GetReportError = GetReportErrors[keyof GetReportErrors];

export type GetReportResponses = {
    /**
     * OK
     */
    200: string;
};

export type GetReportResponse = GetReportResponses[keyof GetReportResponses];

export type GetResultsData = {
    body?: never;
    path: {
        /**
         * Id of the test
         */
        test: string;
    };
    query?: never;
    url: '/v1/tests/{test}/results';
};

export type GetResultsErrors = {
    /**
     * Unauthorized
     */
    401: Problem;
    /**
     * Forbidden
     */
    403: Problem;
    /**
     * Not Found
     */
    404: Problem;
    /**
     * Unprocessable Entity
     */
    422: Problem;
    /**
     * Too Many Requests
     */
    429: Problem;
    /**
     * Internal Server Error
     */
    500: Problem;
    /**
     * Service Unavailable
     */
    503: Problem;
};

export type GetResultsError = GetResultsErrors[keyof GetResultsErrors];

export type GetResultsResponses = {
    /**
     * OK
     */
    200: Results;
};

export type GetResultsResponse = GetResultsResponses[keyof GetResultsResponses];

export type DrawSampleData = {
    body?: never;
    path: {
        /**
         * Id of the test
         */
        test: string;
    };
    query?: {
        /**
         * Whether the test's goal was met
         */
        goal?: 'met' | 'not_met' | 'unknown';
        /**
         * Who ended the call
         */
        ended_by?: 'caller' | 'agent' | 'system' | 'unknown';
        /**
         * Whether it was handed on
         */
        transferred?: 'true' | 'false';
        /**
         * Name of an analysis field; with value
         */
        field?: string;
        /**
         * What the field is, as text: true, 42, opening hours
         */
        value?: string;
        /**
         * The same seed draws the same calls
         */
        seed?: number;
        /**
         * Calls of each arm
         */
        per_arm?: number;
        /**
         * Only calls of this arm
         */
        arm?: string;
        /**
         * Only calls with a transcript
         */
        has_transcript?: boolean;
        /**
         * How many calls of each arm to draw from, as the sample drawn before said: A:120,B:118
         */
        as_of?: Array<string>;
    };
    url: '/v1/tests/{test}/sample';
};

export type DrawSampleErrors = {
    /**
     * Unauthorized
     */
    401: Problem;
    /**
     * Forbidden
     */
    403: Problem;
    /**
     * Not Found
     */
    404: Problem;
    /**
     * Unprocessable Entity
     */
    422: Problem;
    /**
     * Too Many Requests
     */
    429: Problem;
    /**
     * Internal Server Error
     */
    500: Problem;
    /**
     * Service Unavailable
     */
    503: Problem;
};

export type DrawSampleError = DrawSampleErrors[keyof DrawSampleErrors];

export type DrawSampleResponses = {
    /**
     * OK
     */
    200: Sample;
};

export type DrawSampleResponse = DrawSampleResponses[keyof DrawSampleResponses];

export type PutSplitData = {
    body: PutSplitBody;
    headers?: {
        /**
         * ETag of what was read; the edit is refused with 412 when it has changed since. Left out, the edit is made whatever it is now.
         */
        'If-Match'?: string;
    };
    path: {
        /**
         * Id of the test
         */
        test: string;
    };
    query?: never;
    url: '/v1/tests/{test}/split';
};

export type PutSplitErrors = {
    /**
     * Bad Request
     */
    400: Problem;
    /**
     * Unauthorized
     */
    401: Problem;
    /**
     * Forbidden
     */
    403: Problem;
    /**
     * Not Found
     */
    404: Problem;
    /**
     * Conflict
     */
    409: Problem;
    /**
     * Precondition Failed
     */
    412: Problem;
    /**
     * Request Entity Too Large
     */
    413: Problem;
    /**
     * Unprocessable Entity
     */
    422: Problem;
    /**
     * Too Many Requests
     */
    429: Problem;
    /**
     * Internal Server Error
     */
    500: Problem;
    /**
     * Service Unavailable
     */
    503: Problem;
};

export type PutSplitError = PutSplitErrors[keyof PutSplitErrors];

export type PutSplitResponses = {
    /**
     * OK
     */
    200: Test;
};

export type PutSplitResponse = PutSplitResponses[keyof PutSplitResponses];

export type GetVersionData = {
    body?: never;
    path: {
        /**
         * Id, or agent@number
         */
        version: string;
    };
    query?: never;
    url: '/v1/versions/{version}';
};

export type GetVersionErrors = {
    /**
     * Unauthorized
     */
    401: Problem;
    /**
     * Forbidden
     */
    403: Problem;
    /**
     * Not Found
     */
    404: Problem;
    /**
     * Unprocessable Entity
     */
    422: Problem;
    /**
     * Too Many Requests
     */
    429: Problem;
    /**
     * Internal Server Error
     */
    500: Problem;
    /**
     * Service Unavailable
     */
    503: Problem;
};

export type GetVersionError = GetVersionErrors[keyof GetVersionErrors];

export type GetVersionResponses = {
    /**
     * OK
     */
    200: Version;
};

export type GetVersionResponse = GetVersionResponses[keyof GetVersionResponses];

export type ListWebhooksData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/v1/webhooks';
};

export type ListWebhooksErrors = {
    /**
     * Unauthorized
     */
    401: Problem;
    /**
     * Forbidden
     */
    403: Problem;
    /**
     * Unprocessable Entity
     */
    422: Problem;
    /**
     * Too Many Requests
     */
    429: Problem;
    /**
     * Internal Server Error
     */
    500: Problem;
    /**
     * Service Unavailable
     */
    503: Problem;
};

export type ListWebhooksError = ListWebhooksErrors[keyof ListWebhooksErrors];

export type ListWebhooksResponses = {
    /**
     * OK
     */
    200: ListWebhook;
};

export type ListWebhooksResponse = ListWebhooksResponses[keyof ListWebhooksResponses];

export type CreateWebhookData = {
    body: CreateWebhookBody;
    path?: never;
    query?: never;
    url: '/v1/webhooks';
};

export type CreateWebhookErrors = {
    /**
     * Bad Request
     */
    400: Problem;
    /**
     * Unauthorized
     */
    401: Problem;
    /**
     * Forbidden
     */
    403: Problem;
    /**
     * Conflict
     */
    409: Problem;
    /**
     * Request Entity Too Large
     */
    413: Problem;
    /**
     * Unprocessable Entity
     */
    422: Problem;
    /**
     * Too Many Requests
     */
    429: Problem;
    /**
     * Internal Server Error
     */
    500: Problem;
    /**
     * Service Unavailable
     */
    503: Problem;
};

export type CreateWebhookError = CreateWebhookErrors[keyof CreateWebhookErrors];

export type CreateWebhookResponses = {
    /**
     * Created
     */
    201: NewWebhook;
};

export type CreateWebhookResponse = CreateWebhookResponses[keyof CreateWebhookResponses];

export type DeleteWebhookData = {
    body?: never;
    path: {
        /**
         * Id of the webhook
         */
        webhook: string;
    };
    query?: never;
    url: '/v1/webhooks/{webhook}';
};

export type DeleteWebhookErrors = {
    /**
     * Unauthorized
     */
    401: Problem;
    /**
     * Forbidden
     */
    403: Problem;
    /**
     * Not Found
     */
    404: Problem;
    /**
     * Conflict
     */
    409: Problem;
    /**
     * Unprocessable Entity
     */
    422: Problem;
    /**
     * Too Many Requests
     */
    429: Problem;
    /**
     * Internal Server Error
     */
    500: Problem;
    /**
     * Service Unavailable
     */
    503: Problem;
};

export type DeleteWebhookError = DeleteWebhookErrors[keyof DeleteWebhookErrors];

export type DeleteWebhookResponses = {
    /**
     * No Content
     */
    204: void;
};

export type DeleteWebhookResponse = DeleteWebhookResponses[keyof DeleteWebhookResponses];

export type ListDeliveriesData = {
    body?: never;
    path: {
        /**
         * Id of the webhook
         */
        webhook: string;
    };
    query?: {
        /**
         * next of the page before
         */
        cursor?: string;
        /**
         * Entries in a page
         */
        limit?: number;
    };
    url: '/v1/webhooks/{webhook}/deliveries';
};

export type ListDeliveriesErrors = {
    /**
     * Unauthorized
     */
    401: Problem;
    /**
     * Forbidden
     */
    403: Problem;
    /**
     * Not Found
     */
    404: Problem;
    /**
     * Unprocessable Entity
     */
    422: Problem;
    /**
     * Too Many Requests
     */
    429: Problem;
    /**
     * Internal Server Error
     */
    500: Problem;
    /**
     * Service Unavailable
     */
    503: Problem;
};

export type ListDeliveriesError = ListDeliveriesErrors[keyof ListDeliveriesErrors];

export type ListDeliveriesResponses = {
    /**
     * OK
     */
    200: ListDelivery;
};

export type ListDeliveriesResponse = ListDeliveriesResponses[keyof ListDeliveriesResponses];

export type PingWebhookData = {
    body?: never;
    path: {
        /**
         * Id of the webhook
         */
        webhook: string;
    };
    query?: never;
    url: '/v1/webhooks/{webhook}/ping';
};

export type PingWebhookErrors = {
    /**
     * Bad Request
     */
    400: Problem;
    /**
     * Unauthorized
     */
    401: Problem;
    /**
     * Forbidden
     */
    403: Problem;
    /**
     * Not Found
     */
    404: Problem;
    /**
     * Conflict
     */
    409: Problem;
    /**
     * Request Entity Too Large
     */
    413: Problem;
    /**
     * Unprocessable Entity
     */
    422: Problem;
    /**
     * Too Many Requests
     */
    429: Problem;
    /**
     * Internal Server Error
     */
    500: Problem;
    /**
     * Service Unavailable
     */
    503: Problem;
};

export type PingWebhookError = PingWebhookErrors[keyof PingWebhookErrors];

export type PingWebhookResponses = {
    /**
     * Accepted
     */
    202: Notice;
};

export type PingWebhookResponse = PingWebhookResponses[keyof PingWebhookResponses];
