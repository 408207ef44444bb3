// Made-up tests: calls drawn with a seed, counted into results of the API's
// form. The intervals are textbook ones; only their looks matter here.

/** A small seeded generator (mulberry32). */
function random(seed) {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const normal = (r) => Math.sqrt(-2 * Math.log(1 - r())) * Math.cos(2 * Math.PI * r());
const reasons = [["book", 0.46], ["move", 0.19], ["cancel", 0.12], ["opening hours", 0.1], ["insurance", 0.08], ["pain", 0.05]];
const draw = (r, table) => { let x = r(); for (const [v, p] of table) if ((x -= p) < 0) return v; return table[0][0]; };

/** What a version does to a call, by its place in the test. */
const manners = [
  { goal: 0.51, leave: 0.3, median: 74, mood: 0.12 },
  { goal: 0.6, leave: 0.19, median: 61, mood: 0.27 },
  { goal: 0.54, leave: 0.26, median: 82, mood: 0.15 },
];

export function makeTest({ id, route, versions, phases, calls, seed, unit = "call", name }) {
  const t = {
    id, route_id: route.id, route, versions, ...(name && { name }), status: "running", unit,
    goal: "fields.appointment_booked == true", primary_metric: "completion",
    started_at: "2026-11-20T08:15:00Z", revision: 1, phases: [], calls: [], random: random(seed), at: Date.parse("2026-11-20T08:15:00Z"),
    arms: versions.map((v, i) => ({ key: "ABCDEFGHIJ"[i], version_id: v.id, weight: 0 })),
  };
  phases.forEach((weights, i) => {
    open(t, weights);
    for (let n = 0; n < calls * (i + 1) / (phases.length * (phases.length + 1) / 2); n++) addCall(t);
  });
  return t;
}

function open(t, weights) {
  t.phases.push({ number: t.phases.length + 1, started_at: new Date(t.at).toISOString(), weights });
  t.arms.forEach((a, i) => (a.weight = weights[i]));
}

export function publicTest(t) {
  const { route, versions, calls, random: _, at, ...rest } = t;
  return rest;
}

export function split(t, weights) {
  open(t, weights);
  t.revision++;
}

export function end(t, winner, note) {
  Object.assign(t, { status: "ended", winner: winner || "A", ended_at: new Date(t.at).toISOString(), revision: t.revision + 1, ...(note && { end_note: note }) });
  t.route.live_version_id = t.arms.find((a) => a.key === t.winner).version_id;
}

export function addCall(t) {
  const r = t.random;
  let x = r() * 100;
  const arm = Math.max(0, t.arms.findIndex((a) => (x -= a.weight) < 0));
  const m = manners[arm % manners.length];
  t.at += 40_000 + r() * 60_000;
  const reason = draw(r, reasons);
  const left = r() < m.leave;
  const wants = reason === "book" || reason === "move";
  const moved = reason === "pain" && r() < 0.9;
  const booked = wants ? !left && r() < m.goal / (1 - m.leave) : undefined;
  const seconds = Math.max(3, (left ? 0.5 : 1) * m.median * Math.exp(0.45 * normal(r)));
  const mood = Math.max(-1, Math.min(1, m.mood + (booked ? 0.3 : 0) - (left ? 0.4 : 0) + 0.25 * normal(r)));
  t.calls.push({
    arm, phase: t.phases.length, at: new Date(t.at).toISOString(), reason, moved, booked, seconds,
    by: left ? "caller" : r() < 0.85 ? "agent" : "caller", mood: r() < 0.93 ? Math.round(mood * 100) / 100 : undefined,
    corrections: Math.floor(-Math.log(1 - r()) * (arm === 1 ? 0.5 : 0.9)), cost: seconds * (arm === 1 ? 0.0021 : 0.0019), lost: r() < 0.004, apart: r() < 0.006,
    ordinal: t.calls.filter((c) => c.arm === arm).length + 1, seed: Math.floor(r() * 1e9),
  });
}

// --- counting ---------------------------------------------------------------

const z = 1.96;
function wilson(k, n) {
  const p = k / n, d = 1 + z * z / n, mid = p + z * z / (2 * n), half = z * Math.sqrt(p * (1 - p) / n + z * z / (4 * n * n));
  return { low: (mid - half) / d, high: (mid + half) / d, method: "wilson" };
}
/** Two-sided p of a z-score (Abramowitz & Stegun 26.2.17). */
function twoSided(score) {
  const x = Math.abs(score), k = 1 / (1 + 0.2316419 * x);
  return 2 * Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI) * k * (0.31938153 + k * (-0.356563782 + k * (1.781477937 + k * (-1.821255978 + k * 1.330274429))));
}
const quantile = (sorted, q) => sorted[Math.min(sorted.length - 1, Math.ceil(q * sorted.length) - 1)];

