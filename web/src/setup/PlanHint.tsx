import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ApiError } from "../api/client";
import { queries } from "../api/queries";
import type { PlanMode } from "../api/types";
import { count } from "../format";
import { NumberField } from "../ui/Field";
import type { MetricOption } from "./metrics";

interface Props {
  route: string;
  metric: MetricOption;
  /** B's share of the calls, 0 to 1. */
  share: number;
  onPlan: (calls: number) => void;
}

/** How many calls and days the test takes to find a difference. */
export function PlanHint({ route, metric, share, onPlan }: Props) {
  const percent = metric.kind === "proportion";
  const [baseline, setBaseline] = useState(NaN);
  const [effect, setEffect] = useState(percent ? 5 : NaN);
  const scale = percent ? 100 : 1;
  const ask = {
    route,
    metric: metric.name,
    kind: percent ? ("proportion" as const) : ("mean" as const),
    share_b: share,
    ...(Number.isFinite(baseline) && { baseline: baseline / scale }),
    ...(Number.isFinite(effect) && effect !== 0 && { effect: effect / scale }),
  };
  const ready = share > 0 && share < 1 && Number.isFinite(effect) && effect !== 0;
  const plan = useQuery({ ...queries.plan(ask), enabled: ready, placeholderData: keepPreviousData });
  const unit = percent ? "points" : (metric.unit ?? "");
  return (
    <fieldset className="rows-field">
      <legend className="field-label">How long will it take?</legend>
      <div className="row-field">
        <NumberField label={`${metric.label} of A`} unit={percent ? "%" : (metric.unit ?? "")} value={baseline} onChange={setBaseline} hint="Empty: as in this route's latest test." />
        <NumberField label="Difference worth finding" unit={unit} value={effect} onChange={setEffect} />
      </div>
      {plan.isError && <p className="hint">{plan.error instanceof ApiError ? `${plan.error.message}.`.replace("..", ".") : "The plan cannot be made now."}</p>}
      {ready && plan.data && !plan.isError && (
        <>
          <p>{plan.data.text}</p>
          <ul className="plan-modes">
            {plan.data.modes?.map((m) => (
              <li key={m.mode}>
                {modeNames[m.mode]}: <strong>{count(m.calls)}</strong> calls{m.days !== undefined && `, about ${days(m.days)}`}
                {m.mode === "planned" && (
                  <button type="button" className="button quiet small" onClick={() => onPlan(m.calls)}>
                    Plan these
                  </button>
                )}
              </li>
            ))}
          </ul>
        </>
      )}
    </fieldset>
  );
}

const modeNames: Record<PlanMode["mode"], string> = {
  sequential: "Watching, found with power 80%",
  planned: "With a planned number of calls",
  fixed: "Looking once, at the end (for comparison)",
};

const days = (n: number): string => (n < 1 ? "a day" : n < 10 ? `${n.toFixed(1)} days` : `${count(Math.ceil(n))} days`);
