import { Link } from "@tanstack/react-router";
import { useRef, useState, type SubmitEvent } from "react";
import { api } from "../api/client";
import type { Agent } from "../api/types";
import { useDoing } from "../settings/queries";
import { TextField } from "../ui/Field";
import { Failure } from "../ui/Notice";
import { firstDraft } from "./draft";

interface Props {
  /** Agents that nobody published yet. */
  drafts: Agent[];
}

/** Creates an agent with the least it needs, and publishes it. */
export function AgentStep({ drafts }: Props) {
  const [name, setName] = useState("front-desk");
  const [uri, setUri] = useState("");
  const [prompt, setPrompt] = useState("");
  const [goal, setGoal] = useState("appointment booked");
  const created = useRef<Agent>(undefined);
  const make = useDoing(async () => {
    // One that was created before publishing failed goes on from there.
    const before = [...drafts, created.current].find((a) => a?.name === name.trim());
    const content = firstDraft({ uri, prompt, goal });
    const agent = before ? await api.putDraft(before.id, content, before.revision) : await api.createAgent(name.trim(), content);
    created.current = agent;
    return api.publish(agent.id, "The first version", agent.revision);
  }, ["agents", "agent"], "Published.");
  function submit(event: SubmitEvent) {
    event.preventDefault();
    make.mutate();
  }
  return (
    <form className="form" onSubmit={submit}>
      {drafts.length > 0 && (
        <p className="hint">
          There are drafts:{" "}
          {drafts.slice(0, 3).map((a) => (
            <Link key={a.id} to="/agents/$agent" params={{ agent: a.id }} className="use">
              {a.name}
            </Link>
          ))}{" "}
          Publish one of them, or make another here.
        </p>
      )}
      <div className="fields">
        <TextField label="Name" value={name} onChange={setName} hint="Letters, digits, space, dot, dash and underscore." />
        <TextField label="Where it answers" code value={uri} onChange={setUri} placeholder="sip:front-desk@agent.example.com" hint="The SIP address that your platform gives the agent: Vapi, Retell, ElevenLabs, LiveKit, OpenAI or your own." />
      </div>
      <TextField label="Prompt" rows={4} value={prompt} onChange={setPrompt} placeholder="You answer the phone of a dental practice." hint="For the record, and to compare versions by. Tandem does not send it to your platform." />
      <TextField label="What is a good call?" value={goal} onChange={setGoal} hint="A yes-or-no question that is answered for every call, in a few words. Left empty, no question is asked." />
      {make.error && <Failure error={make.error} />}
      <div className="form-actions">
        <button type="submit" className="button primary" disabled={make.isPending || name.trim() === "" || uri.trim() === ""}>
          {make.isPending ? "Publishing…" : "Create and publish"}
        </button>
      </div>
    </form>
  );
}