function counted(t, name, label, kind, base, of, more = {}) {
  const arms = t.arms.map((a, i) => {
    const ended = t.calls.filter((c) => c.arm === i && !c.lost && !c.apart);
    const known = ended.map(of).filter((v) => v !== undefined);
    return { arm: a.key, values: known, unknown: ended.length - known.length };
  });
  const describe = { proportion: share, mean: average, category: shares, count: ({ values }) => ({ n: values.length, value: values.length }) }[kind];
  const m = { name, label, kind, base, ...more, arms: arms.map((a) => ({ arm: a.arm, unknown: a.unknown, ...describe(a) })) };
  if (kind !== "count") m.against_a = m.arms.slice(1).map((s, i) => compare(kind, m.arms[0], s, arms[0].values, arms[i + 1].values, t.phases.length));
  return m;
}

function share({ values }) {
  const k = values.filter(Boolean).length, n = values.length;
  return n ? { n, value: k / n, successes: k, interval: wilson(k, n) } : { n };
}
function average({ values }) {
  const n = values.length;
  if (!n) return { n };
  const mean = values.reduce((a, b) => a + b, 0) / n;
  const sd = Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / Math.max(1, n - 1));
  const sorted = [...values].sort((a, b) => a - b);
  return { n, value: mean, sd, interval: { low: mean - z * sd / Math.sqrt(n), high: mean + z * sd / Math.sqrt(n), method: "student_t" }, median: quantile(sorted, 0.5), p90: quantile(sorted, 0.9) };
}
function shares({ values }) {
  const n = values.length, names = new Map();
  for (const v of values) names.set(v, (names.get(v) ?? 0) + 1);
  return { n, shares: [...names].map(([name, k]) => ({ name, n: k, share: k / n })).sort((a, b) => b.n - a.n) };
}
function compare(kind, a, b, as, bs, phases) {
  const c = { arm: b.arm, against: a.arm, phases, label: "fixed_horizon" };
  if (!as.length || !bs.length) return { ...c, phases: 0, note: "not enough data in both arms yet" };
  if (kind === "category") return { ...c, p: 0.21, log10_p: Math.log10(0.21), test: "chi_squared" };
  const se = kind === "proportion" ? Math.sqrt(a.value * (1 - a.value) / a.n + b.value * (1 - b.value) / b.n) : Math.sqrt(a.sd ** 2 / a.n + b.sd ** 2 / b.n);
  const value = b.value - a.value, p = Math.max(twoSided(value / (se || 1)), 1e-300);
  const evidence = { arm: b.arm, against: a.arm, n: a.n + b.n, value, interval: { low: value - 2 * z * se, high: value + 2 * z * se }, p: Math.min(1, 5 * p), exploratory: kind !== "proportion", method: "betting", track: track(value, se, a.n + b.n) };
  return { ...c, value, evidence, ...(kind === "proportion" && { relative: { value: value / a.value }, belief: { better: value > 0 ? 0.93 : 0.07 } }), interval: { low: value - z * se, high: value + z * se, method: kind === "mean" ? "welch_t" : "newcombe" }, p, log10_p: Math.log10(p), test: kind === "mean" ? "welch_t" : "pooled_z" };
}

