import { useRef, type ReactNode } from "react";
import { Hints } from "../ui/Hints";
import { Label, TextArea, TextField } from "react-aria-components";

/** {{name}}, as most platforms write variables. */
const variable = /\{\{\s*[\w.-]+\s*\}\}/g;

export const variablesOf = (text: string): string[] => [...new Set(Array.from(text.matchAll(variable), (m) => m[0].replace(/[{}\s]/g, "")))];

/** Text with its variables marked. */
export function Marked({ text }: { text: string }) {
  const out: ReactNode[] = [];
  let from = 0;
  for (const m of text.matchAll(variable)) {
    out.push(text.slice(from, m.index), <mark key={m.index}>{m[0]}</mark>);
    from = m.index + m[0].length;
  }
  out.push(text.slice(from));
  return <>{out}</>;
}

interface Props {
  label: string;
  value: string;
  onChange: (value: string) => void;
  rows: number;
}

/** A text in which variables stand out: they are marked in a copy behind it. */
export function PromptField({ label, value, onChange, rows }: Props) {
  const behind = useRef<HTMLDivElement>(null);
  const names = variablesOf(value);
  return (
    <TextField className="field" value={value} onChange={onChange}>
      <Label>{label}</Label>
      <span className="prompt">
        <div ref={behind} className="prompt-behind" aria-hidden="true">
          <Marked text={value + "\n"} />
        </div>
        <TextArea className="prompt-text" rows={rows} onScroll={(event) => behind.current?.scrollTo(0, event.currentTarget.scrollTop)} />
      </span>
      <Hints hint={names.length > 0 ? `Variables: ${names.join(", ")}` : "Variables are written {{name}}."} error={undefined} />
    </TextField>
  );
}
