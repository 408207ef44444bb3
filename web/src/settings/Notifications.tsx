import { useQuery } from "@tanstack/react-query";
import { useState, type SubmitEvent } from "react";
import { admin } from "../api/admin";
import type { Delivery, NewWebhook, Webhook } from "../api/types";
import { moment } from "../format";
import { Checks } from "../ui/Checks";
import { Dialog } from "../ui/Dialog";
import { TextField } from "../ui/Field";
import { Failure, Loading } from "../ui/Notice";
import { Confirm } from "./Confirm";
import { Copyable } from "./Once";
import { Part } from "./Part";
import { stored, useDoing } from "./queries";

const kinds = [
  { id: "verdict", label: "Verdict", detail: "An arm is better, or there is no practical difference" },
  { id: "verdict.withdrawn", label: "Verdict withdrawn", detail: "Outcomes were corrected, and it no longer holds" },
  { id: "guardrail.breached", label: "Guardrail breached", detail: "A metric got worse than its margin" },
  { id: "split.broken", label: "Split broken", detail: "The arms’ sizes contradict the split" },
  { id: "outcomes.missing", label: "Outcomes missing", detail: "Unevenly between the arms" },
  { id: "alarm", label: "Other alarm", detail: "Another check of the data failed" },
  { id: "ramp.advanced", label: "Ramp went on", detail: "To its next step" },
];
const kindName = (id: string): string => kinds.find((k) => k.id === id)?.label ?? id;

/** Addresses that hear of what tests come to. */
export function Notifications() {
  const hooks = useQuery(stored.webhooks());
  const [adding, setAdding] = useState(false);
  return (
    <Part
      title="Webhooks"
      about="Tandem posts to an address of yours when a test comes to something, signed so that you can tell it is Tandem, and again for three days until it is taken."
      action={
        <button type="button" className="button primary small" onClick={() => setAdding(true)}>
          Add webhook
        </button>
      }
    >
      {hooks.isPending && <Loading what="webhooks" />}
      {hooks.isError && <Failure error={hooks.error} retry={() => void hooks.refetch()} />}
      {hooks.data?.length === 0 && <p className="none">Nobody is told yet. Add an address of your chat, your pager or your own system.</p>}
      {hooks.data?.map((h) => <Hook key={h.id} hook={h} />)}
      {adding && <Add onClose={() => setAdding(false)} />}
    </Part>
  );
}

function Hook({ hook }: { hook: Webhook }) {
  const [removing, setRemoving] = useState(false);
  const [open, setOpen] = useState(false);
  const ping = useDoing(() => admin.ping(hook.id), ["deliveries"], () => setOpen(true));
  const remove = useDoing(() => admin.deleteWebhook(hook.id), ["webhooks"], "The webhook is gone.");
  return (
    <article className="webhook" aria-label={hook.url}>
      <div className="panel-head">
        <div>
          <strong className="address">{hook.url}</strong>
          <p className="sub">
            Hears {hook.kinds?.length ? hook.kinds.map(kindName).join(", ").toLowerCase() : "everything"}; since {moment(hook.created_at)}
          </p>
        </div>
        <span className="row-end">
          <button type="button" className="button small" disabled={ping.isPending} onClick={() => ping.mutate()}>
            Send a ping
          </button>
          <button type="button" className="button small" onClick={() => setRemoving(true)}>
            Delete
          </button>
        </span>
      </div>
      {ping.error && <Failure error={ping.error} />}
      <details open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>What it was sent</summary>
        {open && <Deliveries of={hook.id} />}
      </details>
      {removing && (
        <Confirm title="Delete this webhook?" does="Delete" onConfirm={() => remove.mutate()} onClose={() => setRemoving(false)} busy={remove.isPending} error={remove.error}>
          <p>{hook.url} hears nothing any more; what was waiting for it is dropped.</p>
        </Confirm>
      )}
    </article>
  );
}

const attempts = (n: number): string => (n === 0 ? "not tried yet" : n === 1 ? "1 attempt" : `${n} attempts`);

const states: Record<Delivery["state"], string> = { pending: "on its way", delivered: "taken", failed: "given up" };

function Deliveries({ of }: { of: string }) {
  const deliveries = useQuery(stored.deliveries(of));
  if (deliveries.isError) return <Failure error={deliveries.error} retry={() => void deliveries.refetch()} />;
  if (!deliveries.data) return <Loading what="what it was sent" />;
  if (deliveries.data.length === 0) return <p className="none">Nothing yet.</p>;
  return (
    <ul className="rows">
      {deliveries.data.map((d) => (
        <li key={d.notice.id}>
          <div>
            {d.notice.text}
            <span className="sub">
              {moment(d.notice.at)} · {kindName(d.notice.kind).toLowerCase()} · {attempts(d.attempts)}
              {d.last_error && <> · {d.last_error}</>}
              {d.state === "pending" && d.next_at && <> · next try {moment(d.next_at)}</>}
            </span>
          </div>
          <span className={`tag delivery-${d.state}`}>{states[d.state]}</span>
        </li>
      ))}
    </ul>
  );
}

function Add({ onClose }: { onClose: () => void }) {
  const [url, setUrl] = useState("");
  const [chosen, setChosen] = useState(kinds.map((k) => k.id));
  const [made, setMade] = useState<NewWebhook>();
  const add = useDoing(() => admin.createWebhook(url.trim(), chosen.length === kinds.length ? [] : chosen), ["webhooks"], (hook: NewWebhook) => setMade(hook));
  function submit(event: SubmitEvent) {
    event.preventDefault();
    add.mutate();
  }
  if (made) {
    return (
      <Dialog title="The webhook is added" onClose={onClose}>
        <div className="form">
          <p>With this secret your side checks that a notice comes from Tandem, as Standard Webhooks describe. It is shown only now.</p>
          <Copyable label="Signing secret" value={made.secret} />
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
    <Dialog title="Add a webhook" onClose={onClose}>
      <form className="form" onSubmit={submit}>
        <TextField label="Address" type="url" value={url} onChange={setUrl} placeholder="https://example.com/tandem" required autoFocus />
        <Checks label="It hears" checks={kinds} value={chosen} onChange={setChosen} error={chosen.length === 0 ? "Choose at least one." : undefined} />
        {add.error && <Failure error={add.error} />}
        <div className="dialog-actions">
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="button primary" disabled={add.isPending || url.trim() === "" || chosen.length === 0}>
            Add
          </button>
        </div>
      </form>
    </Dialog>
  );
}
