import { useState } from "react";
import type { SipTarget } from "../api/steer";
import type { Target } from "../api/types";
import { Choice } from "../ui/Choice";
import { TextField } from "../ui/Field";

const transports = [
  { id: "auto", label: "As the URI says", detail: "UDP, or TLS for sips:" },
  { id: "udp", label: "UDP" },
  { id: "tcp", label: "TCP" },
  { id: "tls", label: "TLS" },
];

interface Props {
  target: Target | undefined;
  onChange: (target: Target) => void;
  /** Places a test call; undefined where there is nothing to call yet. */
  onTry: (() => void) | undefined;
}

/** Where the agent answers, how it is reached, and what is sent along. */
export function TargetFields({ target, onChange, onTry }: Props) {
  const sip: SipTarget = target?.sip ?? { uri: "" };
  const set = (change: Partial<SipTarget>) => onChange({ kind: "sip", sip: { ...sip, ...change } });
  // Names are edited letter by letter, so the rows are kept in a list.
  const [rows, setRows] = useState(() => Object.entries(sip.headers ?? {}));
  function put(next: [string, string][]) {
    setRows(next);
    set({ headers: Object.fromEntries(next.map(([name, value]) => [name.trim(), value])) });
  }
  function choose(id: string) {
    const { transport: _, ...rest } = sip;
    onChange({ kind: "sip", sip: id === "auto" ? rest : { ...rest, transport: id as NonNullable<SipTarget["transport"]> } });
  }
  return (
    <fieldset className="part">
      <legend>Target: where the agent answers</legend>
      <div className="target-row">
        <TextField label="SIP URI" code value={sip.uri} onChange={(uri) => set({ uri: uri.trim() })} placeholder="sip:front-desk@agent.example.com" hint="Without a user part the called number is filled in." />
        <Choice label="Transport" options={transports} value={sip.transport ?? "auto"} onChange={choose} />
      </div>
      {rows.map(([name, value], i) => (
        <div key={i} className="header-row">
          <TextField label="Header" code value={name} onChange={(n) => put(rows.map((r, k) => (k === i ? [n, r[1]] : r)))} placeholder="X-Tenant" error={name !== "" && !/^x-[a-z0-9-]{1,60}$/i.test(name.trim()) ? "A name that starts with X-." : undefined} />
          <TextField label="Value" code value={value} onChange={(v) => put(rows.map((r, k) => (k === i ? [r[0], v] : r)))} />
          <button type="button" className="button quiet small" aria-label={`Remove ${name || "header"}`} onClick={() => put(rows.filter((_, k) => k !== i))}>
            Remove
          </button>
        </div>
      ))}
      <div className="form-actions">
        <button type="button" className="button small" onClick={() => put([...rows, ["", ""]])}>
          Add a header
        </button>
        {onTry && (
          <button type="button" className="button small" onClick={onTry}>
            Place a test call
          </button>
        )}
      </div>
    </fieldset>
  );
}
