import { useQuery } from "@tanstack/react-query";
import { useState, type SubmitEvent } from "react";
import { admin } from "../api/admin";
import type { Revised } from "../api/client";
import type { Analyzer, Trial } from "../api/types";
import { count, fieldValue, words } from "../format";
import { Choice } from "../ui/Choice";
import { NumberField, TextField } from "../ui/Field";
import { Failure, Loading } from "../ui/Notice";
import { Toggle } from "../ui/Toggle";
import { bodyOf, formOf, providers, secretsAstray, type AnalyzerForm } from "./analyzerForm";
import { Conflict } from "./Conflict";
import { Part } from "./Part";
import { stored, useDoing } from "./queries";

/** Who reads calls, and within which budget. */
export function AnalyzerSettings() {
  const analyzer = useQuery(stored.analyzer());
  if (analyzer.isError && !analyzer.data) return <Failure error={analyzer.error} retry={() => void analyzer.refetch()} />;
  if (!analyzer.data) return <Loading what="the settings" />;
  return <Form key={analyzer.data.revision ?? 0} stored={analyzer.data} />;
}

const kinds = [
  { id: "offline", label: "Word lists and rules", detail: "Free, nothing leaves the server; English sentiment, and the fields that have a rule" },
  { id: "llm", label: "A language model", detail: "Every field, a summary and ratings, any language; costs tokens" },
];

