import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type SubmitEvent } from "react";
import { api } from "../api/client";
import { queries } from "../api/queries";
import type { Route } from "../api/types";
import { ArmBadge } from "../ui/ArmBadge";
import { Choice } from "../ui/Choice";
import { NumberField, TextField } from "../ui/Field";
import { Failure } from "../ui/Notice";
import { say } from "../ui/toasts";
import { emptySetup, faultsOf, requestOf, type Setup } from "./form";
import { GuardrailsField } from "./GuardrailsField";
import { metricOptions, metricsOf } from "./metrics";
import { PlanHint } from "./PlanHint";
import { RampField } from "./RampField";
import { SplitField } from "./SplitField";
import { VersionField } from "./VersionField";

const keys = "ABCDEFGHIJ";

/** Sets a test up on a route and starts it. */
export function TestSetup({ route, onCancel }: { route: Route; onCancel: () => void }) {
  const client = useQueryClient();
  const [setup, setSetup] = useState<Setup>(() => emptySetup(route.live_version_id));
  const [tried, setTried] = useState(false);
  const choices = useQuery(queries.choices());
  const start = useMutation({
    mutationFn: (s: Setup) => api.startTest(route.id, requestOf(s)),
    onSuccess: async () => {
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
    <form className="panel form setup" noValidate onSubmit={submit} aria-labelledby="setup">
      <h2 id="setup">A/B testing</h2>
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
      <fieldset className="choice">
        <legend>What is left to chance</legend>
        <UnitRow unit="call" chosen={setup.unit} onChoose={(unit) => set({ unit })} title="Each call" detail="Finds a difference with the fewest calls. A caller who calls again may meet the other version." />
        <UnitRow unit="caller" chosen={setup.unit} onChoose={(unit) => set({ unit })} title="Each caller" detail="Sticky: a caller always meets the same version. Results count callers, so it takes longer." />
      </fieldset>
      <TextField
        label="Goal: when is a call a completion?"
        code
        rows={2}
        value={setup.goal}
        onChange={(goal) => set({ goal })}
        error={shown.goal}
        hint={goalHint(fields.flat().map((f) => f.name))}
        placeholder="fields.appointment_booked == true"
      />
      <details>
        <summary>Metric, guardrails, ramp and plan</summary>
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
          {start.isPending ? "Saving…" : "Save and start"}
        </button>
        <button type="button" className="button" onClick={onCancel}>
          Cancel
        </button>
        <span className="hint">Takes effect on the next call.</span>
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

function goalHint(fields: string[]): string {
  const names = [...new Set(fields)].slice(0, 5).map((f) => `fields.${f}`);
  return names.length > 0 ? `A condition over ${names.join(", ")}, fields.sentiment, call.transferred, call.duration_seconds and others.` : "A condition such as call.duration_seconds > 30 && !call.transferred.";
}
