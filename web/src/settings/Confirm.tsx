import { useState, type ReactNode, type SubmitEvent } from "react";
import { Dialog } from "../ui/Dialog";
import { TextField } from "../ui/Field";
import { Failure } from "../ui/Notice";

interface Props {
  title: string;
  children: ReactNode;
  /** What the button says that does it. */
  does: string;
  onConfirm: () => void;
  onClose: () => void;
  busy: boolean;
  error: unknown;
  /** Has to be typed first, for what cannot be undone. */
  typed?: string;
}

/** Says what will happen before it does. */
export function Confirm({ title, children, does, onConfirm, onClose, busy, error, typed }: Props) {
  const [text, setText] = useState("");
  function submit(event: SubmitEvent) {
    event.preventDefault();
    onConfirm();
  }
  return (
    <Dialog title={title} onClose={onClose}>
      <form className="form" onSubmit={submit}>
        {children}
        {typed !== undefined && <TextField label={<>Type <strong>{typed}</strong> to go on</>} value={text} onChange={setText} autoComplete="off" autoFocus />}
        {error !== null && error !== undefined && <Failure error={error} />}
        <div className="dialog-actions">
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="button danger" disabled={busy || (typed !== undefined && text.trim() !== typed)}>
            {does}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
