import { useQuery } from "@tanstack/react-query";
import { useState, type SubmitEvent } from "react";
import { admin } from "../api/admin";
import type { Key, NewKey } from "../api/types";
import { moment } from "../format";
import { Checks } from "../ui/Checks";
import { Dialog } from "../ui/Dialog";
import { TextField } from "../ui/Field";
import { Failure, Loading } from "../ui/Notice";
import { Confirm } from "./Confirm";
import { Copyable } from "./Once";
import { Part } from "./Part";
import { stored, useDoing } from "./queries";

const scopes = [
  { id: "read", label: "Read", detail: "Everything but keys, users, the audit log and secrets" },
  { id: "write", label: "Write", detail: "Change agents, routes and tests" },
  { id: "ingest", label: "Report", detail: "Report what happened in calls, and ask which version takes a call" },
  { id: "admin", label: "Administrate", detail: "Everything" },
];

/** Keys with which programs use the API. */
export function Keys() {
  const keys = useQuery(stored.keys());
  const [creating, setCreating] = useState(false);
  const [revoking, setRevoking] = useState<Key>();
  const inForce = keys.data?.filter((k) => k.revoked_at === undefined) ?? [];
  const revoked = keys.data?.filter((k) => k.revoked_at !== undefined) ?? [];
  return (
    <Part
      title="API keys"
      about={
        <>
          Programs send a key with each request, as <code>Authorization: Bearer KEY</code>. The audit log names it. <a href="/docs">The API describes itself here.</a>
        </>
      }
      action={
        <button type="button" className="button primary small" onClick={() => setCreating(true)}>
          New key
        </button>
      }
    >
      {keys.isPending && <Loading what="keys" />}
      {keys.isError && <Failure error={keys.error} retry={() => void keys.refetch()} />}
      {keys.data && inForce.length === 0 && <p className="none">No key is in force. Your dialler, your booking system or your CI needs one to use the API.</p>}
      <ul className="rows">
        {inForce.map((k) => (
          <li key={k.id}>
            <div>
              <strong>{k.name}</strong>
              <span className="sub">
                {k.scopes.join(", ")} · since {moment(k.created_at)}
              </span>
            </div>
            <button type="button" className="button small" onClick={() => setRevoking(k)} aria-label={`Revoke ${k.name}`}>
              Revoke
            </button>
          </li>
        ))}
      </ul>
      {revoked.length > 0 && (
        <details>
          <summary>{revoked.length === 1 ? "One revoked key" : `${revoked.length} revoked keys`}</summary>
          <ul className="rows">
            {revoked.map((k) => (
              <li key={k.id}>
                <div>
                  {k.name}
                  <span className="sub">
                    {k.scopes.join(", ")} · revoked {moment(k.revoked_at ?? "")}
                  </span>
                </div>
              </li>
            ))}
          </ul>
        </details>
      )}
      {creating && <NewKeyDialog onClose={() => setCreating(false)} />}
      {revoking && <Revoke of={revoking} onClose={() => setRevoking(undefined)} />}
    </Part>
  );
}

function NewKeyDialog({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState("");
  const [chosen, setChosen] = useState<string[]>(["read"]);
  const [made, setMade] = useState<NewKey>();
  const create = useDoing(() => admin.createKey(name.trim(), chosen), ["keys"], (key: NewKey) => setMade(key));
  function submit(event: SubmitEvent) {
    event.preventDefault();
    create.mutate();
  }
  if (made) {
    return (
      <Dialog title={`The key ${made.name}`} onClose={onClose}>
        <div className="form">
          <p>Copy it to where it is used. It is shown only now, and cannot be read again.</p>
          <Copyable label="Secret" value={made.secret} />
          <div className="dialog-actions">
            <button type="button" className="button primary" onClick={onClose}>
              Done
            </button>
          </div>
        </div>
      </Dialog>
    );
  }
  return (
    <Dialog title="New API key" onClose={onClose}>
      <form className="form" onSubmit={submit}>
        <TextField label="Name" value={name} onChange={setName} placeholder="booking-system" hint="Who or what uses it." required autoFocus autoComplete="off" />
        <Checks label="It may" checks={scopes} value={chosen} onChange={setChosen} error={chosen.length === 0 ? "Choose at least one." : undefined} />
        {create.error && <Failure error={create.error} />}
        <div className="dialog-actions">
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="button primary" disabled={create.isPending || name.trim() === "" || chosen.length === 0}>
            Create key
          </button>
        </div>
      </form>
    </Dialog>
  );
}

function Revoke({ of: key, onClose }: { of: Key; onClose: () => void }) {
  const revoke = useDoing(() => admin.revokeKey(key.id), ["keys"], onClose);
  return (
    <Confirm title={`Revoke ${key.name}?`} does="Revoke" onConfirm={() => revoke.mutate()} onClose={onClose} busy={revoke.isPending} error={revoke.error}>
      <p>Whatever uses it is refused from now on: at once on this node, within five seconds on the others. A revoked key cannot come back.</p>
    </Confirm>
  );
}
