import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState, type SubmitEvent } from "react";
import { api } from "../api/client";
import { queries } from "../api/queries";
import type { Route } from "../api/types";
import { ArmBadge } from "../ui/ArmBadge";
import { Choice } from "../ui/Choice";
import { NumberField, TextField } from "../ui/Field";
import { Failure } from "../ui/Notice";
import { hush, say } from "../ui/toasts";
import { faultsOf, requestOf, type Setup } from "./form";
import { GoalField } from "./GoalField";
import { GuardrailsField } from "./GuardrailsField";
import { metricOptions, metricsOf } from "./metrics";
import { PlanHint } from "./PlanHint";
import { RampField } from "./RampField";
import { SplitField } from "./SplitField";
import { VersionField } from "./VersionField";

const keys = "ABCDEFGHIJ";

interface Props {
  route: Route;
  /** What the form begins with. */
  initial: Setup;
  onCancel: () => void;
}

/** Sets a test up on a route and starts it. */
export function TestSetup({ route, initial, onCancel }: Props) {
  const client = useQueryClient();
  const [setup, setSetup] = useState(initial);
  const [tried, setTried] = useState(false);
  const choices = useQuery(queries.choices());
  const start = useMutation({
    mutationFn: (s: Setup) => api.startTest(route.id, requestOf(s)),
    onSuccess: async () => {
      hush(); // an offer to undo the end of the one before no longer holds
      say("The test is on. It takes effect on the next call.");
      await Promise.all([["tests"], ["route"], ["routes"]].map((queryKey) => client.invalidateQueries({ queryKey })));
    },
  });
  const set = (change: Partial<Setup>) => setSetup((s) => ({ ...s, ...change }));
  const faults = faultsOf(setup);
  const shown = tried ? faults : {};
  const fields = setup.versions.map((id) => choices.data?.flatMap((c) => c.versions).find((v) => v.id === id)?.content.fields ?? []);
  const metrics = metricsOf(fields);
  const primary = metrics.find((m) => m.name === setup.primary) ?? metrics[0];
  const arms = setup.versions.map((_, i) => keys[i] ?? "");
  const chosen = setup.versions.filter((v): v is string => v !== undefined);
  const form = useRef<HTMLFormElement>(null);
  // By keyboard it goes on from the switch into the form: to what is open, else to what is proposed.
  useEffect(() => {
    form.current?.querySelectorAll<HTMLElement>('input[role="combobox"]')[1]?.focus();
  }, []);

  function submit(event: SubmitEvent) {
    event.preventDefault();
    setTried(true);
    if (Object.keys(faults).length === 0) start.mutate(setup);
  }
  function setArms(n: number) {
    const even = Math.floor(10000 / n) / 100;
    const weights = Array.from({ length: n }, (_, i) => (i === 0 ? Math.round((100 - even * (n - 1)) * 100) / 100 : even));
    set({ versions: Array.from({ length: n }, (_, i) => setup.versions[i]), weights, ramp: n > 2 ? [] : setup.ramp });
  }

  return (
    <form ref={form} className="form setup" noValidate onSubmit={submit} aria-label="Set up a test">
      <div className="fields">
        {arms.map((key, i) => (
          <div key={key} className="arm-choice">
            <ArmBadge arm={key} />
            <VersionField
              label={key === "A" ? "Version A" : `Version ${key}`}
              live={route.live_version_id}
              value={setup.versions[i]}
              onChange={(version) => set({ versions: setup.versions.map((v, k) => (k === i ? version : v)) })}
            />
          </div>
        ))}
      </div>
      {shown.versions && (
        <p className="field-error" role="alert">
          {shown.versions}
        </p>
      )}
      <div className="form-actions">
        {arms.length < keys.length && (
          <button type="button" className="button quiet small" onClick={() => setArms(arms.length + 1)}>
            Add a version
          </button>
        )}
        {arms.length > 2 && (
          <button type="button" className="button quiet small" onClick={() => setArms(arms.length - 1)}>
            Remove {arms.at(-1)}
          </button>
        )}
      </div>
      <SplitField arms={arms} weights={setup.weights} onChange={(weights) => set({ weights })} />
      <fieldset className="choice choice-two">
        <legend>What is left to chance</legend>
        <UnitRow unit="call" chosen={setup.unit} onChoose={(unit) => set({ unit })} title="Each call" detail="Finds a difference with the fewest calls. A caller who calls again may meet the other version." />
        <UnitRow unit="caller" chosen={setup.unit} onChoose={(unit) => set({ unit })} title="Each caller" detail="Sticky: a caller always meets the same version. Results count callers, so it takes longer." />
      </fieldset>
      <GoalField label="Goal: when is a call a completion?" value={setup.goal} onChange={(goal) => set({ goal })} versions={chosen} error={shown.goal} />
      <details>
        <summary>
          More: metric, guardrails, ramp and plan <span className="sub">({moreText(setup, primary?.label)})</span>
        </summary>
        <div className="form setup-more">
          <div className="fields">
            <Choice label="The test is decided by" options={metricOptions(metrics)} value={setup.primary} onChange={(metric) => set({ primary: metric })} />
            <TextField label="Name" value={setup.name} onChange={(name) => set({ name })} placeholder="Shorter greeting" maxLength={200} />
            <NumberField label="Planned number of calls" value={setup.planned} min={1} onChange={(planned) => set({ planned })} error={shown.planned} hint="Empty: watch for as long as it takes." />
          </div>
          {primary && setup.versions.length === 2 && <PlanHint key={primary.name} route={route.id} metric={primary} share={(setup.weights[1] ?? 0) / 100} onPlan={(planned) => set({ planned })} />}
          <GuardrailsField guardrails={setup.guardrails} metrics={metrics} faults={shown} onChange={(guardrails) => set({ guardrails })} />
          {setup.versions.length === 2 && <RampField steps={setup.ramp} share={setup.weights[1] ?? 0} error={shown.ramp} onChange={(ramp) => set({ ramp })} />}
        </div>
      </details>
      {start.error && <Failure error={start.error} />}
      {tried && Object.keys(faults).length > 0 && (
        <p className="field-error" role="alert">
          {Object.values(faults).join(" ")}
        </p>
      )}
      <div className="form-actions">
        <button type="submit" className="button primary" disabled={start.isPending}>
          {start.isPending ? "Saving…" : "Save"}
        </button>
        <button type="button" className="button" onClick={onCancel}>
          Cancel
        </button>
        <span className="hint">
          {Object.keys(faults).length === 0 ? `Takes effect on the next call: ${setup.ramp.length > 0 ? `B begins with ${setup.ramp[0]?.share ?? 0}%` : setup.weights.map((w, i) => `${arms[i] ?? ""} ${w}%`).join(", ")}.` : "Takes effect on the next call."}
        </span>
      </div>
    </form>
  );
}

interface UnitProps {
  unit: Setup["unit"];
  chosen: Setup["unit"];
  onChoose: (unit: Setup["unit"]) => void;
  title: string;
  detail: string;
}

function UnitRow({ unit, chosen, onChoose, title, detail }: UnitProps) {
  return (
    <label className="choice-row">
      <input type="radio" name="unit" checked={chosen === unit} onChange={() => onChoose(unit)} />
      <span>
        <strong>{title}</strong>
        <span className="sub">{detail}</span>
      </span>
    </label>
  );
}

/** What is set further down, so that it need not be opened to be known. */
function moreText(s: Setup, metric: string | undefined): string {
  const parts = [`decided by ${(metric ?? s.primary).toLowerCase()}`];
  if (s.guardrails.length > 0) parts.push(`${s.guardrails.length} ${s.guardrails.length === 1 ? "guardrail" : "guardrails"}`);
  if (s.ramp.length > 0) parts.push(`a ramp of ${s.ramp.length + 1} steps`);
  if (!Number.isNaN(s.planned)) parts.push(`${s.planned} calls planned`);
  return parts.join(", ");
}
