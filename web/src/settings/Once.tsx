import { useId, useRef, useState } from "react";

interface Props {
  label: string;
  value: string;
}

/** A text to take along: shown in full, with a button that copies it. */
export function Copyable({ label, value }: Props) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [said, setSaid] = useState("");
  async function copy() {
    input.current?.select();
    try {
      await navigator.clipboard.writeText(value);
      setSaid("Copied.");
    } catch {
      // Browsers give the clipboard only to pages that came by TLS or from this machine.
      setSaid("Press Ctrl+C to copy.");
    }
  }
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <div className="copyable">
        <input id={id} ref={input} className="code" readOnly value={value} onFocus={(event) => event.currentTarget.select()} />
        <button type="button" className="button" onClick={() => void copy()}>
          Copy
        </button>
      </div>
      <span className="hint" role="status">
        {said}
      </span>
    </div>
  );
}
