import { useState, type SubmitEvent } from "react";
import { first } from "../api/start";
import type { Agent } from "../api/types";
import { useDoing } from "../settings/queries";
import { Choice } from "../ui/Choice";
import { TextField } from "../ui/Field";
import { Failure } from "../ui/Notice";

interface Props {
  agents: Agent[];
  onMade: () => void;
}

/** Creates the first route. */
export function NumberStep({ agents, onMade }: Props) {
  const [kind, setKind] = useState<"inbound" | "outbound">("inbound");
  const [number, setNumber] = useState("");
  const [name, setName] = useState("");
  const [chosen, setChosen] = useState(agents[0]?.id);
  const agent = agents.find((a) => a.id === chosen) ?? agents[0];
  const inbound = kind === "inbound";
  const make = useDoing(
    () => first.createRoute({ kind, live_version: `${agent?.name ?? ""}@${agent?.latest_version ?? 1}`, ...(inbound && { number: number.trim() }), ...(name.trim() && { name: name.trim() }) }),
    ["routes"],
    onMade,
  );
  function submit(event: SubmitEvent) {
    event.preventDefault();
    make.mutate();
  }
  return (
    <form className="form" onSubmit={submit}>
      <div className="fields">
        <Choice
          label="Calls"
          value={kind}
          onChange={(id) => setKind(id as "inbound" | "outbound")}
          options={[
            { id: "inbound", label: "Inbound", detail: "People call a number of yours" },
            { id: "outbound", label: "Outbound", detail: "Your dialler calls people and asks Tandem which version to use" },
          ]}
        />
        {agents.length > 1 && <Choice label="Agent" value={agent?.id} onChange={setChosen} options={agents.map((a) => ({ id: a.id, label: `${a.name}@${a.latest_version}` }))} />}
      </div>
      <div className="fields">
        {inbound && <TextField label="Number" value={number} onChange={setNumber} placeholder="+1 415 555 0100" hint="With its country code, as callers dial it." />}
        <TextField label="Name" value={name} onChange={setName} placeholder={inbound ? "Harbor Street Dental" : "win-back-november"} hint={inbound ? "Left out: the number." : "Your dialler asks for it by this name."} />
      </div>
      {make.error && <Failure error={make.error} />}
      <div className="form-actions">
        <button type="submit" className="button primary" disabled={make.isPending || (inbound ? number.trim() === "" : name.trim() === "")}>
          {make.isPending ? "Creating…" : inbound ? "Add the number" : "Add the campaign"}
        </button>
      </div>
    </form>
  );
}
