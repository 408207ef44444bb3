import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { queries } from "../api/queries";
import type { Assignment, Call, Test } from "../api/types";
import { moment, percent, weight } from "../format";
import { ArmBadge, armTone } from "../ui/ArmBadge";
import { VersionName } from "./CallList";

const reasons: Record<string, string> = {
  limit_reached: "a version of the test had as many calls as the route allows at a time",
  target_down: "the version's target could not be reached, so another version took the call",
  target_error: "the version's target answered with an error, so another version took the call",
  target_silent: "the version's target did not answer in time, so another version took the call",
  no_target: "the version has no target that this way of calling can reach",
  version_mismatch: "another version took the call than the assigned one, as its reporter says",
  forced_arm: "whoever asked for the assignment named the arm",
};

/** How the call came to its version. */
export function WhyArm({ call }: { call: Call }) {
  const a = call.assigned?.value;
  return (
    <section className="panel" aria-labelledby="why">
      <h2 id="why">Why this version</h2>
      {!a && <p className="none">No assignment was reported: the call is known from other events only, and counts for no test.</p>}
      {a && !a.test_id && (
        <p>
          No test was running on the route, so its live version{a.version_id && <>, <VersionName id={a.version_id} />,</>} took the call.
        </p>
      )}
      {a?.test_id && <InTest call={call} a={a} test={a.test_id} />}
    </section>
  );
}

function InTest({ call, a, test: id }: { call: Call; a: Assignment; test: string }) {
  const test = useQuery(queries.test(id));
  const phase = test.data?.phases.find((p) => p.number === a.phase);
  const unit = a.unit_kind === "caller" ? "the caller" : "the call";
  return (
    <>
      <p>
        {a.arm && <ArmBadge arm={a.arm} />} {a.version_id && <strong><VersionName id={a.version_id} /></strong>}, phase {a.phase} of{" "}
        <Link to="/tests/$test" params={{ test: id }}>{test.data?.name ?? "the test"}</Link>
        {test.data && ` since ${moment(test.data.started_at)}`}.
      </p>
      {call.not_randomised ? (
        <p className="notice notice-warn">Not left to chance, and counted apart: {reasons[call.not_randomised] ?? call.not_randomised}.</p>
      ) : (
        a.probability !== undefined && (
          <p>
            Left to chance: with probability {percent(a.probability)} {unit} got {a.arm}.
          </p>
        )
      )}
      {phase && <Buckets test={test.data} segments={phase.split.segments} arm={a.arm} />}
      <p className="hint">
        {a.unit_kind === "caller"
          ? "A keyed hash of the caller and the test's secret gives a place from 0 to 100, the same for every call of that caller. "
          : "A keyed hash of the call's id and the test's secret gives a place from 0 to 100. "}
        The split of the phase says whose places those are{phase && `: ${phase.weights.map((w, i) => `${test.data?.arms[i]?.key} ${weight(w)}`).join(", ")}`}.
        {test.data?.unit === "caller" && a.unit_kind === "call" && " The caller's number was withheld, so the call was randomised by itself."}
      </p>
      {call.failover && <p className="sub">Served by {call.failover.value.served_by === "fallback" ? "the route's fallback address" : <VersionName id={call.failover.value.served_by} />}.</p>}
    </>
  );
}

function Buckets({ test, segments, arm }: { test: Test | undefined; segments: { arm: number; end: number }[] | null; arm: string | undefined }) {
  const parts = (segments ?? []).map((s, i, all) => ({ key: test?.arms[s.arm]?.key ?? "?", from: (all[i - 1]?.end ?? 0) / 100, to: s.end / 100 }));
  return (
    <div className="buckets" role="img" aria-label={`Places: ${parts.map((p) => `${p.from} to ${p.to} ${p.key}`).join(", ")}`}>
      {parts.map((p) => (
        <span key={p.from} className={`${armTone(p.key)}${p.key === arm ? " here" : ""}`} style={{ flexGrow: p.to - p.from }}>
          {p.to - p.from >= 8 && `${p.key} ${p.from}–${p.to}`}
        </span>
      ))}
    </div>
  );
}