/** A history that ends where the test is. */
function track(value, se, n) {
  return Array.from({ length: 40 }, (_, i) => {
    const share = (i + 1) / 40, half = 2 * z * se / Math.sqrt(share), there = value * (1 - 0.4 * Math.cos(9 * share) * (1 - share));
    return { at: new Date(Date.parse("2026-11-20T08:15:00Z") + i * 3_600_000).toISOString(), n: Math.max(20, Math.round(n * share)), value: there, low: there - half, high: there + half };
  });
}

function hangup(t, i, width = 5) {
  const calls = t.calls.filter((c) => c.arm === i && !c.lost && !c.apart).sort((a, b) => a.seconds - b.seconds);
  const steps = [];
  let at = calls.length, staying = 1;
  for (let from = 0; at > 0; from += width) {
    const inBin = calls.filter((c) => c.seconds >= from && c.seconds < from + width);
    if (!inBin.length) continue;
    const hangups = inBin.filter((c) => c.by === "caller").length;
    staying *= 1 - hangups / at;
    steps.push({ from, to: from + width, at_risk: at, hangups, others: inBin.length - hangups, staying });
    at -= inBin.length;
  }
  return { arm: t.arms[i].key, hangups: calls.filter((c) => c.by === "caller").length, calls: calls.length, steps };
}

/** One alarm, until somebody looked into it. */
function alarms(t) {
  return [{ check: "coverage", text: "Outcomes are missing unevenly: lost calls 4.1 % in B against 1.0 % in A, +3.1 points (p 2e-04).", ...(t.acknowledged?.[0] && { acknowledged: t.acknowledged[0] }) }];
}

export function acknowledge(t, check, note) {
  t.acknowledged = [{ check, at: new Date(t.at).toISOString(), by: "console", ...(note && { note }) }];
  t.revision++;
}

