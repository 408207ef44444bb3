import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type SubmitEvent } from "react";
import { api } from "../api/client";
import { queries } from "../api/queries";
import type { Agent, Content } from "../api/types";
import { overtaken } from "../change/useChange";
import { NumberField, TextField } from "../ui/Field";
import { Failure } from "../ui/Notice";
import { say } from "../ui/toasts";
import { cleaned, objectOf, textOf } from "./draft";
import { FieldsEditor } from "./FieldsEditor";
import { PromptField } from "./Prompt";
import { SpeechFields } from "./SpeechFields";
import { TargetFields } from "./TargetFields";
import { TestCallDialog } from "./TestCallDialog";
import { ToolsEditor } from "./ToolsEditor";

interface Props {
  agent: Agent;
  /** A number that the agent answers for. */
  number?: string | undefined;
}

/** Edits an agent's draft, in a form or as JSON. What was typed stays here until it is saved. */
export function DraftEditor({ agent, number }: Props) {
  const client = useQueryClient();
  const [draft, setDraft] = useState(agent.draft);
  const [saved, setSaved] = useState(agent.draft);
  const [base, setBase] = useState(agent.revision);
  const [extra, setExtra] = useState(() => textOf(agent.draft.extra));
  const [raw, setRaw] = useState<string>();
  const [toolFaults, setToolFaults] = useState<Record<number, string | undefined>>({});
  const [trying, setTrying] = useState(false);
  const extraRead = objectOf(extra);
  const rawRead = raw === undefined ? undefined : objectOf(raw);
  const faulty = rawRead ? rawRead.fault !== undefined : extraRead.fault !== undefined || Object.values(toolFaults).some((f) => f !== undefined);
  const { extra: _, ...withoutExtra } = draft;
  const edited = cleaned(rawRead ? ((rawRead.value ?? {})) : { ...withoutExtra, ...(extraRead.value !== undefined && { extra: extraRead.value }) });
  const unsaved = JSON.stringify(edited) !== JSON.stringify(cleaned(saved));
  const save = useMutation({
    mutationFn: () => api.putDraft(agent.id, edited, base),
    onSuccess: async (changed) => {
      setBase(changed.revision);
      setSaved(changed.draft);
      client.setQueryData(queries.agent(agent.id).queryKey, changed);
      say("Draft saved. It takes no calls until it is published.");
      await client.invalidateQueries({ queryKey: ["agents"] });
      await client.invalidateQueries({ queryKey: ["agent", agent.id, "diff"] });
    },
  });
  const set = (change: Partial<Content>) => setDraft((d) => ({ ...d, ...change }));
  const setLLM = (change: Partial<NonNullable<Content["llm"]>>) => set({ llm: { provider: "", model: "", ...draft.llm, ...change } });
  function submit(event: SubmitEvent) {
    event.preventDefault();
    if (!faulty) save.mutate();
  }
  function toForm() {
    if (faulty) return;
    setDraft(edited);
    setExtra(textOf(edited.extra));
    setToolFaults({});
    setRaw(undefined);
  }
  return (
    <form className="form panel draft" noValidate onSubmit={submit}>
      <div className="panel-head">
        <p className="sub">{unsaved ? "Not saved yet." : "Saved."} A draft takes no calls until it is published.</p>
        <div className="presets" role="group" aria-label="Edit as">
          <button type="button" className="button small" aria-pressed={raw === undefined} disabled={raw !== undefined && faulty} onClick={toForm}>
            Form
          </button>
          <button type="button" className="button small" aria-pressed={raw !== undefined} disabled={raw === undefined && faulty} onClick={() => setRaw(textOf(edited))}>
            JSON
          </button>
        </div>
      </div>
      {raw !== undefined ? (
        <TextField label="The draft as JSON" code rows={24} value={raw} onChange={setRaw} error={rawRead?.fault} hint="As the API takes it, and as `tandem agent draft edit` shows it." />
      ) : (
        <>
          <TextField label="Greeting" rows={2} value={draft.greeting ?? ""} onChange={(greeting) => set({ greeting })} />
          <PromptField label="Prompt" rows={14} value={draft.prompt ?? ""} onChange={(prompt) => set({ prompt })} />
          <fieldset className="part">
            <legend>Language model</legend>
            <div className="fields">
              <TextField label="Provider" value={draft.llm?.provider ?? ""} onChange={(provider) => setLLM({ provider })} placeholder="openai" />
              <TextField label="Model" value={draft.llm?.model ?? ""} onChange={(model) => setLLM({ model })} placeholder="gpt-4.1-mini" />
              <NumberField label="Temperature" value={draft.llm?.temperature ?? NaN} min={0} max={2} onChange={(temperature) => setLLM({ temperature })} />
            </div>
          </fieldset>
          <SpeechFields what="Voice" value={draft.voice} onChange={(voice) => set({ voice })} />
          <SpeechFields what="Transcriber" value={draft.transcriber} onChange={(transcriber) => set({ transcriber })} />
          <ToolsEditor tools={draft.tools ?? []} onChange={(tools) => set({ tools })} onFault={(i, fault) => setToolFaults((f) => ({ ...f, [i]: fault }))} />
          <TargetFields target={draft.target} onChange={(target) => set({ target })} onTry={saved.target?.sip?.uri ? () => setTrying(true) : undefined} />
          <FieldsEditor fields={draft.fields ?? []} onChange={(fields) => set({ fields })} />
          <TextField label="Further configuration (JSON)" code rows={4} value={extra} onChange={setExtra} error={extraRead.fault} />
        </>
      )}
      {overtaken(save.error) ? (
        <div className="notice notice-warn" role="alert">
          <p>Somebody else saved this draft meanwhile. Yours is still here.</p>
          <button type="button" className="button small" onClick={() => void client.query({ ...queries.agent(agent.id), staleTime: 0 }).then((now) => setBase(now.revision))}>
            Save mine over it
          </button>
        </div>
      ) : (
        save.error && <Failure error={save.error} />
      )}
      <div className="form-actions form-bar">
        <button type="submit" className="button primary" disabled={save.isPending || faulty || !unsaved}>
          {save.isPending ? "Saving…" : "Save draft"}
        </button>
        {unsaved && !save.isPending && <span className="hint">You have changes that are not saved.</span>}
      </div>
      {trying && <TestCallDialog agent={agent} content={saved} number={number} unsaved={unsaved} onClose={() => setTrying(false)} />}
    </form>
  );
}
