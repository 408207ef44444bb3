import { useState, type ReactNode } from "react";

export type Option = [value: string, label: string];

export const goals: Option[] = [["", "Any"], ["met", "Met"], ["not_met", "Not met"], ["unknown", "Unknown"]];
export const endings: Option[] = [["", "Anyone"], ["caller", "Caller"], ["agent", "Agent"], ["system", "System"], ["unknown", "Unknown"]];
export const transfers: Option[] = [["", "Any"], ["true", "Transferred"], ["false", "Not transferred"]];

/** One of a few, in a filter bar. */
export function Pick({ label, value, options, onChange, disabled }: { label: string; value: string | undefined; options: Option[]; onChange: (v: string) => void; disabled?: boolean }) {
  // What the address says shows even where it is none of the options.
  const known = options.some(([v]) => v === (value ?? ""));
  return (
    <label className="stack">
      {label}
      <select value={value ?? ""} disabled={disabled} onChange={(event) => onChange(event.target.value)}>
        {options.map(([v, text]) => (
          <option key={v} value={v}>
            {text}
          </option>
        ))}
        {!known && <option value={value}>{value}</option>}
      </select>
    </label>
  );
}

interface TypedProps {
  label: ReactNode;
  start: string;
  onDone: (text: string) => void;
  numeric?: boolean;
  placeholder?: string;
  type?: "text" | "datetime-local";
}

/** A box whose text counts once it is left or Enter is pressed. */
export function Typed({ label, start, onDone, numeric, placeholder, type }: TypedProps) {
  const [text, setText] = useState(start);
  const done = () => {
    if (text !== start) onDone(text.trim());
  };
  return (
    <label className="stack">
      {label}
      <input
        value={text}
        type={type ?? "text"}
        {...(placeholder && { placeholder })}
        {...(numeric && { inputMode: "numeric", className: "short" })}
        onChange={(event) => setText(event.target.value)}
        onBlur={done}
        onKeyDown={(event) => {
          if (event.key === "Enter") done();
        }}
      />
    </label>
  );
}

/** A length in seconds, from a text such as 90, 90s, 1:30 or 2m; "" for nothing, undefined for nonsense. */
export function readSeconds(text: string): string | undefined {
  const t = text.trim();
  if (t === "") return "";
  const colon = /^(\d{1,4}):([0-5]\d)$/.exec(t);
  if (colon) return String(Number(colon[1]) * 60 + Number(colon[2]));
  const unit = /^(\d{1,6})\s*(s|sec|m|min)?$/.exec(t);
  if (!unit) return undefined;
  return String(Number(unit[1]) * (unit[2]?.startsWith("m") ? 60 : 1));
}

/** At least and at most so long. */
export function LengthFields({ min, max, onChange }: { min: string | undefined; max: string | undefined; onChange: (next: { min_seconds?: string; max_seconds?: string }) => void }) {
  return (
    <>
      <Typed key={`min${min ?? ""}`} label="Lasted at least" placeholder="1:30" numeric start={min ? lengthText(min) : ""} onDone={(t) => onChange({ min_seconds: readSeconds(t) ?? min ?? "" })} />
      <Typed key={`max${max ?? ""}`} label="At most" placeholder="5:00" numeric start={max ? lengthText(max) : ""} onDone={(t) => onChange({ max_seconds: readSeconds(t) ?? max ?? "" })} />
    </>
  );
}

const lengthText = (seconds: string): string => {
  const s = Number(seconds);
  return Number.isInteger(s) ? `${Math.floor(s / 60)}:${String(s % 60).padStart(2, "0")}` : seconds;
};

/** Since and before, in the browser's own time zone. */
export function TimeFields({ since, before, onChange }: { since: string | undefined; before: string | undefined; onChange: (next: { since?: string; before?: string }) => void }) {
  return (
    <>
      <Typed key={`since${since ?? ""}`} type="datetime-local" label="From" start={local(since)} onDone={(t) => onChange({ since: iso(t) })} />
      <Typed key={`before${before ?? ""}`} type="datetime-local" label="Before" start={local(before)} onDone={(t) => onChange({ before: iso(t) })} />
    </>
  );
}

const iso = (text: string): string => (text === "" || Number.isNaN(Date.parse(text)) ? "" : new Date(text).toISOString());

function local(at: string | undefined): string {
  if (!at) return "";
  const d = new Date(at);
  return new Date(d.getTime() - d.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