export function results(t) {
  const outcomes = t.calls.filter((c) => c.booked !== undefined && !c.lost && !c.apart).length;
  const total = t.calls.filter((c) => !c.apart).length;
  const answered = "answered calls whose duration is known";
  return {
    test_id: t.id, route_id: t.route_id, route: t.route.number ?? t.route.name, ...(t.name && { name: t.name }), status: t.status, unit: t.unit, goal: t.goal,
    primary_metric: t.primary_metric, started_at: t.started_at, ...(t.ended_at && { ended_at: t.ended_at, winner: t.winner }),
    arms: t.arms.map((a, i) => ({ ...a, version: `${t.versions[i].agent_name}@${t.versions[i].number}`, ...(t.versions[i].note && { note: t.versions[i].note }) })),
    phases: t.phases.map((p) => ({ ...p, calls: t.calls.filter((c) => c.phase === p.number && !c.apart).length })),
    verdict: { status: "collecting", metric: "completion", text: `${t.status === "running" ? "Collecting" : "No verdict"}: ${total} calls${t.status === "running" ? " so far" : ""}, ${outcomes} with a known completion.`, calls: total, method: "betting", covered_to: new Date(t.at).toISOString(), change: "About 900 more calls, about 4 days if the difference stays as it is.", alarms: alarms(t), guardrails: [{ metric: "transfer", worse: "higher", margin: 0.05, action: "rollback", arm: "B", breached: false, text: "Transfer rate 5.1 % in B against 4.4 % in A, +0.7 points: no proof of harm past the margin of 5 points." }] },
    evidence: { calls: total, waiting: 3, covered_to: new Date(t.at).toISOString(), callers: Math.round(total * 0.9), withheld: 2, sample_ratio: { log_bayes_factor: -1.4, broken: false }, coverage: [{ kind: "coverage.lost", arm: "B", value: 0.031, p: 0.0002, alarm: true }] },
    method: {
      comparison: "fixed_horizon", level: 0.95, unit: "call", stratified: t.phases.length > 1,
      notes: [
        "Intervals and p-values hold only if you look once, at a number of calls chosen beforehand. Looking again and again and stopping at a small p finds winners between equal versions.",
        ...(t.phases.length > 1 ? ["The split changed during the test. Arms are compared within each phase, and phases weigh as many calls as they had; each arm's own figures take all phases together."] : []),
        ...(t.unit === "caller" ? ["Callers were randomised, not calls. Calls of one caller resemble each other, so these per-call intervals are too narrow and these p-values too small."] : []),
      ],
    },
    metrics: [
      counted(t, "calls", "Calls", "count", "calls", () => 1),
      counted(t, "answered", "Answered", "proportion", "ended calls of which it is known", () => true),
      counted(t, "duration", "Duration", "mean", answered, (c) => c.seconds, { unit: "s" }),
      counted(t, "completion", "Completion rate", "proportion", "ended calls whose goal is known", (c) => c.booked, { primary: true }),
      counted(t, "transfer", "Transfer rate", "proportion", "ended calls", (c) => c.moved),
      counted(t, "sentiment", "Sentiment", "mean", "ended calls whose sentiment is known", (c) => c.mood),
      counted(t, "ended_by", "Ended by", "category", "ended calls", (c) => c.by),
      counted(t, "caller_hangup", "Caller hung up after", "mean", "answered calls that the caller ended", (c) => (c.by === "caller" ? c.seconds : undefined), { unit: "s" }),
      counted(t, "cost.EUR", "Cost", "mean", "ended calls whose cost is known in EUR", (c) => c.cost, { unit: "EUR" }),
      counted(t, "field.appointment_booked", "Appointment booked", "proportion", "ended calls of which it is known", (c) => c.booked),
      counted(t, "field.reason", "Reason", "category", "ended calls of which it is known", (c) => c.reason),
      counted(t, "field.corrections", "Corrections", "mean", "ended calls of which it is known", (c) => c.corrections),
    ],
    hangups: t.arms.map((_, i) => hangup(t, i)).filter((h) => h.calls > 0),
    quality: t.arms.map((a, i) => {
      const mine = t.calls.filter((c) => c.arm === i), apart = mine.filter((c) => c.apart).length, lost = mine.filter((c) => c.lost && !c.apart).length;
      const busy = t.status === "running" ? Math.min(3, mine.length) : 0, ended = mine.length - apart - lost, known = mine.filter((c) => c.booked !== undefined && !c.apart && !c.lost).length;
      return {
        arm: a.key, assigned: mine.length, randomised: mine.length - apart, in_progress: busy, ended, lost, analyzed: ended, outcomes: known,
        ...(ended && { outcome_share: known / ended, analyzed_share: 1, lost_share: lost / (ended + lost) }), not_randomised: apart ? { target_down: apart } : {},
      };
    }),
  };
}

// --- transcripts ------------------------------------------------------------

