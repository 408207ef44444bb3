import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState, type SubmitEvent } from "react";
import { queries } from "../api/queries";
import { steer } from "../api/steer";
import { VersionField } from "../setup/VersionField";
import { Dialog } from "../ui/Dialog";
import { TextField } from "../ui/Field";
import { Failure } from "../ui/Notice";
import { say } from "../ui/toasts";

/** Makes a route: a number or a campaign, and the version that takes its calls. */
export function NewRoute({ onClose }: { onClose: () => void }) {
  const client = useQueryClient();
  const go = useNavigate();
  const choices = useQuery(queries.choices());
  const [kind, setKind] = useState<"inbound" | "outbound">("inbound");
  const [number, setNumber] = useState("");
  const [name, setName] = useState("");
  const [live, setLive] = useState<string>();
  const create = useMutation({
    mutationFn: (version: string) =>
      steer.createRoute({ kind, live_version: version, ...(kind === "inbound" && { number: number.trim() }), ...(name.trim() !== "" && { name: name.trim() }) }),
    onSuccess: async (route) => {
      say(`Calls go to the live version from the next one on.`);
      await client.invalidateQueries({ queryKey: ["routes"] });
      await go({ to: "/routes/$route", params: { route: route.id } });
    },
  });
  const nothing = choices.data?.every((c) => c.versions.length === 0);
  const ready = live !== undefined && (kind === "inbound" ? number.trim() !== "" : name.trim() !== "");
  function submit(event: SubmitEvent) {
    event.preventDefault();
    if (live !== undefined && ready) create.mutate(live);
  }
  return (
    <Dialog title="New route" onClose={onClose}>
      {nothing ? (
        <div className="form">
          <p>A route needs a published version to take its calls, and nothing is published yet.</p>
          <div className="dialog-actions">
            <Link to="/agents" className="button primary">
              Go to the agents
            </Link>
          </div>
        </div>
      ) : (
        <form className="form" noValidate onSubmit={submit}>
          <fieldset className="choice choice-two">
            <legend>Where do the calls come from?</legend>
            <Kind chosen={kind === "inbound"} onChoose={() => setKind("inbound")} title="A phone number" detail="People call in." />
            <Kind chosen={kind === "outbound"} onChoose={() => setKind("outbound")} title="A campaign" detail="Your dialer asks which version calls." />
          </fieldset>
          {kind === "inbound" && <TextField label="Phone number" value={number} onChange={setNumber} placeholder="+1 415 555 0100" autoFocus autoComplete="off" hint="As you write it, with the country code." />}
          <TextField label={kind === "inbound" ? "Name (optional)" : "Name"} value={name} onChange={setName} placeholder={kind === "inbound" ? "Front desk" : "Reminders"} maxLength={100} />
          <VersionField label="Live version: takes every call that no test assigns" value={live} onChange={setLive} />
          {create.error && <Failure error={create.error} />}
          <div className="dialog-actions">
            <button type="button" className="button" onClick={onClose}>
              Cancel
            </button>
            <button type="submit" className="button primary" disabled={!ready || create.isPending}>
              {create.isPending ? "Creating…" : "Create route"}
            </button>
          </div>
        </form>
      )}
    </Dialog>
  );
}

function Kind({ chosen, onChoose, title, detail }: { chosen: boolean; onChoose: () => void; title: string; detail: string }) {
  return (
    <label className="choice-row">
      <input type="radio" name="kind" checked={chosen} onChange={onChoose} />
      <span>
        <strong>{title}</strong>
        <span className="sub">{detail}</span>
      </span>
    </label>
  );
}
