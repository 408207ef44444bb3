import { useState } from "react";
import { admin } from "../api/admin";
import type { Export } from "../api/types";
import { count } from "../format";
import { TextField } from "../ui/Field";
import { Failure } from "../ui/Notice";
import { save } from "../ui/save";
import { say } from "../ui/toasts";
import { Confirm } from "./Confirm";
import { Part } from "./Part";
import { useDoing } from "./queries";

const calls = (n: number): string => (n === 1 ? "1 call" : `${count(n)} calls`);

/** What a caller may ask for: what is kept of them, and that it goes. */
export function Caller() {
  const [caller, setCaller] = useState("");
  const [erasing, setErasing] = useState(false);
  const hand = useDoing(() => admin.exportCaller(caller.trim()), ["audit"], handOver);
  const erase = useDoing(
    () => admin.eraseCaller(caller.trim()),
    ["purges", "audit"],
    (done) => {
      setErasing(false);
      setCaller("");
      say(done.calls === 0 ? "No call of theirs was found." : `Erased from ${calls(done.calls)}.`);
    },
  );
  return (
    <Part title="A caller’s own data" about="When somebody asks what you keep of them, or that you delete it. Their number is found by its hash also where it is no longer kept; the audit log names the hash only.">
      <TextField label="Caller" value={caller} onChange={setCaller} placeholder="+1 415 555 0199" hint="Number in any common way of writing, a name, or a caller’s key." autoComplete="off" />
      {hand.error && <Failure error={hand.error} />}
      {hand.data?.calls.length === 0 && (
        <p className="notice" role="status">
          Nothing is kept of them.
        </p>
      )}
      <div className="form-actions">
        <button type="button" className="button" disabled={hand.isPending || caller.trim() === ""} onClick={() => hand.mutate()}>
          {hand.isPending ? "Gathering…" : "Export"}
        </button>
        <button type="button" className="button danger" disabled={caller.trim() === ""} onClick={() => setErasing(true)}>
          Erase…
        </button>
      </div>
      {erasing && (
        <Confirm title="Erase this caller’s data?" does="Erase for good" typed={caller.trim()} onConfirm={() => erase.mutate()} onClose={() => setErasing(false)} busy={erase.isPending} error={erase.error}>
          <p>Transcripts, summaries, texts, links and ids of all their calls are deleted, and nothing leads from the number to them any more. Results stay as they are. This cannot be undone.</p>
        </Confirm>
      )}
    </Part>
  );
}

function handOver(kept: Export): void {
  if (kept.calls.length === 0) return;
  save(new Blob([JSON.stringify(kept, null, 2)], { type: "application/json" }), `${kept.caller_key}.json`);
  say(`Saved ${calls(kept.calls.length)}.`);
}
