import { useQuery } from "@tanstack/react-query";
import { queries } from "../api/queries";
import type { Metric, Test } from "../api/types";
import { paused, splitText, resumed } from "../change/pause";
import { Steering } from "../change/Steering";
import { count, difference, moment, weight, words } from "../format";
import { ArmBadge } from "../ui/ArmBadge";
import { Fact } from "../ui/Fact";
import { Loading } from "../ui/Notice";

/** A running test in short: how calls are split between which versions, by what it is decided, and what can be done. */
export function Running({ test: t }: { test: Test }) {
  const results = useQuery(queries.results(t.id));
  const r = results.data;
  const back = paused(t) ? resumed(t) : undefined;
  return (
    <>
      {back && (
        <p className="notice notice-warn">
          Paused{t.phases.at(-1) && ` since ${moment(t.phases.at(-1)?.started_at ?? "")}`}: every call goes to A. Results wait for B until you resume {splitText(back)}.
        </p>
      )}
      <div className="running">
        <ul className="running-arms">
          {t.arms.map((a, i) => (
            <li key={a.key}>
              <span className="running-weight">
                <ArmBadge arm={a.key} /> {weight(a.weight)}
              </span>
              <span>
                <strong>{r?.arms[i]?.version ?? "…"}</strong>
                {r?.arms[i]?.note && <span className="sub"> {r.arms[i].note}</span>}
              </span>
            </li>
          ))}
        </ul>
        <dl className="test-facts">
          <Fact name="Goal">{t.goal ? <code>{t.goal}</code> : "none"}</Fact>
          <Fact name="Decided by">{r?.metrics.find((m) => m.primary)?.label ?? words(t.primary_metric)}</Fact>
          <Fact name="Randomised">{t.unit === "caller" ? "by caller, who always meets the same version" : "call by call"}</Fact>
          {t.guardrails && t.guardrails.length > 0 && (
            <Fact name="Guardrails">{t.guardrails.map((g) => `${guarded(g, r?.metrics)}${g.action === "rollback" ? ", rolls back" : ""}`).join("; ")}</Fact>
          )}
          {t.ramp && t.ramp.length > 0 && <Fact name="Ramp">{t.ramp_step ? `step ${t.ramp_step} of ${t.ramp.length}` : "over"}</Fact>}
          {t.planned_calls !== undefined && <Fact name="Planned">{count(t.planned_calls)} calls</Fact>}
        </dl>
      </div>
      {r ? <Steering results={r} /> : <Loading what="the test" />}
    </>
  );
}

/** How much worse a metric may be before its guardrail is breached. */
function guarded(g: NonNullable<Test["guardrails"]>[number], metrics: Metric[] | undefined): string {
  const m = metrics?.find((x) => x.name === g.metric);
  if (!m) return `${words(g.metric.replace(/^field\./, ""))} by ${g.margin}`;
  return `${m.label} worse by ${difference({ value: g.margin }, m).value.replace(/^\+/, "")}`;
}
