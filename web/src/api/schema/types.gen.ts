// Made from the OpenAPI document by `make types`: do not edit.

export type ClientOptions = {
    baseUrl: `${string}://${string}` | (string & {});
};

export type AcceptInvitationBody = {
    /**
     * Left out: as it is
     */
    name?: string;
    /**
     * 10 to 200 characters, and not one that is tried first
     */
    password: string;
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

export type Agreement = {
    /**
     * That share if each kept to their own frequencies
     */
    expected?: number;
    /**
     * 95 % interval of kappa, right for many items: holds if one looks once
     */
    interval?: Span;
    /**
     * Cohen's kappa; quadratically weighted for scores. Absent where it does not exist
     */
    kappa?: number;
    /**
     * Of the rows and columns of table
     */
    labels: Array<string>;
    n: number;
    /**
     * Share on which they agree; in part, for near misses, where kappa is weighted
     */
    observed?: number;
    /**
     * Counts: rows are what people say, columns what the machine does
     */
    table: Array<Array<number>>;
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

export type Analysis = {
    analyzer: string;
    /**
     * By field; a value of null is unknown
     */
    findings: {
        [key: string]: Finding;
    };
    /**
     * The language model, as the provider names it
     */
    model?: string;
    /**
     * What the analyser cannot do
     */
    note?: string;
    /**
     * Edition of what a language model was told
     */
    prompt?: string;
    /**
     * The call in a few sentences
     */
    summary?: string;
    /**
     * What a language model took for it
     */
    usage?: AnalysisUsage;
};

export type AnalysisDay = {
    /**
     * Analyses that were finished
     */
    analyses: number;
    /**
     * What language models took: for analyses, failed attempts included, for judging pairs and for naming groups
     */
    usage: AnalysisUsage;
};

export type AnalysisUsage = {
    /**
     * In US dollars
     */
    cost: number;
    input_tokens: number;
    output_tokens: number;
    requests: number;
};

export type Analyzer = {
    /**
     * Address of an OpenAI-compatible end point, up to where chat/completions follows
     */
    base_url?: string;
    budget?: AnalyzerBudget;
    /**
     * Calls that one node asks the model about at once; default 4
     */
    concurrency?: number;
    /**
     * Whether word lists and rules read the calls that the budget does not cover; the model reads those that wait for the next day then
     */
    fill_in?: boolean;
    /**
     * Headers that are sent with every request. Their values cannot be read
     */
    header_names?: Array<string>;
    /**
     * US dollars for a million tokens sent
     */
    input_price?: number;
    /**
     * Whether there is a key. It cannot be read
     */
    key_set: boolean;
    /**
     * Who reads calls: word lists and rules, or a language model
     */
    kind?: 'offline' | 'llm';
    /**
     * What is sent of one call at most, estimated; default 24000
     */
    max_input_tokens?: number;
    /**
     * What the model may answer; default 2000
     */
    max_output_tokens?: number;
    /**
     * The model's name at the end point
     */
    model?: string;
    /**
     * US dollars for a million tokens answered
     */
    output_price?: number;
    /**
     * Sent with every request, such as Azure's api-version; not kept secret
     */
    query?: {
        [key: string]: string;
    };
    /**
     * How long one request may take; default 60
     */
    timeout_seconds?: number;
};

export type AnalyzerBudget = {
    /**
     * US dollars that one call may take, as estimated beforehand; needs prices
     */
    call_cost?: number;
    /**
     * Tokens that one call may take, as estimated beforehand
     */
    call_tokens?: number;
    /**
     * US dollars a day; needs prices
     */
    day_cost?: number;
    /**
     * Tokens a day, sent and answered
     */
    day_tokens?: number;
};

export type Answers = {
    analyzed: number;
    arm: string;
    known: number;
    /**
     * Reported as unknown, or with a value that the field does not accept
     */
    unknown: number;
    /**
     * Of analysed calls; absent while there are none
     */
    unknown_share?: number;
    unreported: number;
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

export type ArmScore = {
    arm: string;
    calls: number;
    /**
     * Mean of the calls' means, 1 to 5
     */
    mean?: number;
};

export type AskAssignmentBody = {
    /**
     * Give this arm, to try a version out: nothing is drawn, and the call is counted apart (forced_arm)
     */
    arm?: string;
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

export type AskTopicsBody = {
    /**
     * Make groups anew. Else calls that came since join the groups there are, unless k is another number
     */
    again?: boolean;
    /**
     * By what callers say, or by what was said where something went wrong
     */
    by?: 'intent' | 'failure';
    /**
     * How many groups, from 2; 0 or left out: as many as suit
     */
    k?: number;
};

export type Assignment = {
    arm?: string;
    /**
     * Absent where numbers are not kept
     */
    caller?: string;
    /**
     * Keyed hash of the caller, made by Tandem: calls with the same are of one caller
     */
    caller_key?: string;
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
     * What was randomised: the call's id, or the caller's key
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

export type BlindCall = {
    turns: Array<Turn>;
};

export type BlindPair = {
    left: BlindCall;
    right: BlindCall;
    /**
     * Names the pair when it is rated; it tells nothing before
     */
    token: string;
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
    recording?: FactRecording;
    removed?: Removed;
    reported_version?: FactId;
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

export type CallAnalysis = {
    /**
     * The last one that was made
     */
    analysis?: Analysis;
    asked_at: string;
    /**
     * Attempts that failed
     */
    attempts: number;
    call_id: string;
    last_error?: string;
    next_at: string;
    state: 'due' | 'done' | 'failed';
};

export type CallRating = {
    call_id: string;
    note?: string;
    rated_at: string;
    /**
     * Name of the API key, or address of the user, that rated
     */
    rater: string;
    scores: Scores;
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

export type CallerBodyBody = {
    /**
     * Number in any common way of writing, name, or key of the caller
     */
    caller: string;
};

export type CallsPerDay = {
    /**
     * The days in order, today last, as the time zone has them
     */
    days: Array<string>;
    /**
     * Every route that had a call; one that is not listed had none
     */
    routes: Array<RouteDays>;
};

export type Change = {
    id?: string;
    kind: 'config' | 'agent' | 'route' | 'test' | 'results' | 'reanalysis' | 'judging' | 'topics' | 'reset';
    seq: number;
};

export type ChangeMyselfBody = {
    name: string;
};

export type ChangePasswordBody = {
    /**
     * 10 to 200 characters, and not one that is tried first
     */
    new: string;
    old: string;
};

export type ChangeTestBody = {
    /**
     * CEL expression over call and fields; empty takes the goal away
     */
    goal: string;
    /**
     * Why
     */
    note?: string;
};

export type CheckGoalBody = {
    goal: string;
    /**
     * Published versions, of A, B and so on: id, or agent@number. Without any, every field's name is accepted
     */
    versions?: Array<string>;
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

export type CreateUserBody = {
    email: string;
    /**
     * Left out: what stands before the @
     */
    name?: string;
    /**
     * Left out, the user gets an invitation to choose one
     */
    password?: string;
    /**
     * viewer reads; operator also changes agents, routes and tests; admin everything
     */
    role: 'viewer' | 'operator' | 'admin';
};

export type CreateWebhookBody = {
    /**
     * What it hears; left out: everything
     */
    kinds?: Array<'verdict' | 'verdict.withdrawn' | 'guardrail.breached' | 'split.broken' | 'outcomes.missing' | 'alarm' | 'ramp.advanced'>;
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
    /**
     * A machine took the call; left out: by the cause
     */
    voicemail?: boolean;
};

export type Erasure = {
    /**
     * By which the caller's calls were known; they no longer are
     */
    caller_key: string;
    /**
     * Calls whose personal data was erased
     */
    calls: number;
    /**
     * Names the erasure in the audit log and among the purges
     */
    id: string;
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
    kind: 'assigned' | 'started' | 'answered' | 'ended' | 'transferred' | 'failover' | 'transcript' | 'analysis' | 'cost' | 'latency' | 'recording';
    latency?: Latency;
    /**
     * Who reports; default api
     */
    origin?: string;
    recording?: Recording;
    transcript?: Array<Turn>;
    transferred?: Transfer;
    /**
     * answered and ended: the version that took the call, where the reporter knows it. Another than the assigned one is a mismatch: the call is counted apart
     */
    version_id?: string;
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
     * How many of these calls came when
     */
    traffic?: Traffic;
    /**
     * Randomised calls behind the oldest one that is still without outcome
     */
    waiting: number;
    /**
     * Calls whose caller is not known, taken as callers of their own
     */
    withheld: number;
};

export type Export = {
    at: string;
    /**
     * As it was asked for
     */
    caller: string;
    /**
     * By which the caller's calls are known
     */
    caller_key: string;
    calls: Array<Kept>;
};

export type FactAssignment = {
    at: string;
    event_id?: string;
    origin: string;
    /**
     * How many pieces of personal data were taken out of it, by kind
     */
    redacted?: {
        [key: string]: number;
    };
    value: Assignment;
};

export type FactCost = {
    at: string;
    event_id?: string;
    origin: string;
    /**
     * How many pieces of personal data were taken out of it, by kind
     */
    redacted?: {
        [key: string]: number;
    };
    value: Cost;
};

export type FactEnding = {
    at: string;
    event_id?: string;
    origin: string;
    /**
     * How many pieces of personal data were taken out of it, by kind
     */
    redacted?: {
        [key: string]: number;
    };
    value: Ending;
};

export type FactFailover = {
    at: string;
    event_id?: string;
    origin: string;
    /**
     * How many pieces of personal data were taken out of it, by kind
     */
    redacted?: {
        [key: string]: number;
    };
    value: Failover;
};

export type FactId = {
    at: string;
    event_id?: string;
    origin: string;
    /**
     * How many pieces of personal data were taken out of it, by kind
     */
    redacted?: {
        [key: string]: number;
    };
    value: string;
};

export type FactInt = {
    at: string;
    event_id?: string;
    origin: string;
    /**
     * How many pieces of personal data were taken out of it, by kind
     */
    redacted?: {
        [key: string]: number;
    };
    value: number;
};

export type FactLatency = {
    at: string;
    event_id?: string;
    origin: string;
    /**
     * How many pieces of personal data were taken out of it, by kind
     */
    redacted?: {
        [key: string]: number;
    };
    value: Latency;
};

export type FactMoment = {
    at: string;
    event_id?: string;
    origin: string;
    /**
     * How many pieces of personal data were taken out of it, by kind
     */
    redacted?: {
        [key: string]: number;
    };
    value: Moment;
};

export type FactRecording = {
    at: string;
    event_id?: string;
    origin: string;
    /**
     * How many pieces of personal data were taken out of it, by kind
     */
    redacted?: {
        [key: string]: number;
    };
    value: Recording;
};

export type FactTransfer = {
    at: string;
    event_id?: string;
    origin: string;
    /**
     * How many pieces of personal data were taken out of it, by kind
     */
    redacted?: {
        [key: string]: number;
    };
    value: Transfer;
};

export type FactValue = {
    at: string;
    event_id?: string;
    origin: string;
    /**
     * How many pieces of personal data were taken out of it, by kind
     */
    redacted?: {
        [key: string]: number;
    };
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

export type Finding = {
    /**
     * The words that show it
     */
    quote?: string;
    /**
     * Why it is this, or unknown
     */
    reason?: string;
    value: unknown;
};

export type Fit = {
    at: string;
    k: number;
    /**
     * What naming cost, in US dollars
     */
    name_cost?: number;
    /**
     * offline: by their words; else the language model
     */
    named_by: string;
    /**
     * Calls that they were made of
     */
    sampled: number;
    /**
     * Numbers of groups that were tried; absent where the number was asked for
     */
    tried?: Array<GroupCount>;
    /**
     * Different words, and pairs of neighbouring words, that tell these calls apart
     */
    words: number;
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

export type GoalChange = {
    at: string;
    by: string;
    /**
     * Randomised calls of the test at that moment: whoever changed the goal could have seen them
     */
    calls: number;
    /**
     * The goal before
     */
    from: string;
    /**
     * Why
     */
    note?: string;
    to: string;
};

export type GoalCheck = {
    /**
     * What keeps it from being a goal, each with its place
     */
    errors: Array<GoalFault>;
    /**
     * What a goal over these versions can ask for: facts of calls, then fields
     */
    names: Array<GoalName>;
    ok: boolean;
    /**
     * What it can do all the same, but may not be meant to
     */
    warnings: Array<string>;
};

export type GoalFault = {
    /**
     * From 1
     */
    column: number;
    /**
     * From 1
     */
    line: number;
    message: string;
};

export type GoalName = {
    choices?: Array<string>;
    doc?: string;
    name: string;
    type: 'bool' | 'double' | 'int' | 'string';
    unit?: string;
};

export type Group = {
    calls: number;
    description?: string;
    /**
     * Names the group where calls and samples are filtered. It holds until groups are made anew
     */
    key: string;
    metrics: Array<GroupMetric>;
    name: string;
    /**
     * How many of an arm's calls are in it. This compares all calls of the arms, as they were randomised
     */
    share: GroupMetric;
    /**
     * The most telling words, the best first
     */
    terms?: Array<string>;
    /**
     * The calls nearest to the group's middle
     */
    typical?: Array<TypicalCall>;
};

export type GroupCount = {
    k: number;
    /**
     * -1 to 1: how much nearer calls are to their own group than to the next. The largest is taken
     */
    silhouette: number;
};

export type GroupDifference = {
    /**
     * p over all groups and metrics that are shown, by Benjamini and Hochberg
     */
    adjusted?: number;
    against: string;
    arm: string;
    /**
     * Newcombe's for shares, Welch's for averages; holds if you look once
     */
    interval?: Span;
    note?: string;
    p?: number;
    /**
     * This arm minus the first
     */
    value?: number;
};

export type GroupMetric = {
    against: Array<GroupDifference>;
    arms: Array<GroupValue>;
    kind: 'proportion' | 'mean';
    label: string;
    name: string;
    unit?: string;
};

export type GroupValue = {
    arm: string;
    /**
     * Wilson's for shares, Student's for averages
     */
    interval?: Span;
    n: number;
    /**
     * Ended calls of the group that say nothing about it
     */
    unknown: number;
    value?: number;
};

export type Grouping = {
    /**
     * Whether groups are made anew; else calls that came since join those there are
     */
    again: boolean;
    asked_at: string;
    attempts: number;
    by: 'intent' | 'failure';
    /**
     * When the groups that are shown were made
     */
    done_at?: string;
    /**
     * Groups asked for; 0: as many as suit
     */
    k: number;
    last_error?: string;
    progress: GroupingProgress;
    state: 'due' | 'done' | 'failed';
    test_id: string;
};

export type GroupingProgress = {
    /**
     * Calls so far
     */
    done: number;
    /**
     * What is being done: reading, grouping, naming or counting
     */
    step?: string;
    /**
     * Calls in all
     */
    total: number;
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
    /**
     * Judged by every outcome there is, ahead of the covered calls; calls in progress are counted in A's favour
     */
    at_once?: boolean;
    breached: boolean;
    harm?: number;
    /**
     * Enough calls on both sides to tell harm from its absence; a ramp waits until this is so in every arm that gets calls
     */
    known: boolean;
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

export type Interaction = {
    /**
     * p over all interactions of this list, by Benjamini and Hochberg
     */
    adjusted?: number;
    against: string;
    arm: string;
    /**
     * Groups that it rests on
     */
    groups: number;
    label: string;
    /**
     * Groups with too few calls in an arm
     */
    left_out?: Array<string>;
    metric: string;
    note?: string;
    p?: number;
    /**
     * Cochran's Q, chi-squared with groups - 1 degrees of freedom
     */
    q?: number;
    /**
     * Key of the situation: in it against not in it
     */
    situation?: string;
};

export type Interval = {
    high: number;
    low: number;
    method: 'wilson' | 'student_t' | 'newcombe' | 'welch_t' | 'delta' | 'order_statistics';
};

export type Invitation = {
    expires_at: string;
    /**
     * Shown only now. Whoever has it can choose the user's password, once: hand it to nobody else
     */
    token: string;
};

export type Invited = {
    email: string;
    expires_at: string;
    name: string;
};

export type JudgedPair = {
    /**
     * Attempts that failed
     */
    attempts?: number;
    first: PairedCall;
    judged_at?: string;
    last_error?: string;
    /**
     * Counts the pairs of a judging from 1
     */
    number: number;
    /**
     * With the first call shown first, and with the second shown first; null before the judge was asked
     */
    opinions: [
        Opinion,
        Opinion
    ];
    second: PairedCall;
    /**
     * How alike the callers' opening words are: the cosine of their TF-IDF vectors, 0 to 1
     */
    similarity: number;
    state: 'due' | 'judged' | 'failed';
    test_id: string;
};

export type Judgements = {
    /**
     * People against the judge, over pairs that both saw; absent without one
     */
    agreement?: Agreement;
    /**
     * The first arm, and the one set against it
     */
    arms: [
        string,
        string
    ];
    /**
     * What the judge prefers, by criterion; overall first. Empty before any pair is judged
     */
    judge: Array<Preferred>;
    /**
     * Where the judging stands; absent before the first start
     */
    judging?: Judging;
    /**
     * What these figures are, and are not
     */
    label: string;
    people: People;
    /**
     * Whether the judge's answers depend on which call is shown first
     */
    position?: Position;
    /**
     * Ratings of single calls by people, by rubric field, and how they agree with the calls' analyses
     */
    scores: Array<ScoreMatch>;
    /**
     * Of the judged pairs: the cosine of what their callers say first, 0 to 1
     */
    similarity_median?: number;
    test_id: string;
};

export type Judging = {
    /**
     * The arms that are compared, in the test's order
     */
    arms: [
        string,
        string
    ];
    /**
     * Attempts in a row in which nothing could be asked
     */
    attempts?: number;
    /**
     * In US dollars, over all starts; absent without a limit
     */
    cost_limit?: number;
    ended_at?: string;
    /**
     * Pairs that were set aside
     */
    failed: number;
    /**
     * Who judges: the analyser, its model and the edition of what it was told
     */
    judge: string;
    /**
     * Pairs with both answers
     */
    judged: number;
    last_error?: string;
    /**
     * Pairs asked for, over all starts
     */
    pairs: number;
    /**
     * Decides which calls were drawn last
     */
    seed: number;
    started_at: string;
    started_by: string;
    state: 'running' | 'done' | 'cancelled' | 'failed' | 'over_budget';
    test_id: string;
    usage: AnalysisUsage;
};

export type JudgingStart = {
    estimate: Outlay;
    /**
     * Absent in a dry run
     */
    judging?: Judging;
};

export type Kept = {
    /**
     * What was found by whom: values, ratings, reasons, quotes, the summary
     */
    analysis?: CallAnalysis;
    call: Call;
    /**
     * Groups of its test's calls that it is in
     */
    groups: Array<string>;
    /**
     * What a language model said of it beside another call, without the other call's words
     */
    judged_pairs: Array<JudgedPair>;
    /**
     * What people said of it beside another call
     */
    pair_ratings: Array<PairRating>;
    /**
     * What people said of the call
     */
    ratings: Array<CallRating>;
    transcript: Array<Turn>;
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

export type ListCallAnalysis = {
    items: Array<CallAnalysis>;
    /**
     * Cursor of the next page; absent on the last
     */
    next?: string;
};

export type ListCallRating = {
    items: Array<CallRating>;
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

export type ListJudgedPair = {
    items: Array<JudgedPair>;
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

export type ListOwnSession = {
    items: Array<OwnSession>;
    /**
     * Cursor of the next page; absent on the last
     */
    next?: string;
};

export type ListPairRating = {
    items: Array<PairRating>;
    /**
     * Cursor of the next page; absent on the last
     */
    next?: string;
};

export type ListPrivacyJob = {
    items: Array<PrivacyJob>;
    /**
     * Cursor of the next page; absent on the last
     */
    next?: string;
};

export type ListPurge = {
    items: Array<Purge>;
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

export type ListUser = {
    items: Array<User>;
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
     * Arms of the test; default 2. Each is compared with A at alpha divided among them, and has B's share
     */
    arms?: number;
    /**
     * A's value: a share from 0 to 1, or an average in the metric's unit
     */
    baseline?: number;
    /**
     * How much the calls of one caller are alike: the intra-caller correlation of the metric
     */
    caller_correlation?: number;
    /**
     * The other way round: which difference is found by so many calls in both arms
     */
    calls?: number;
    /**
     * Sticky tests: calls that a caller makes on average; default, with caller_correlation: those of the route's latest test
     */
    calls_per_caller?: number;
    /**
     * Their standard deviation by caller, as a share of that average
     */
    calls_spread?: number;
    /**
     * Of a category: each arm's shares of the categories, adding up to 1; with one look
     */
    categories?: Array<Array<number>>;
    /**
     * Correlation of a call's value with the caller's before the test, for the adjusted comparison (CUPED) with one look
     */
    covariate_correlation?: number;
    /**
     * The same for so many days at the volume
     */
    days?: number;
    /**
     * The values' density at that quantile; default: that of a log-normal distribution with the baseline as its mean, and sd
     */
    density?: number;
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
     * Only this side counts, as in a guardrail: effect is then the harm beyond the margin
     */
    one_sided?: boolean;
    /**
     * Calls a day that the test would get, in all arms; default: the route's of late
     */
    per_day?: number;
    /**
     * Chance of finding a difference that is there; default 0.8
     */
    power?: number;
    /**
     * Compare this quantile instead of the average: 0.5 is the median. Means only; with one look
     */
    quantile?: number;
    /**
     * How many calls it takes until the sample-ratio check finds that B gets this share instead of share_b
     */
    real_share_b?: number;
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
     * Fields of analysis: how often each arm's analyses knew it
     */
    answers?: Array<Answers>;
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
    /**
     * The least and the largest value there can be, where there are such
     */
    bounds?: Span;
    kind: 'count' | 'proportion' | 'mean' | 'category';
    label: string;
    name: string;
    note?: string;
    overall?: Significance;
    primary?: boolean;
    unit?: string;
    /**
     * Fields of analysis: whether they are unknown more often in an arm than in the first
     */
    unknown_gaps?: Array<UnknownGap>;
};

export type Mismatch = {
    against: string;
    arm: string;
    field: string;
    reason: string;
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

export type NewUser = {
    created_at: string;
    /**
     * A disabled user cannot sign in
     */
    disabled: boolean;
    /**
     * In lower case; no two users have the same
     */
    email: string;
    /**
     * Whether they have a password or have signed in by OpenID; false for who was invited and did not come yet
     */
    has_way_in: boolean;
    id: string;
    /**
     * Absent when a password was given. The console's page for it is /invitation#token=...
     */
    invitation?: Invitation;
    name: string;
    role: 'viewer' | 'operator' | 'admin';
    /**
     * When they last signed in
     */
    signed_in_at?: string;
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
    kind: 'verdict' | 'verdict.withdrawn' | 'guardrail.breached' | 'split.broken' | 'outcomes.missing' | 'alarm' | 'ramp.advanced' | 'ping';
    route_id?: string;
    test_id?: string;
    /**
     * One sentence
     */
    text: string;
};

export type OidcSetting = {
    /**
     * What the issuer knows Tandem as
     */
    client_id: string;
    /**
     * Role of users who were not known before; left out: only known users may sign in
     */
    default_role?: 'viewer' | 'operator' | 'admin';
    /**
     * Domains that e-mail addresses may be in; empty: any
     */
    domains: Array<string>;
    has_client_secret: boolean;
    /**
     * Address of the issuer, as its discovery document has it
     */
    issuer: string;
    /**
     * What to register with the issuer, as this request came
     */
    redirect_uri: string;
    /**
     * Claim of the ID token that says the role: a text or a list of texts
     */
    role_claim?: string;
    /**
     * Role for each value of the claim; of several the highest
     */
    roles?: {
        [key: string]: string;
    };
};

export type Opinion = {
    /**
     * By criterion: overall and the rubric's three
     */
    criteria: {
        [key: string]: Preference;
    };
    /**
     * The language model, as the provider names it
     */
    model?: string;
    /**
     * What the judge cannot do
     */
    note?: string;
    usage: AnalysisUsage;
};

export type Outlay = {
    arms: [
        string,
        string
    ];
    /**
     * Who would judge
     */
    judge: string;
    /**
     * Of them, those left by an earlier start
     */
    left: number;
    /**
     * Pairs that were asked for and cannot be had: the arms have too few calls with transcripts, or too few that are alike
     */
    missing: number;
    /**
     * Pairs to judge: new ones and those left by an earlier start
     */
    pairs: number;
    /**
     * Whether the model's prices are set, so that the cost is known
     */
    priced: boolean;
    /**
     * Of them, those that people have rated
     */
    rated: number;
    /**
     * Of the new pairs: the cosine of what their callers say first, 0 to 1
     */
    similarity_median?: number;
    /**
     * About what it takes, rather too high, without repairs of answers that do not fit
     */
    usage: AnalysisUsage;
};

export type OwnSession = {
    /**
     * What the browser calls itself
     */
    browser: string;
    created_at: string;
    /**
     * Whether it is the one that asks
     */
    current: boolean;
    /**
     * When it ends, however much it is used; without use it ends 12 hours after seen_at
     */
    expires_at: string;
    id: string;
    /**
     * When it was last used, to the minute
     */
    seen_at: string;
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
     * Durations: the interval and p are about durations cut here; longer ones count as this long. The least of the route's longest call and four times the longest of the first 50, fixed from then on
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
     * The bets exclude every difference: it is not the same in all calls, and has changed over time. There is no interval then; band, which is of the average difference, is asymptotic
     */
    none_fits?: boolean;
    /**
     * Holds at every look
     */
    p?: number;
    /**
     * The call with which equality was first refuted at the level of the interval
     */
    since?: Since;
    /**
     * The asymptotic band over time, thinned
     */
    track?: Array<BandPoint>;
    /**
     * This arm less the first, over the covered calls
     */
    value?: number;
};

export type PairRating = {
    /**
     * Whether the rater could not know which arm is which
     */
    blind: boolean;
    first: PairedCall;
    id: string;
    note?: string;
    rated_at: string;
    /**
     * Name of the API key, or address of the user, that rated
     */
    rater: string;
    second: PairedCall;
    test_id: string;
    /**
     * The arm whose call is better, or tie
     */
    winner: string;
};

export type PairedCall = {
    arm: string;
    call_id: string;
};

export type PatchAgentBody = {
    /**
     * Unique among agents
     */
    name?: string | null;
};

export type PatchUserBody = {
    /**
     * The user's sessions end
     */
    disabled?: boolean | null;
    name?: string | null;
    /**
     * The user's sessions end
     */
    role?: 'viewer' | 'operator' | 'admin';
};

export type Pause = {
    reason: string;
    /**
     * When one call is tried; absent when the settings have to change first
     */
    until?: string;
};

export type People = {
    /**
     * Of them, those whose rater could not know which arm is which
     */
    blind: number;
    /**
     * Each pair counted once, by what most of its raters say; as many for either is a tie
     */
    preferred?: Preferred;
    raters: number;
    /**
     * Of pairs
     */
    ratings: number;
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

export type PlaceTestCallBody = {
    /**
     * The number that the call is for, in any common way of writing; only needed for a target without a user part
     */
    number?: string;
    /**
     * Number of the version to call; left out: the draft
     */
    version?: number;
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
     * Calls until the split asked about is found broken
     */
    sample_ratio?: PlanMode;
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
     * Arms of the test; default 2. Each is compared with A at alpha divided among them, and has B's share
     */
    arms?: number;
    /**
     * A's value: a share from 0 to 1, or an average in the metric's unit
     */
    baseline?: number;
    /**
     * How much the calls of one caller are alike: the intra-caller correlation of the metric
     */
    caller_correlation?: number;
    /**
     * The other way round: which difference is found by so many calls in both arms
     */
    calls?: number;
    /**
     * Sticky tests: calls that a caller makes on average; default, with caller_correlation: those of the route's latest test
     */
    calls_per_caller?: number;
    /**
     * Their standard deviation by caller, as a share of that average
     */
    calls_spread?: number;
    /**
     * Of a category: each arm's shares of the categories, adding up to 1; with one look
     */
    categories?: Array<Array<number>>;
    /**
     * Correlation of a call's value with the caller's before the test, for the adjusted comparison (CUPED) with one look
     */
    covariate_correlation?: number;
    /**
     * The same for so many days at the volume
     */
    days?: number;
    /**
     * The values' density at that quantile; default: that of a log-normal distribution with the baseline as its mean, and sd
     */
    density?: number;
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
     * Only this side counts, as in a guardrail: effect is then the harm beyond the margin
     */
    one_sided?: boolean;
    /**
     * Calls a day that the test would get, in all arms; default: the route's of late
     */
    per_day?: number;
    /**
     * Chance of finding a difference that is there; default 0.8
     */
    power?: number;
    /**
     * Compare this quantile instead of the average: 0.5 is the median. Means only; with one look
     */
    quantile?: number;
    /**
     * How many calls it takes until the sample-ratio check finds that B gets this share instead of share_b
     */
    real_share_b?: number;
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

export type Position = {
    /**
     * first_both less second_both, of all pairs: 1 is a judge that always takes the first, -1 one that always takes the second, 0 one without a liking
     */
    bias?: number;
    /**
     * The same answer in both orders
     */
    consistent: number;
    consistent_share?: number;
    /**
     * Whichever call was shown first was preferred, both times
     */
    first_both: number;
    /**
     * A preference in one order, a tie in the other
     */
    one_tie: number;
    /**
     * Pairs with two overall answers
     */
    pairs: number;
    /**
     * Whichever call was shown second was preferred, both times
     */
    second_both: number;
};

export type Preference = {
    /**
     * one, two or tie, in the order shown; empty without an answer
     */
    prefers: string;
    /**
     * The words of either call that show it
     */
    quote?: string;
    reason?: string;
};

export type Preferred = {
    criterion: 'overall' | 'language_naturalness' | 'error_handling' | 'off_script_recovery';
    /**
     * 95 % interval of share that holds at every look, however many pairs are added
     */
    interval_always?: Span;
    /**
     * Wilson's 95 % interval of share: holds if one looks once
     */
    interval_once?: Span;
    /**
     * The arm that is preferred by interval_always; absent while it holds one half
     */
    prefers?: string;
    /**
     * The second arm's share of the decided pairs; absent without any
     */
    share?: number;
    /**
     * Its share of all pairs, a tie being half a win
     */
    share_with_half_ties?: number;
    /**
     * Pairs without a winner, or in which the answer changed with the place
     */
    ties: number;
    /**
     * Pairs without two answers that fit; in no other figure
     */
    unknown?: number;
    /**
     * Pairs won by each arm, in the order of arms
     */
    wins: [
        number,
        number
    ];
};

export type PrivacyJob = {
    /**
     * Who asked: the name of a key, or retention for the daily one
     */
    actor: string;
    /**
     * When it was asked for
     */
    at: string;
    /**
     * Calls of which something was taken
     */
    changed: number;
    finished_at?: string;
    id: string;
    last_error?: string;
    /**
     * Calls that were looked at
     */
    looked: number;
    /**
     * What was taken out of text, by kind
     */
    redacted?: {
        [key: string]: number;
    };
    /**
     * Calls left alone because what they count for would have changed
     */
    refused: number;
    /**
     * Revision of the privacy settings that it goes by
     */
    setting: number;
    work: 'purge' | 'redact';
};

export type PrivacySettings = {
    /**
     * Callers' numbers are not stored, only a keyed hash that tells whose calls belong together
     */
    discard_callers: boolean;
    /**
     * Links to recordings are not stored
     */
    discard_recordings: boolean;
    /**
     * What is taken out of all text before it is stored or shown to a language model
     */
    redact: RedactSettings;
    /**
     * For how many days data is kept; 0: for ever
     */
    retention: Retention;
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

export type Progress = {
    analyzer: string;
    budget: AnalyzerBudget;
    /**
     * Whether calls, judgings and names of groups wait for the next UTC day
     */
    budget_spent: boolean;
    /**
     * Analyses that wait, on all nodes
     */
    due: number;
    /**
     * Analyses that were set aside after several attempts
     */
    failed: number;
    model?: string;
    /**
     * What the analyser cannot do
     */
    note: string;
    /**
     * Why this node asks no model at present
     */
    paused?: Pause;
    /**
     * This UTC day, on all nodes
     */
    today: AnalysisDay;
    /**
     * Calls that this node asks the model about
     */
    under_way: number;
};

export type PublishBody = {
    /**
     * What changed, in your words
     */
    note?: string;
};

export type Purge = {
    /**
     * When the first was deleted
     */
    at: string;
    /**
     * Calls of before this time
     */
    before?: string;
    /**
     * Calls of which it was deleted
     */
    calls: number;
    /**
     * retention, or erasure on request
     */
    cause: 'retention' | 'erasure';
    data: 'transcripts' | 'analyses' | 'recordings' | 'callers' | 'records';
    /**
     * The retention it went by
     */
    days?: number;
    job_id: string;
    /**
     * Calls of before that time that still had it when all was done, counted anew
     */
    left?: number;
    newest?: string;
    /**
     * Time of the oldest call of which it was deleted
     */
    oldest?: string;
    /**
     * Revision of the privacy settings that said so
     */
    setting?: number;
};

export type PutAnalyzerBody = {
    /**
     * Address of an OpenAI-compatible end point, up to where chat/completions follows
     */
    base_url?: string;
    budget?: AnalyzerBudget;
    /**
     * Calls that one node asks the model about at once; default 4
     */
    concurrency?: number;
    /**
     * Whether word lists and rules read the calls that the budget does not cover; the model reads those that wait for the next day then
     */
    fill_in?: boolean;
    /**
     * Sent with every request and as secret as the key, such as Azure's api-key. Left out: as they are; an empty object: none
     */
    headers?: {
        [key: string]: string;
    };
    /**
     * US dollars for a million tokens sent
     */
    input_price?: number;
    /**
     * Bearer token of the end point. Left out: as it is; empty: none. Given anew when base_url leads to another host
     */
    key?: string;
    /**
     * Who reads calls: word lists and rules, or a language model
     */
    kind?: 'offline' | 'llm';
    /**
     * What is sent of one call at most, estimated; default 24000
     */
    max_input_tokens?: number;
    /**
     * What the model may answer; default 2000
     */
    max_output_tokens?: number;
    /**
     * The model's name at the end point
     */
    model?: string;
    /**
     * US dollars for a million tokens answered
     */
    output_price?: number;
    /**
     * Sent with every request, such as Azure's api-version; not kept secret
     */
    query?: {
        [key: string]: string;
    };
    /**
     * How long one request may take; default 60
     */
    timeout_seconds?: number;
};

export type PutOidcBody = {
    /**
     * What the issuer knows Tandem as
     */
    client_id: string;
    /**
     * Left out: as it is, so long as issuer and client_id are
     */
    client_secret?: string;
    /**
     * Role of users who were not known before; left out: only known users may sign in
     */
    default_role?: 'viewer' | 'operator' | 'admin';
    /**
     * Domains that e-mail addresses may be in; empty: any
     */
    domains: Array<string>;
    /**
     * Address of the issuer, as its discovery document has it
     */
    issuer: string;
    /**
     * Claim of the ID token that says the role: a text or a list of texts
     */
    role_claim?: string;
    /**
     * Role for each value of the claim; of several the highest
     */
    roles?: {
        [key: string]: string;
    };
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

export type RampState = {
    /**
     * The split of the next step, in percent
     */
    next: Array<number>;
    /**
     * The step in force, from 1
     */
    step: number;
    steps: number;
    /**
     * What the next step waits for; empty when it is due
     */
    waits: Array<string>;
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

export type RateCallBody = {
    note?: string;
    /**
     * By the rubric; leave out what cannot be rated
     */
    scores?: Scores;
};

export type RatePairBody = {
    /**
     * Call of the arm that comes first in the test; without a token
     */
    first_call?: string;
    note?: string;
    /**
     * Call of another arm; without a token
     */
    second_call?: string;
    /**
     * Of the pair in a blind sample; in place of the calls
     */
    token?: string;
    /**
     * Which call is better. With a token: left, right or tie; else the arm's key, or tie
     */
    winner: string;
};

export type Reanalysing = {
    /**
     * With dry_run: what it would take
     */
    estimate?: ReanalysisEstimate;
    /**
     * Without: what has begun
     */
    reanalysis?: Reanalysis;
};

export type Reanalysis = {
    /**
     * Who asked for it
     */
    actor: string;
    /**
     * Calls whose turn has come
     */
    asked: number;
    asked_at: string;
    /**
     * Calls that there were when it began
     */
    calls: number;
    cost_per_call?: number;
    /**
     * Calls that were set aside
     */
    failed: number;
    id: string;
    max_cost?: number;
    /**
     * Why it stopped
     */
    note?: string;
    /**
     * Calls whose turn has come and that are not done yet
     */
    pending: number;
    state: 'running' | 'done' | 'stopped' | 'cancelled';
    test_id: string;
    /**
     * What it took so far
     */
    usage: AnalysisUsage;
};

export type ReanalysisEstimate = {
    analyzer: string;
    /**
     * Calls with a transcript
     */
    calls: number;
    /**
     * Calls whose transcripts were measured for the estimate
     */
    sampled: number;
    /**
     * Rather too high, without repairs; nothing when no model is asked
     */
    usage: AnalysisUsage;
};

export type ReanalyzeBody = {
    /**
     * Only say what it would take
     */
    dry_run?: boolean;
    /**
     * Stop before it costs more than so many US dollars, by estimate; 0: nowhere
     */
    max_cost?: number;
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
    /**
     * The weights are the shares that were intended, which the split is then checked against. Otherwise they are taken for the arms' own counts, and it is not checked
     */
    intended?: boolean;
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

export type Recording = {
    /**
     * Empty where links are not kept
     */
    url: string;
};

export type Recounting = {
    /**
     * Calls counted under the changed goal
     */
    done: number;
    text: string;
    /**
     * Calls that there were when it was changed, about
     */
    total: number;
};

export type RedactSettings = {
    /**
     * Kinds of personal data to take out; none: nothing
     */
    kinds: Array<'phone' | 'email' | 'card' | 'iban' | 'ssn' | 'name'>;
    /**
     * Names to take out, with the kind name: exactly these, as whole words
     */
    names: Array<string>;
    /**
     * Country, in two letters, whose numbers are said without country code; default: the server's, or else US
     */
    region?: string;
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

export type Removed = {
    analysis?: string;
    caller?: string;
    /**
     * The goal stands as it was judged, for what it was judged by is gone
     */
    goal?: boolean;
    /**
     * Of the goal that it was judged by: a changed goal is unknown for it
     */
    goal_edition?: number;
    record?: string;
    recording?: string;
    transcript?: string;
};

export type Report = {
    /**
     * Calls that each arm had
     */
    as_of: {
        [key: string]: number;
    };
    /**
     * When they were read
     */
    at: string;
    /**
     * Randomised calls that have ended
     */
    calls: number;
    /**
     * When the last of the calls in it was assigned
     */
    covers_to?: string;
    /**
     * How the groups were made; absent where there were too few calls
     */
    fit?: Fit;
    /**
     * Of them, those in a group
     */
    grouped: number;
    groups: Array<Group>;
    /**
     * Whether the difference between arms differs among the groups
     */
    interactions: Array<Interaction>;
    /**
     * How to read it
     */
    label: string;
    notes: Array<string>;
    /**
     * Whether the difference between arms is another in a situation than outside of it
     */
    situation_interactions: Array<Interaction>;
    /**
     * What calls got into. A call may be in several
     */
    situations: Array<Group>;
    /**
     * Of them, those without the words that are grouped by: no transcript, nothing said, nothing wrong
     */
    without_words: number;
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
     * How the goal was changed after the test began: whoever reads the results has to know
     */
    goal_changes?: Array<GoalChange>;
    /**
     * When callers leave, for each arm with answered calls
     */
    hangups: Array<HangupTiming>;
    method: Method;
    metrics: Array<Metric>;
    name?: string;
    /**
     * Fields that the arms' versions do not define alike, so that they are not compared
     */
    not_comparable?: Array<Mismatch>;
    phases: Array<PhaseHeader>;
    primary_metric: string;
    /**
     * How complete each arm's data are
     */
    quality: Array<Quality>;
    /**
     * The ramp's next step, and what it waits for
     */
    ramp?: RampState;
    /**
     * While calls are counted anew under a changed goal; no conclusion about completion is drawn meanwhile
     */
    recounting?: Recounting;
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

export type Retention = {
    /**
     * Summaries, quotes, reasons and text values
     */
    analyses_days: number;
    /**
     * Callers' numbers
     */
    callers_days: number;
    /**
     * Links to recordings
     */
    recordings_days: number;
    /**
     * All personal data of a call: the above, other systems' ids, the cause of its end. What results count stays
     */
    records_days: number;
    /**
     * What was said
     */
    transcripts_days: number;
};

export type RevealedPair = {
    /**
     * Whether the rater could not know which arm is which
     */
    blind: boolean;
    first: PairedCall;
    id: string;
    /**
     * The arm that was on the left of a blind pair
     */
    left?: string;
    note?: string;
    rated_at: string;
    /**
     * Name of the API key, or address of the user, that rated
     */
    rater: string;
    /**
     * The arm that was on the right of it
     */
    right?: string;
    second: PairedCall;
    test_id: string;
    /**
     * The arm whose call is better, or tie
     */
    winner: string;
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

export type RouteDays = {
    /**
     * Calls assigned on each of the days
     */
    calls: Array<number>;
    route_id: string;
    /**
     * The last of them
     */
    today: number;
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
    /**
     * Of a blind sample, in place of arms: what was said, without which arm is which
     */
    pairs?: Array<BlindPair>;
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
    /**
     * Why there is nothing to compare the arms' sizes with
     */
    not_checked?: string;
};

export type SampledCall = {
    call: Call;
    turns: Array<Turn>;
};

export type ScoreMatch = {
    /**
     * People (rounded mean of a call's raters) against the calls' analyses; absent without a call that both rated
     */
    agreement?: Agreement;
    arms: Array<ArmScore>;
    field: string;
};

export type Scores = {
    /**
     * How the agent deals with what goes wrong, 1 to 5; left out when nothing did
     */
    error_handling?: number;
    /**
     * How natural the agent's language is, 1 to 5
     */
    language_naturalness?: number;
    /**
     * How the agent deals with what its task does not foresee, 1 to 5; left out when nothing was
     */
    off_script_recovery?: number;
};

export type Segment = {
    arm: number;
    end: number;
};

export type Session = {
    /**
     * What the browser calls itself
     */
    browser: string;
    created_at: string;
    /**
     * When it ends, however much it is used; without use it ends 12 hours after seen_at
     */
    expires_at: string;
    id: string;
    /**
     * When it was last used, to the minute
     */
    seen_at: string;
};

export type SetUpRequestBody = {
    /**
     * What the server wrote into its log, or what tandem setup-code prints. Not needed with an API key with the scope admin
     */
    code?: string;
    email: string;
    /**
     * Left out: what stands before the @
     */
    name?: string;
    /**
     * 10 to 200 characters, and not one that is tried first
     */
    password: string;
};

export type Setup = {
    /**
     * Whether the first administrator is still to be made
     */
    needed: boolean;
    /**
     * Whether one can sign in by GET /v1/oidc/start
     */
    openid: boolean;
};

export type SignInRequestBody = {
    email?: string;
    /**
     * Token of a one-time link, in place of address and password
     */
    link?: string;
    password?: string;
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

export type Since = {
    at: string;
    calls: number;
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

export type StartJudgingBody = {
    /**
     * Drop what was judged before. Needed when the language model has changed
     */
    afresh?: boolean;
    /**
     * Key of the arm that is set against the test's first one; default: its second
     */
    arm?: string;
    /**
     * Say what it would take, and do nothing
     */
    dry_run?: boolean;
    /**
     * US dollars that this start may cost: it ends before a pair that might cost more. 0: no limit
     */
    max_cost?: number;
    /**
     * How many. Those that an earlier start left come first
     */
    pairs?: number;
    /**
     * Pairs that people have rated come before others, so that people and the judge can be compared
     */
    rated?: boolean;
    /**
     * Decides which calls are drawn
     */
    seed?: number;
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
     * Who may send calls to the gateway, as the server's settings name them
     */
    sip_trunks: Array<Trunk>;
    /**
     * Bytes of this node's gateway's events that wait for the database
     */
    spool_backlog: number;
    started_at: string;
    uptime_seconds: number;
};

export type Stretch = {
    /**
     * Its beginning
     */
    at: string;
    /**
     * One for each arm, in the order of the arms
     */
    calls: Array<number>;
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
     * How the goal was changed after the test began
     */
    readonly goal_changes?: Array<GoalChange>;
    /**
     * Metrics that must not get worse than a margin
     */
    guardrails?: Array<Guardrail>;
    readonly id: string;
    /**
     * Recorded tests: the weights are the shares that were intended, not the arms' own counts
     */
    readonly intended?: boolean;
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

export type TestCall = {
    /**
     * The address that was called; absent when the name has none
     */
    address?: string;
    /**
     * The audio format that the agent chose
     */
    codec?: string;
    outcome: 'answered' | 'refused' | 'no_answer' | 'unreachable';
    /**
     * Audio packets that came from the agent while the line was open
     */
    packets: number;
    /**
     * Its reason phrase
     */
    reason?: string;
    /**
     * How long it took in all, at most about ten
     */
    seconds: number;
    started_at: string;
    /**
     * Status code of the final answer
     */
    status?: number;
    /**
     * What happened, in order
     */
    steps: Array<TestCallStep>;
    /**
     * The outcome in a sentence, and what to do about it where that is known
     */
    text: string;
    transport: 'udp' | 'tcp' | 'tls';
    /**
     * The SIP URI that was called
     */
    uri: string;
};

export type TestCallStep = {
    /**
     * Since the begin
     */
    seconds: number;
    /**
     * Of a response: its status code
     */
    status?: number;
    text: string;
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

export type Topics = {
    /**
     * Calls that have come since; the next run takes them in
     */
    calls_since: number;
    /**
     * Where making the groups stands
     */
    grouping: Grouping;
    /**
     * What came of it last; absent before the first
     */
    report?: Report;
};

export type Traffic = {
    /**
     * Length of each stretch; they begin at multiples of it since 1970, UTC
     */
    seconds: number;
    /**
     * Oldest first; those without calls are left out
     */
    stretches: Array<Stretch>;
};

export type Transcript = {
    call_id: string;
    turns: Array<Turn>;
};

export type Transfer = {
    state: 'attempted' | 'failed' | 'completed';
    to?: string;
};

export type Trial = {
    /**
     * What came back
     */
    analysis?: Analysis;
    /**
     * The setting that is wrong, as far as that is known
     */
    field?: string;
    /**
     * How long it took
     */
    milliseconds: number;
    /**
     * Whether the model answered and its answer fits
     */
    ok: boolean;
    /**
     * What is wrong
     */
    problem?: string;
};

export type Trunk = {
    name: string;
    /**
     * Whether a user name and a password are asked for
     */
    password: boolean;
    /**
     * Addresses that calls may come from; empty: any
     */
    sources: Array<string>;
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

export type TypicalCall = {
    call_id: string;
    /**
     * What was said in it of what it was grouped by, the beginning
     */
    said?: string;
};

export type UnknownGap = {
    against: string;
    arm: string;
    interval?: Interval;
    /**
     * Two-sided; holds only if you look once
     */
    p?: number;
    /**
     * p is 0.01 or less: the calls whose value is known may not be alike in the two arms
     */
    uneven: boolean;
    /**
     * This arm's share of unknowns less the first's
     */
    value?: number;
};

export type User = {
    created_at: string;
    /**
     * A disabled user cannot sign in
     */
    disabled: boolean;
    /**
     * In lower case; no two users have the same
     */
    email: string;
    /**
     * Whether they have a password or have signed in by OpenID; false for who was invited and did not come yet
     */
    has_way_in: boolean;
    id: string;
    name: string;
    role: 'viewer' | 'operator' | 'admin';
    /**
     * When they last signed in
     */
    signed_in_at?: string;
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
    /**
     * The call with which the better arm was first decided to be that
     */
    since?: Since;
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

export type Whoami = {
    /**
     * The API key, where one was sent
     */
    key?: Key;
    /**
     * What they may do
     */
    scopes: Array<'read' | 'write' | 'ingest' | 'admin'>;
    /**
     * Absent for an API key
     */
    session?: Session;
    /**
     * Absent for an API key
     */
    user?: User;
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

export type PlaceTestCallData = {
    body?: PlaceTestCallBody;
    path: {
        /**
         * Id or name of the agent
         */
        agent: string;
    };
    query?: never;
    url: '/v1/agents/{agent}/test-call';
};

export type PlaceTestCallErrors = {
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

export type PlaceTestCallError = PlaceTestCallErrors[keyof PlaceTestCallErrors];

export type PlaceTestCallResponses = {
    /**
     * OK
     */
    200: TestCall;
};

export type PlaceTestCallResponse = PlaceTestCallResponses[keyof PlaceTestCallResponses];

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

export type ListAnalysesData = {
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
         * Where they stand
         */
        state?: 'due' | 'done' | 'failed';
    };
    url: '/v1/analyses';
};

export type ListAnalysesErrors = {
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

export type ListAnalysesError = ListAnalysesErrors[keyof ListAnalysesErrors];

export type ListAnalysesResponses = {
    /**
     * OK
     */
    200: ListCallAnalysis;
};

export type ListAnalysesResponse = ListAnalysesResponses[keyof ListAnalysesResponses];

export type GetAnalysesStatusData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/v1/analyses/status';
};

export type GetAnalysesStatusErrors = {
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

export type GetAnalysesStatusError = GetAnalysesStatusErrors[keyof GetAnalysesStatusErrors];

export type GetAnalysesStatusResponses = {
    /**
     * OK
     */
    200: Progress;
};

export type GetAnalysesStatusResponse = GetAnalysesStatusResponses[keyof GetAnalysesStatusResponses];

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
         * Key of a group of the test's calls, as its topics list them
         */
        group?: string;
        /**
         * Lasted at least so long; calls of unknown length do not pass
         */
        min_seconds?: number;
        /**
         * Lasted at most so long; calls of unknown length do not pass
         */
        max_seconds?: number;
        /**
         * Assigned at this time or later
         */
        since?: string;
        /**
         * Assigned before this time
         */
        before?: string;
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

export type GetAnalysisData = {
    body?: never;
    path: {
        /**
         * Tandem's id of the call
         */
        call: string;
    };
    query?: never;
    url: '/v1/calls/{call}/analysis';
};

export type GetAnalysisErrors = {
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

export type GetAnalysisError = GetAnalysisErrors[keyof GetAnalysisErrors];

export type GetAnalysisResponses = {
    /**
     * OK
     */
    200: CallAnalysis;
};

export type GetAnalysisResponse = GetAnalysisResponses[keyof GetAnalysisResponses];

export type AnalyzeAgainData = {
    body?: never;
    path: {
        /**
         * Tandem's id of the call
         */
        call: string;
    };
    query?: never;
    url: '/v1/calls/{call}/analysis';
};

export type AnalyzeAgainErrors = {
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

export type AnalyzeAgainError = AnalyzeAgainErrors[keyof AnalyzeAgainErrors];

export type AnalyzeAgainResponses = {
    /**
     * Accepted
     */
    202: CallAnalysis;
};

export type AnalyzeAgainResponse = AnalyzeAgainResponses[keyof AnalyzeAgainResponses];

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

export type RateCallData = {
    body: RateCallBody;
    path: {
        /**
         * Tandem's id of the call
         */
        call: string;
    };
    query?: never;
    url: '/v1/calls/{call}/rating';
};

export type RateCallErrors = {
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

export type RateCallError = RateCallErrors[keyof RateCallErrors];

export type RateCallResponses = {
    /**
     * OK
     */
    200: CallRating;
};

export type RateCallResponse = RateCallResponses[keyof RateCallResponses];

export type ListCallRatingsData = {
    body?: never;
    path: {
        /**
         * Tandem's id of the call
         */
        call: string;
    };
    query?: never;
    url: '/v1/calls/{call}/ratings';
};

export type ListCallRatingsErrors = {
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

export type ListCallRatingsError = ListCallRatingsErrors[keyof ListCallRatingsErrors];

export type ListCallRatingsResponses = {
    /**
     * OK
     */
    200: ListCallRating;
};

export type ListCallRatingsResponse = ListCallRatingsResponses[keyof ListCallRatingsResponses];

export type GetRecordingData = {
    body?: never;
    headers?: {
        /**
         * Part of it, as bytes=0-1023
         */
        Range?: string;
    };
    path: {
        /**
         * Tandem's id of the call
         */
        call: string;
    };
    query?: never;
    url: '/v1/calls/{call}/recording';
};

export type GetRecordingErrors = {
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

export type GetRecordingError = GetRecordingErrors[keyof GetRecordingErrors];

export type GetRecordingResponses = {
    /**
     * OK
     */
    200: string;
};

export type GetRecordingResponse = GetRecordingResponses[keyof GetRecordingResponses];

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

export type CheckGoalData = {
    body: CheckGoalBody;
    path?: never;
    query?: never;
    url: '/v1/goals/check';
};

export type CheckGoalErrors = {
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

export type CheckGoalError = CheckGoalErrors[keyof CheckGoalErrors];

export type CheckGoalResponses = {
    /**
     * OK
     */
    200: GoalCheck;
};

export type CheckGoalResponse = CheckGoalResponses[keyof CheckGoalResponses];

export type GetInvitationData = {
    body?: never;
    path: {
        /**
         * The invitation's token
         */
        token: string;
    };
    query?: never;
    url: '/v1/invitations/{token}';
};

export type GetInvitationErrors = {
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

export type GetInvitationError = GetInvitationErrors[keyof GetInvitationErrors];

export type GetInvitationResponses = {
    /**
     * OK
     */
    200: Invited;
};

export type GetInvitationResponse = GetInvitationResponses[keyof GetInvitationResponses];

export type AcceptInvitationData = {
    body: AcceptInvitationBody;
    path: {
        /**
         * The invitation's token
         */
        token: string;
    };
    query?: never;
    url: '/v1/invitations/{token}';
};

export type AcceptInvitationErrors = {
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

export type AcceptInvitationError = AcceptInvitationErrors[keyof AcceptInvitationErrors];

export type AcceptInvitationResponses = {
    /**
     * OK
     */
    200: Whoami;
};

export type AcceptInvitationResponse = AcceptInvitationResponses[keyof AcceptInvitationResponses];

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

export type FinishOidcData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/v1/oidc/callback';
};

export type StartOidcData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * Path in the console to go on to; left out: its first page
         */
        to?: string;
    };
    url: '/v1/oidc/start';
};

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

export type EraseCallerData = {
    body: CallerBodyBody;
    path?: never;
    query?: never;
    url: '/v1/privacy/erase';
};

export type EraseCallerErrors = {
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

export type EraseCallerError = EraseCallerErrors[keyof EraseCallerErrors];

export type EraseCallerResponses = {
    /**
     * OK
     */
    200: Erasure;
};

export type EraseCallerResponse = EraseCallerResponses[keyof EraseCallerResponses];

export type ExportCallerData = {
    body: CallerBodyBody;
    path?: never;
    query?: never;
    url: '/v1/privacy/export';
};

export type ExportCallerErrors = {
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

export type ExportCallerError = ExportCallerErrors[keyof ExportCallerErrors];

export type ExportCallerResponses = {
    /**
     * OK
     */
    200: Export;
};

export type ExportCallerResponse = ExportCallerResponses[keyof ExportCallerResponses];

export type ListPrivacyJobsData = {
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
    url: '/v1/privacy/jobs';
};

export type ListPrivacyJobsErrors = {
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

export type ListPrivacyJobsError = ListPrivacyJobsErrors[keyof ListPrivacyJobsErrors];

export type ListPrivacyJobsResponses = {
    /**
     * OK
     */
    200: ListPrivacyJob;
};

export type ListPrivacyJobsResponse = ListPrivacyJobsResponses[keyof ListPrivacyJobsResponses];

export type GetPrivacyJobData = {
    body?: never;
    path: {
        /**
         * Id of the job
         */
        job: string;
    };
    query?: never;
    url: '/v1/privacy/jobs/{job}';
};

export type GetPrivacyJobErrors = {
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

export type GetPrivacyJobError = GetPrivacyJobErrors[keyof GetPrivacyJobErrors];

export type GetPrivacyJobResponses = {
    /**
     * OK
     */
    200: PrivacyJob;
};

export type GetPrivacyJobResponse = GetPrivacyJobResponses[keyof GetPrivacyJobResponses];

export type StartPurgeData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/v1/privacy/purge';
};

export type StartPurgeErrors = {
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

export type StartPurgeError = StartPurgeErrors[keyof StartPurgeErrors];

export type StartPurgeResponses = {
    /**
     * Accepted
     */
    202: PrivacyJob;
};

export type StartPurgeResponse = StartPurgeResponses[keyof StartPurgeResponses];

export type ListPurgesData = {
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
    url: '/v1/privacy/purges';
};

export type ListPurgesErrors = {
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

export type ListPurgesError = ListPurgesErrors[keyof ListPurgesErrors];

export type ListPurgesResponses = {
    /**
     * OK
     */
    200: ListPurge;
};

export type ListPurgesResponse = ListPurgesResponses[keyof ListPurgesResponses];

export type StartRedactData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/v1/privacy/redact';
};

export type StartRedactErrors = {
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

export type StartRedactError = StartRedactErrors[keyof StartRedactErrors];

export type StartRedactResponses = {
    /**
     * Accepted
     */
    202: PrivacyJob;
};

export type StartRedactResponse = StartRedactResponses[keyof StartRedactResponses];

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

export type SignOutData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/v1/session';
};

export type SignOutErrors = {
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

export type SignOutError = SignOutErrors[keyof SignOutErrors];

export type SignOutResponses = {
    /**
     * No Content
     */
    204: void;
};

export type SignOutResponse = SignOutResponses[keyof SignOutResponses];

export type GetSessionData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/v1/session';
};

export type GetSessionErrors = {
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

export type GetSessionError = GetSessionErrors[keyof GetSessionErrors];

export type GetSessionResponses = {
    /**
     * OK
     */
    200: Whoami;
};

export type GetSessionResponse = GetSessionResponses[keyof GetSessionResponses];

export type ChangeSessionUserData = {
    body: ChangeMyselfBody;
    path?: never;
    query?: never;
    url: '/v1/session';
};

export type ChangeSessionUserErrors = {
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

export type ChangeSessionUserError = ChangeSessionUserErrors[keyof ChangeSessionUserErrors];

export type ChangeSessionUserResponses = {
    /**
     * OK
     */
    200: Whoami;
};

export type ChangeSessionUserResponse = ChangeSessionUserResponses[keyof ChangeSessionUserResponses];

export type SignInData = {
    body: SignInRequestBody;
    path?: never;
    query?: never;
    url: '/v1/session';
};

export type SignInErrors = {
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

export type SignInError = SignInErrors[keyof SignInErrors];

export type SignInResponses = {
    /**
     * OK
     */
    200: Whoami;
};

export type SignInResponse = SignInResponses[keyof SignInResponses];

export type ChangePasswordData = {
    body: ChangePasswordBody;
    path?: never;
    query?: never;
    url: '/v1/session/password';
};

export type ChangePasswordErrors = {
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

export type ChangePasswordError = ChangePasswordErrors[keyof ChangePasswordErrors];

export type ChangePasswordResponses = {
    /**
     * OK
     */
    200: Whoami;
};

export type ChangePasswordResponse = ChangePasswordResponses[keyof ChangePasswordResponses];

export type ListSessionsData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/v1/sessions';
};

export type ListSessionsErrors = {
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

export type ListSessionsError = ListSessionsErrors[keyof ListSessionsErrors];

export type ListSessionsResponses = {
    /**
     * OK
     */
    200: ListOwnSession;
};

export type ListSessionsResponse = ListSessionsResponses[keyof ListSessionsResponses];

export type EndSessionData = {
    body?: never;
    path: {
        /**
         * Id of the session
         */
        session: string;
    };
    query?: never;
    url: '/v1/sessions/{session}';
};

export type EndSessionErrors = {
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

export type EndSessionError = EndSessionErrors[keyof EndSessionErrors];

export type EndSessionResponses = {
    /**
     * No Content
     */
    204: void;
};

export type EndSessionResponse = EndSessionResponses[keyof EndSessionResponses];

export type GetAnalyzerData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/v1/settings/analyzer';
};

export type GetAnalyzerErrors = {
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

export type GetAnalyzerError = GetAnalyzerErrors[keyof GetAnalyzerErrors];

export type GetAnalyzerResponses = {
    /**
     * OK
     */
    200: Analyzer;
};

export type GetAnalyzerResponse = GetAnalyzerResponses[keyof GetAnalyzerResponses];

export type PutAnalyzerData = {
    body: PutAnalyzerBody;
    headers?: {
        /**
         * ETag of what was read; the edit is refused with 412 when it has changed since. Left out, the edit is made whatever it is now.
         */
        'If-Match'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/settings/analyzer';
};

export type PutAnalyzerErrors = {
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

export type PutAnalyzerError = PutAnalyzerErrors[keyof PutAnalyzerErrors];

export type PutAnalyzerResponses = {
    /**
     * OK
     */
    200: Analyzer;
};

export type PutAnalyzerResponse = PutAnalyzerResponses[keyof PutAnalyzerResponses];

export type TryAnalyzerData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/v1/settings/analyzer/try';
};

export type TryAnalyzerErrors = {
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

export type TryAnalyzerError = TryAnalyzerErrors[keyof TryAnalyzerErrors];

export type TryAnalyzerResponses = {
    /**
     * OK
     */
    200: Trial;
};

export type TryAnalyzerResponse = TryAnalyzerResponses[keyof TryAnalyzerResponses];

export type DeleteOidcData = {
    body?: never;
    headers?: {
        /**
         * ETag of what was read; the edit is refused with 412 when it has changed since. Left out, the edit is made whatever it is now.
         */
        'If-Match'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/settings/oidc';
};

export type DeleteOidcErrors = {
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
     * Precondition Failed
     */
    412: Problem;
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

export type DeleteOidcError = DeleteOidcErrors[keyof DeleteOidcErrors];

export type DeleteOidcResponses = {
    /**
     * No Content
     */
    204: void;
};

export type DeleteOidcResponse = DeleteOidcResponses[keyof DeleteOidcResponses];

export type GetOidcData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/v1/settings/oidc';
};

export type GetOidcErrors = {
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

export type GetOidcError = GetOidcErrors[keyof GetOidcErrors];

export type GetOidcResponses = {
    /**
     * OK
     */
    200: OidcSetting;
};

export type GetOidcResponse = GetOidcResponses[keyof GetOidcResponses];

export type PutOidcData = {
    body: PutOidcBody;
    headers?: {
        /**
         * ETag of what was read; the edit is refused with 412 when it has changed since. Left out, the edit is made whatever it is now.
         */
        'If-Match'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/settings/oidc';
};

export type PutOidcErrors = {
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

export type PutOidcError = PutOidcErrors[keyof PutOidcErrors];

export type PutOidcResponses = {
    /**
     * OK
     */
    200: OidcSetting;
};

export type PutOidcResponse = PutOidcResponses[keyof PutOidcResponses];

export type GetPrivacySettingsData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/v1/settings/privacy';
};

export type GetPrivacySettingsErrors = {
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

export type GetPrivacySettingsError = GetPrivacySettingsErrors[keyof GetPrivacySettingsErrors];

export type GetPrivacySettingsResponses = {
    /**
     * OK
     */
    200: PrivacySettings;
};

export type GetPrivacySettingsResponse = GetPrivacySettingsResponses[keyof GetPrivacySettingsResponses];

export type PutPrivacySettingsData = {
    body: PrivacySettings;
    headers?: {
        /**
         * ETag of what was read; the edit is refused with 412 when it has changed since. Left out, the edit is made whatever it is now.
         */
        'If-Match'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/settings/privacy';
};

export type PutPrivacySettingsErrors = {
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

export type PutPrivacySettingsError = PutPrivacySettingsErrors[keyof PutPrivacySettingsErrors];

export type PutPrivacySettingsResponses = {
    /**
     * OK
     */
    200: PrivacySettings;
};

export type PutPrivacySettingsResponse = PutPrivacySettingsResponses[keyof PutPrivacySettingsResponses];

export type GetSetupData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/v1/setup';
};

export type GetSetupErrors = {
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

export type GetSetupError = GetSetupErrors[keyof GetSetupErrors];

export type GetSetupResponses = {
    /**
     * OK
     */
    200: Setup;
};

export type GetSetupResponse = GetSetupResponses[keyof GetSetupResponses];

export type SetUpData = {
    body: SetUpRequestBody;
    path?: never;
    query?: never;
    url: '/v1/setup';
};

export type SetUpErrors = {
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

export type SetUpError = SetUpErrors[keyof SetUpErrors];

export type SetUpResponses = {
    /**
     * Created
     */
    201: Whoami;
};

export type SetUpResponse = SetUpResponses[keyof SetUpResponses];

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

export type ChangeTestData = {
    body: ChangeTestBody;
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
    url: '/v1/tests/{test}';
};

export type ChangeTestErrors = {
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

export type ChangeTestError = ChangeTestErrors[keyof ChangeTestErrors];

export type ChangeTestResponses = {
    /**
     * OK
     */
    200: Test;
};

export type ChangeTestResponse = ChangeTestResponses[keyof ChangeTestResponses];

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

export type CancelJudgingData = {
    body?: never;
    path: {
        /**
         * Id of the test
         */
        test: string;
    };
    query?: {
        /**
         * Key of the arm that is set against the test's first one; default: its second
         */
        arm?: string;
    };
    url: '/v1/tests/{test}/judgements';
};

export type CancelJudgingErrors = {
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

export type CancelJudgingError = CancelJudgingErrors[keyof CancelJudgingErrors];

export type CancelJudgingResponses = {
    /**
     * OK
     */
    200: Judging;
};

export type CancelJudgingResponse = CancelJudgingResponses[keyof CancelJudgingResponses];

export type GetJudgementsData = {
    body?: never;
    path: {
        /**
         * Id of the test
         */
        test: string;
    };
    query?: {
        /**
         * Key of the arm that is set against the test's first one; default: its second
         */
        arm?: string;
    };
    url: '/v1/tests/{test}/judgements';
};

export type GetJudgementsErrors = {
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

export type GetJudgementsError = GetJudgementsErrors[keyof GetJudgementsErrors];

export type GetJudgementsResponses = {
    /**
     * OK
     */
    200: Judgements;
};

export type GetJudgementsResponse = GetJudgementsResponses[keyof GetJudgementsResponses];

export type JudgePairsData = {
    body: StartJudgingBody;
    path: {
        /**
         * Id of the test
         */
        test: string;
    };
    query?: never;
    url: '/v1/tests/{test}/judgements';
};

export type JudgePairsErrors = {
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

export type JudgePairsError = JudgePairsErrors[keyof JudgePairsErrors];

export type JudgePairsResponses = {
    /**
     * Accepted
     */
    202: JudgingStart;
};

export type JudgePairsResponse = JudgePairsResponses[keyof JudgePairsResponses];

export type ListJudgedPairsData = {
    body?: never;
    path: {
        /**
         * Id of the test
         */
        test: string;
    };
    query?: {
        /**
         * Key of the arm that is set against the test's first one; default: its second
         */
        arm?: string;
        /**
         * next of the page before
         */
        cursor?: string;
        /**
         * Entries in a page
         */
        limit?: number;
    };
    url: '/v1/tests/{test}/judgements/pairs';
};

export type ListJudgedPairsErrors = {
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

export type ListJudgedPairsError = ListJudgedPairsErrors[keyof ListJudgedPairsErrors];

export type ListJudgedPairsResponses = {
    /**
     * OK
     */
    200: ListJudgedPair;
};

export type ListJudgedPairsResponse = ListJudgedPairsResponses[keyof ListJudgedPairsResponses];

export type ListPairRatingsData = {
    body?: never;
    path: {
        /**
         * Id of the test
         */
        test: string;
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
    url: '/v1/tests/{test}/pair-ratings';
};

export type ListPairRatingsErrors = {
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

export type ListPairRatingsError = ListPairRatingsErrors[keyof ListPairRatingsErrors];

export type ListPairRatingsResponses = {
    /**
     * OK
     */
    200: ListPairRating;
};

export type ListPairRatingsResponse = ListPairRatingsResponses[keyof ListPairRatingsResponses];

export type RatePairData = {
    body: RatePairBody;
    path: {
        /**
         * Id of the test
         */
        test: string;
    };
    query?: never;
    url: '/v1/tests/{test}/pair-ratings';
};

export type RatePairErrors = {
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

export type RatePairError = RatePairErrors[keyof RatePairErrors];

export type RatePairResponses = {
    /**
     * OK
     */
    200: RevealedPair;
};

export type RatePairResponse = RatePairResponses[keyof RatePairResponses];

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

export type CancelReanalysisData = {
    body?: never;
    path: {
        /**
         * Id of the test
         */
        test: string;
    };
    query?: never;
    url: '/v1/tests/{test}/reanalysis';
};

export type CancelReanalysisErrors = {
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

export type CancelReanalysisError = CancelReanalysisErrors[keyof CancelReanalysisErrors];

export type CancelReanalysisResponses = {
    /**
     * No Content
     */
    204: void;
};

export type CancelReanalysisResponse = CancelReanalysisResponses[keyof CancelReanalysisResponses];

export type GetReanalysisData = {
    body?: never;
    path: {
        /**
         * Id of the test
         */
        test: string;
    };
    query?: never;
    url: '/v1/tests/{test}/reanalysis';
};

export type GetReanalysisErrors = {
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

export type GetReanalysisError = GetReanalysisErrors[keyof GetReanalysisErrors];

export type GetReanalysisResponses = {
    /**
     * OK
     */
    200: Reanalysis;
};

export type GetReanalysisResponse = GetReanalysisResponses[keyof GetReanalysisResponses];

export type ReanalyzeTestData = {
    body: ReanalyzeBody;
    path: {
        /**
         * Id of the test
         */
        test: string;
    };
    query?: never;
    url: '/v1/tests/{test}/reanalysis';
};

export type ReanalyzeTestErrors = {
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

export type ReanalyzeTestError = ReanalyzeTestErrors[keyof ReanalyzeTestErrors];

export type ReanalyzeTestResponses = {
    /**
     * Accepted
     */
    202: Reanalysing;
};

export type ReanalyzeTestResponse = ReanalyzeTestResponses[keyof ReanalyzeTestResponses];

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
    query?: {
        /**
         * Whose histories come along: those of all metrics, or of the primary one. They are most of an answer
         */
        tracks?: 'all' | 'primary';
    };
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
         * Key of a group of the test's calls, as its topics list them
         */
        group?: string;
        /**
         * Lasted at least so long; calls of unknown length do not pass
         */
        min_seconds?: number;
        /**
         * Lasted at most so long; calls of unknown length do not pass
         */
        max_seconds?: number;
        /**
         * Assigned at this time or later
         */
        since?: string;
        /**
         * Assigned before this time
         */
        before?: string;
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
         * Pairs of transcripts that do not say which arm is which, to be rated by their tokens. Calls have a transcript then, and arm is the one that is set against the first; default: the second
         */
        blind?: boolean;
        /**
         * With blind: only pairs that the judge has judged and this key has not rated; other filters do not count
         */
        judged?: boolean;
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

export type GetTopicsData = {
    body?: never;
    path: {
        /**
         * Id of the test
         */
        test: string;
    };
    query?: {
        /**
         * By what callers say, or by what was said where something went wrong
         */
        by?: 'intent' | 'failure';
    };
    url: '/v1/tests/{test}/topics';
};

export type GetTopicsErrors = {
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

export type GetTopicsError = GetTopicsErrors[keyof GetTopicsErrors];

export type GetTopicsResponses = {
    /**
     * OK
     */
    200: Topics;
};

export type GetTopicsResponse = GetTopicsResponses[keyof GetTopicsResponses];

export type MakeTopicsData = {
    body: AskTopicsBody;
    path: {
        /**
         * Id of the test
         */
        test: string;
    };
    query?: never;
    url: '/v1/tests/{test}/topics';
};

export type MakeTopicsErrors = {
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

export type MakeTopicsError = MakeTopicsErrors[keyof MakeTopicsErrors];

export type MakeTopicsResponses = {
    /**
     * Accepted
     */
    202: Grouping;
};

export type MakeTopicsResponse = MakeTopicsResponses[keyof MakeTopicsResponses];

export type ListUsersData = {
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
    url: '/v1/users';
};

export type ListUsersErrors = {
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

export type ListUsersError = ListUsersErrors[keyof ListUsersErrors];

export type ListUsersResponses = {
    /**
     * OK
     */
    200: ListUser;
};

export type ListUsersResponse = ListUsersResponses[keyof ListUsersResponses];

export type CreateUserData = {
    body: CreateUserBody;
    path?: never;
    query?: never;
    url: '/v1/users';
};

export type CreateUserErrors = {
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

export type CreateUserError = CreateUserErrors[keyof CreateUserErrors];

export type CreateUserResponses = {
    /**
     * Created
     */
    201: NewUser;
};

export type CreateUserResponse = CreateUserResponses[keyof CreateUserResponses];

export type DeleteUserData = {
    body?: never;
    path: {
        /**
         * Id or e-mail address of the user
         */
        user: string;
    };
    query?: never;
    url: '/v1/users/{user}';
};

export type DeleteUserErrors = {
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

export type DeleteUserError = DeleteUserErrors[keyof DeleteUserErrors];

export type DeleteUserResponses = {
    /**
     * No Content
     */
    204: void;
};

export type DeleteUserResponse = DeleteUserResponses[keyof DeleteUserResponses];

export type GetUserData = {
    body?: never;
    path: {
        /**
         * Id or e-mail address of the user
         */
        user: string;
    };
    query?: never;
    url: '/v1/users/{user}';
};

export type GetUserErrors = {
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

export type GetUserError = GetUserErrors[keyof GetUserErrors];

export type GetUserResponses = {
    /**
     * OK
     */
    200: User;
};

export type GetUserResponse = GetUserResponses[keyof GetUserResponses];

export type ChangeUserData = {
    body: PatchUserBody;
    path: {
        /**
         * Id or e-mail address of the user
         */
        user: string;
    };
    query?: never;
    url: '/v1/users/{user}';
};

export type ChangeUserErrors = {
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

export type ChangeUserError = ChangeUserErrors[keyof ChangeUserErrors];

export type ChangeUserResponses = {
    /**
     * OK
     */
    200: User;
};

export type ChangeUserResponse = ChangeUserResponses[keyof ChangeUserResponses];

export type ResetUserData = {
    body?: never;
    path: {
        /**
         * Id or e-mail address of the user
         */
        user: string;
    };
    query?: never;
    url: '/v1/users/{user}/reset';
};

export type ResetUserErrors = {
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

export type ResetUserError = ResetUserErrors[keyof ResetUserErrors];

export type ResetUserResponses = {
    /**
     * OK
     */
    200: NewUser;
};

export type ResetUserResponse = ResetUserResponses[keyof ResetUserResponses];

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

export type GetVolumeData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * How many days, today included
         */
        days?: number;
        /**
         * Time zone that divides the days, by its IANA name
         */
        zone?: string;
    };
    url: '/v1/volume';
};

export type GetVolumeErrors = {
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

export type GetVolumeError = GetVolumeErrors[keyof GetVolumeErrors];

export type GetVolumeResponses = {
    /**
     * OK
     */
    200: CallsPerDay;
};

export type GetVolumeResponse = GetVolumeResponses[keyof GetVolumeResponses];

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
