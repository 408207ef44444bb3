import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type SubmitEvent } from "react";
import { queries } from "../api/queries";
import { steer } from "../api/steer";
import type { Route } from "../api/types";
import { overtaken } from "../change/useChange";
import { count, phone } from "../format";
import { useRefusal } from "../session";
import { VersionField } from "../setup/VersionField";
import { Choice } from "../ui/Choice";
import { Dialog } from "../ui/Dialog";
import { Fact } from "../ui/Fact";
import { NumberField, TextField } from "../ui/Field";
import { Failure } from "../ui/Notice";
import { say } from "../ui/toasts";
import { editedOf, patchOf, type Edited } from "./settings";

const modes = [
  { id: "proxy", label: "Stay on the line (proxy)", detail: "Tandem sees answer, transfer and end of each call." },
  { id: "redirect", label: "Redirect (302)", detail: "Tandem hands the call over and sees no more of it: outcomes come by the API." },
];

interface Props {
  route: Route;
  running: boolean;
  onClose: () => void;
}

/** What holds of a route whether a test runs or not: to change, or to read for whoever may not. */
export function RouteSettings(props: Props) {
  const refused = useRefusal("write");
  return refused === undefined ? <Form {...props} /> : <Facts {...props} refused={refused} />;
}

function Form({ route, running, onClose }: Props) {
  const client = useQueryClient();
  // The route as it was when the dialog opened: a change by somebody else is told, not overwritten.
  const [base, setBase] = useState(route);
  const [edited, setEdited] = useState(() => editedOf(route));
  const set = (change: Partial<Edited>) => setEdited((e) => ({ ...e, ...change }));
  const patch = patchOf(base, edited);
  const save = useMutation({
    mutationFn: () => steer.patchRoute(route.id, patch, base.revision),
    onSuccess: async (saved) => {
      client.setQueryData(queries.route(route.id).queryKey, saved);
      say("Saved. It takes effect on the next call.");
      onClose();
      await client.invalidateQueries({ queryKey: ["routes"] });
    },
    onError: async (error) => {
      if (overtaken(error)) setBase(await client.query({ ...queries.route(route.id), staleTime: 0 }));
    },
  });
  function submit(event: SubmitEvent) {
    event.preventDefault();
    if (Object.keys(patch).length > 0) save.mutate();
  }
  return (
    <Dialog title="Route settings" onClose={onClose}>
      <form className="form" noValidate onSubmit={submit}>
        <TextField label="Name" value={edited.name} onChange={(name) => set({ name })} maxLength={100} />
        {route.kind === "inbound" && <TextField label="Phone number" value={edited.number} onChange={(number) => set({ number })} />}
        <VersionField label="Live version" live={route.live_version_id} value={edited.live} onChange={(live) => set({ live })} />
        {running && edited.live !== base.live_version_id && <p className="notice notice-warn">A test is running: its calls go on being split. Ending it makes the version that is kept the live one.</p>}
        <TextField label="Fallback" code value={edited.fallback} onChange={(fallback) => set({ fallback })} placeholder="sip:operator@pbx.example.com" hint="Takes the call when no version answers. Empty: the caller is told to try later." />
        {route.kind === "inbound" && <Choice label="What Tandem does with a call" options={modes} value={edited.mode} onChange={(mode) => set({ mode: mode as Route["sip_mode"] })} />}
        <div className="fields">
          <NumberField label="Longest call" unit="s" value={edited.longest} min={10} max={86400} onChange={(longest) => set({ longest })} hint="One without an end by then counts as lost." />
          <NumberField label="Calls at once, per version" value={edited.limit} min={1} onChange={(limit) => set({ limit })} hint="Empty: no limit." />
        </div>
        {overtaken(save.error) ? (
          <p className="notice notice-warn" role="alert">
            Somebody else changed this route just now. Yours is still here; save again to put it over theirs.
          </p>
        ) : (
          save.error && <Failure error={save.error} />
        )}
        <div className="dialog-actions">
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="button primary" disabled={Object.keys(patch).length === 0 || save.isPending}>
            {save.isPending ? "Saving…" : "Save"}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

function Facts({ route, refused, onClose }: Props & { refused: string }) {
  const live = useQuery(queries.version(route.live_version_id));
  const e = editedOf(route);
  return (
    <Dialog title="Route settings" onClose={onClose}>
      <div className="form">
        <p className="sub">{refused}</p>
        <dl className="test-facts">
          <Fact name="Name">{e.name}</Fact>
          {route.number && <Fact name="Phone number">{phone(route.number)}</Fact>}
          <Fact name="Live version">{live.data ?? "…"}</Fact>
          <Fact name="Fallback">{e.fallback === "" ? "none: the caller is told to try later" : <code>{e.fallback}</code>}</Fact>
          {route.kind === "inbound" && <Fact name="What Tandem does with a call">{modes.find((m) => m.id === e.mode)?.label}</Fact>}
          <Fact name="Longest call">{count(e.longest)} s</Fact>
          <Fact name="Calls at once, per version">{Number.isNaN(e.limit) ? "no limit" : count(e.limit)}</Fact>
        </dl>
        <div className="dialog-actions">
          <button type="button" className="button" onClick={onClose}>
            Close
          </button>
        </div>
      </div>
    </Dialog>
  );
}
