import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type SubmitEvent } from "react";
import { api } from "../api/client";
import { queries } from "../api/queries";
import type { Agent, Content, Speech } from "../api/types";
import { overtaken } from "../change/useChange";
import { NumberField, TextField } from "../ui/Field";
import { Failure } from "../ui/Notice";
import { say } from "../ui/toasts";
import { FieldsEditor } from "./FieldsEditor";
import { PromptField } from "./Prompt";

/** Edits an agent's draft. What was typed stays here until it is saved. */
export function DraftEditor({ agent }: { agent: Agent }) {
  const client = useQueryClient();
  const [draft, setDraft] = useState(agent.draft);
  const [base, setBase] = useState(agent.revision);
  const [extra, setExtra] = useState(() => (agent.draft.extra === undefined ? "" : JSON.stringify(agent.draft.extra, null, 2)));
  const extraFault = jsonFault(extra);
  const save = useMutation({
    mutationFn: () => api.putDraft(agent.id, { ...cleaned(draft), ...(extra.trim() !== "" && { extra: JSON.parse(extra) as unknown }) }, base),
    onSuccess: async (saved) => {
      setBase(saved.revision);
      client.setQueryData(queries.agent(agent.id).queryKey, saved);
      say("Draft saved. It takes no calls until it is published.");
      await client.invalidateQueries({ queryKey: ["agents"] });
    },
  });
  const set = (change: Partial<Content>) => setDraft((d) => ({ ...d, ...change }));
  const setLLM = (change: Partial<NonNullable<Content["llm"]>>) => set({ llm: { provider: "", model: "", ...draft.llm, ...change } });
  const setVoice = (change: Partial<Speech>) => set({ voice: { provider: "", ...draft.voice, ...change } });
  const setTarget = (uri: string) => set({ target: { ...draft.target, kind: "sip", sip: { ...draft.target?.sip, uri } } });
  function submit(event: SubmitEvent) {
    event.preventDefault();
    if (!extraFault) save.mutate();
  }
  return (
    <form className="form" noValidate onSubmit={submit}>
      <TextField label="Greeting" rows={2} value={draft.greeting ?? ""} onChange={(greeting) => set({ greeting })} />
      <PromptField label="Prompt" rows={14} value={draft.prompt ?? ""} onChange={(prompt) => set({ prompt })} />
      <div className="fields">
        <TextField label="Model provider" value={draft.llm?.provider ?? ""} onChange={(provider) => setLLM({ provider })} placeholder="openai" />
        <TextField label="Model" value={draft.llm?.model ?? ""} onChange={(model) => setLLM({ model })} placeholder="gpt-4.1-mini" />
        <NumberField label="Temperature" value={draft.llm?.temperature ?? NaN} min={0} max={2} step={0.1} onChange={(temperature) => setLLM({ temperature })} />
      </div>
      <div className="fields">
        <TextField label="Voice provider" value={draft.voice?.provider ?? ""} onChange={(provider) => setVoice({ provider })} placeholder="elevenlabs" />
        <TextField label="Voice" value={draft.voice?.voice ?? ""} onChange={(voice) => setVoice({ voice })} />
        <TextField label="Language" value={draft.voice?.language ?? ""} onChange={(language) => setVoice({ language })} placeholder="en-US" />
      </div>
      <TextField label="Target: where the agent answers" code value={draft.target?.sip?.uri ?? ""} onChange={setTarget} placeholder="sip:front-desk@agent.example.com" hint="A SIP URI. Without a user part the called number is filled in." />
      <FieldsEditor fields={draft.fields ?? []} onChange={(fields) => set({ fields })} />
      <TextField label="Further configuration (JSON)" code rows={4} value={extra} onChange={setExtra} error={extraFault} />
      {overtaken(save.error) ? (
        <div className="notice notice-warn" role="alert">
          <p>Somebody else saved this draft meanwhile. Yours is still here.</p>
          <button type="button" className="button small" onClick={() => setBase(agent.revision)}>
            Save mine over it
          </button>
        </div>
      ) : (
        save.error && <Failure error={save.error} />
      )}
      <div className="form-actions">
        <button type="submit" className="button primary" disabled={save.isPending}>
          {save.isPending ? "Saving…" : "Save draft"}
        </button>
      </div>
    </form>
  );
}

function jsonFault(text: string): string | undefined {
  if (text.trim() === "") return undefined;
  try {
    const value = JSON.parse(text) as unknown;
    return typeof value === "object" && value !== null && !Array.isArray(value) ? undefined : "Expected a JSON object, such as {\"timeout\": 5}.";
  } catch (error) {
    return error instanceof Error ? error.message : "This is no JSON.";
  }
}

/** The draft without what was left empty. */
export function cleaned(d: Content): Content {
  const { extra: _extra, llm, voice, target, greeting, prompt, fields, ...rest } = d;
  const temperature = llm?.temperature;
  return {
    ...rest,
    ...(greeting && { greeting }),
    ...(prompt && { prompt }),
    ...(llm && [llm.provider, llm.model].some(Boolean) && { llm: { provider: llm.provider, model: llm.model, ...(temperature !== undefined && Number.isFinite(temperature) && { temperature }) } }),
    ...(voice && [voice.provider, voice.voice, voice.language].some(Boolean) && { voice }),
    ...(target?.sip?.uri && { target }),
    ...(fields && fields.length > 0 && { fields: fields.map((f) => ({ ...f, ...(f.choices && { choices: f.choices.filter(Boolean) }) })) }),
  };
}