function Form({ stored: { value: s, revision } }: { stored: Revised<Analyzer> }) {
  const [f, setForm] = useState(() => formOf(s));
  const set = (change: Partial<AnalyzerForm>) => setForm((was) => ({ ...was, ...change }));
  const save = useDoing((over: boolean) => admin.putAnalyzer(bodyOf(f), over ? undefined : revision), ["analyzer", "analyses"], "Saved. It holds for calls that are not in hand yet.");
  const provider = providers.find((p) => p.id === f.provider) ?? providers[0];
  const llm = f.kind === "llm";
  const opensByHeader = provider?.opens === "api-key";
  const given = opensByHeader ? f.apiKey : f.key;
  const isStored = opensByHeader ? (s.header_names ?? []).length > 0 : s.key_set;
  const astray = llm && given === "" && secretsAstray(s, f);
  function choose(id: string) {
    const p = providers.find((x) => x.id === id);
    set({ provider: id, ...(p && { baseUrl: p.baseUrl, model: p.model, query: p.query ?? {}, maxInput: p.maxInput ?? f.maxInput }) });
  }
  function submit(event: SubmitEvent) {
    event.preventDefault();
    save.mutate(false);
  }
  return (
    <Part title="Who reads calls" about="Both arms are read by the same reader, which is told nothing of tests, arms or versions.">
      <form className="form" onSubmit={submit}>
        <Choice label="Calls are read by" options={kinds} value={f.kind} onChange={(kind) => set({ kind: kind as AnalyzerForm["kind"] })} />
        {llm && (
          <>
            <div className="fields">
              <Choice label="Provider" options={providers.map(({ id, label }) => ({ id, label }))} value={f.provider} onChange={choose} hint={provider?.note} />
              <TextField label="Model" code value={f.model} onChange={(model) => set({ model })} required />
            </div>
            <TextField label="Address" code type="url" value={f.baseUrl} onChange={(baseUrl) => set({ baseUrl })} hint="Up to where chat/completions follows." required />
            <TextField
              label={opensByHeader ? "Key (sent as the header api-key)" : "Key"}
              type="password"
              autoComplete="off"
              value={given}
              onChange={(key) => set(opensByHeader ? { apiKey: key } : { key })}
              placeholder={isStored && !astray ? "Unchanged" : ""}
              hint={isStored ? "One is stored; it cannot be read. Left empty, it stays." : provider?.opens === "nothing" ? "Usually not needed." : "Stored sealed; it cannot be read again."}
              error={astray ? "The address leads to another host: give the key for it. The stored one is never sent there." : undefined}
            />
            {opensByHeader && <TextField label="api-version" code value={f.query["api-version"] ?? ""} onChange={(version) => set({ query: { ...f.query, "api-version": version } })} />}
            <div className="fields">
              <NumberField label="Price, a million tokens sent" unit="US$" min={0} value={f.inputPrice} onChange={(inputPrice) => set({ inputPrice })} />
              <NumberField label="Price, a million answered" unit="US$" min={0} value={f.outputPrice} onChange={(outputPrice) => set({ outputPrice })} />
              <NumberField label="Calls at once, on each node" min={1} max={64} step={1} value={f.concurrency} onChange={(concurrency) => set({ concurrency })} hint="4 when empty" />
            </div>
            <fieldset className="group">
              <legend>Budget</legend>
              <p className="hint">Empty is no limit. Days are UTC, all nodes together. Dollars need the prices above.</p>
              <div className="fields">
                <NumberField label="Dollars a day" unit="US$" min={0} value={f.dayCost} onChange={(dayCost) => set({ dayCost })} />
                <NumberField label="Tokens a day" unit="tokens" min={0} step={1} value={f.dayTokens} onChange={(dayTokens) => set({ dayTokens })} />
                <NumberField label="Dollars for one call" unit="US$" min={0} value={f.callCost} onChange={(callCost) => set({ callCost })} />
                <NumberField label="Tokens for one call" unit="tokens" min={0} step={1} value={f.callTokens} onChange={(callTokens) => set({ callTokens })} />
              </div>
              <Toggle on={f.fillIn} onChange={(fillIn) => set({ fillIn })} hint="The model reads those that wait for the next day when it is their turn.">
                Word lists read what the budget does not cover
              </Toggle>
            </fieldset>
            <details>
              <summary>Limits of a request</summary>
              <div className="fields nested">
                <NumberField label="Time-out" unit="s" min={1} max={600} step={1} value={f.timeout} onChange={(timeout) => set({ timeout })} hint="60 when empty" />
                <NumberField label="Sent of one call" unit="tokens" min={1} step={1} value={f.maxInput} onChange={(maxInput) => set({ maxInput })} hint="24,000 when empty; a longer transcript is cut in the middle" />
                <NumberField label="Answered" unit="tokens" min={1} step={1} value={f.maxOutput} onChange={(maxOutput) => set({ maxOutput })} hint="2,000 when empty" />
              </div>
            </details>
          </>
        )}
        <Conflict error={save.error} over={() => save.mutate(true)} />
        <div className="form-actions">
          <button type="submit" className="button primary" disabled={save.isPending || astray || (llm && (f.baseUrl.trim() === "" || f.model.trim() === ""))}>
            {save.isPending ? "Saving…" : "Save"}
          </button>
        </div>
      </form>
      {s.kind === "llm" && <Try />}
    </Part>
  );
}

function Try() {
  const trial = useDoing(() => admin.tryAnalyzer(), []);
  return (
    <div className="form trial">
      <div className="form-actions">
        <button type="button" className="button" disabled={trial.isPending} onClick={() => trial.mutate()}>
          {trial.isPending ? "Asking the model…" : "Try what is saved"}
        </button>
      </div>
      {trial.error && <Failure error={trial.error} />}
      {trial.data && <Came t={trial.data} />}
    </div>
  );
}

function Came({ t }: { t: Trial }) {
  if (!t.ok) {
    return (
      <p className="notice notice-bad" role="alert">
        It does not work{t.field && <> (see {words(t.field)})</>}: {t.problem}
      </p>
    );
  }
  return (
    <div className="form" role="status">
      <p>
        <strong>It works.</strong> The model read a short made-up conversation in {count(t.milliseconds)} ms.
      </p>
      {t.analysis?.summary && <p className="sub">{t.analysis.summary}</p>}
      <dl className="setting-facts">
        {Object.entries(t.analysis?.findings ?? {}).map(([name, f]) => (
          <div key={name}>
            <dt>{words(name)}</dt>
            <dd>{fieldValue(f.value as string | number | boolean | null)}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