function turns(c) {
  const r = random(c.seed);
  const brief = c.arm === 1;
  const say = (role, text, more = {}) => ({ role, text, ...more });
  const out = [say("agent", brief ? "Harbor Street Dental, this is Robin. How can I help?" : "Thank you for calling Harbor Street Dental. This call may be recorded for quality. For appointments say appointment, for opening hours say hours, for anything else stay on the line.", brief ? {} : { interrupted: r() < 0.4 })];
  const wish = { book: "Hi, I'd like to come in for a checkup.", move: "I need to move my appointment.", cancel: "I have to cancel on Thursday.", "opening hours": "Are you open on Saturday?", insurance: "Do you take Summit Mutual?", pain: "I've got a terrible toothache." }[c.reason];
  out.push(say("caller", wish));
  if (c.reason === "pain") out.push(say("agent", "I'm sorry to hear that. I'm putting you through to the practice right now."));
  else if (c.reason === "book" || c.reason === "move") {
    out.push(say("agent", brief ? "Happy to. Which day and time suit you, and under which name?" : "Please tell me your last name."), say("caller", brief ? "Tuesday around nine, Keller." : "Keller."));
    if (!brief) out.push(say("agent", "Thank you. Please tell me the date that you would like."), say("caller", "Next Tuesday."));
    for (let i = 0; i < Math.min(2, c.corrections); i++) out.push(say("agent", brief ? "Sorry, was that Tuesday or Thursday?" : "I have entered Thursday. Is that correct?"), say("caller", brief ? "Tuesday." : "No, I said Tuesday."));
    out.push(say("tool", `calendar.find_slot {"day":"tuesday","from":"09:00"}`));
    if (c.booked) out.push(say("agent", "So that's Tuesday at nine. Shall I book it?"), say("caller", "Yes, please."), say("agent", "Done. You'll get a text in a minute. Anything else?"), say("caller", "No, that's it, thanks."));
    else out.push(say("agent", "I have nothing before eleven on Tuesday. Would the week after suit you, or shall I put you on the list for cancellations, which"), say("caller", "Never mind, I'll call back."));
  } else out.push(say("agent", "We open at eight, on Fridays at nine, and close at six. On weekends we are closed."), say("caller", "Okay, thank you."));
  let at = 0;
  return out.map((t) => {
    const start_ms = at + 400, end_ms = start_ms + 350 * t.text.split(" ").length;
    at = end_ms;
    return { ...t, start_ms, end_ms };
  });
}

function record(t, c) {
  const fact = (value) => ({ value, origin: "api", at: c.at });
  return {
    id: `0198f1b2-1111-7000-8000-${String(c.seed).padStart(12, "0")}`, assigned: fact({ arm: t.arms[c.arm].key, phase: c.phase }), ended: fact({ by: c.by }), stage: "analyzed", duration_seconds: c.seconds, ordinal: c.ordinal,
    ...(c.moved && { transfer: fact({ state: "completed", to: "practice" }) }), ...(c.booked !== undefined && { goal: c.booked }),
    values: { reason: fact(c.reason), corrections: fact(c.corrections), ...(c.mood !== undefined && { sentiment: fact(c.mood) }), appointment_booked: fact(c.booked ?? null) },
  };
}

export function sample(t, q) {
  const each = Number(q.get("per_arm") ?? 5), seed = Number(q.get("seed") ?? 0);
  const goal = { met: (c) => c.booked === true, not_met: (c) => c.booked === false, unknown: (c) => c.booked === undefined }[q.get("goal")] ?? (() => true);
  const field = q.get("field"), value = q.get("value");
  const values = (c) => ({ reason: c.reason, corrections: c.corrections, appointment_booked: c.booked, sentiment: c.mood });
  const keeps = (c) => !c.lost && !c.apart && goal(c) && (!q.get("ended_by") || q.get("ended_by") === c.by) && (!q.get("transferred") || (q.get("transferred") === "true") === c.moved) && (!field || String(values(c)[field]) === value);
  const asked = Object.fromEntries((q.get("as_of") ?? "").split(",").filter(Boolean).map((p) => p.split(":")));
  const as_of = {};
  const arms = t.arms.map((a, i) => {
    const all = t.calls.filter((c) => c.arm === i);
    as_of[a.key] = Number(asked[a.key] ?? all.length);
    const r = random(seed * 31 + i);
    const pool = all.slice(0, as_of[a.key]).map((c) => [r(), c]).sort((x, y) => x[0] - y[0]).map((x) => x[1]);
    const calls = pool.filter(keeps).slice(0, each);
    return { arm: a.key, version_id: a.version_id, looked: pool.length, exhausted: calls.length < each, calls: calls.map((c) => ({ call: record(t, c), turns: turns(c) })) };
  });
  return { test_id: t.id, seed, per_arm: each, as_of, arms };
}
