import { useState } from "react";
import type { Tool } from "../api/types";
import { TextField } from "../ui/Field";
import { objectOf, textOf } from "./draft";

interface Props {
  tools: Tool[];
  onChange: (tools: Tool[]) => void;
  /** Says which tool's JSON cannot be read. */
  onFault: (index: number, fault: string | undefined) => void;
}

/** The functions that the agent may call. */
export function ToolsEditor({ tools, onChange, onFault }: Props) {
  const put = (index: number, tool: Tool) => onChange(tools.map((t, i) => (i === index ? tool : t)));
  return (
    <fieldset className="part">
      <legend>Tools</legend>
      <p className="hint">Functions that the agent may call during a conversation.</p>
      {tools.map((t, i) => (
        <div key={i} className="row-field row-tool">
          <TextField label="Name" code value={t.name} onChange={(name) => put(i, { ...t, name })} placeholder="book_appointment" />
          <TextField label="What it does" value={t.description ?? ""} onChange={(description) => put(i, { ...t, description })} />
          <Parameters tool={t} onChange={(tool) => put(i, tool)} onFault={(fault) => onFault(i, fault)} />
          <button
            type="button"
            className="button quiet small"
            aria-label={`Remove ${t.name || "tool"}`}
            onClick={() => {
              onFault(i, undefined);
              onChange(tools.filter((_, k) => k !== i));
            }}
          >
            Remove
          </button>
        </div>
      ))}
      <div>
        <button type="button" className="button small" onClick={() => onChange([...tools, { name: "" }])}>
          Add a tool
        </button>
      </div>
    </fieldset>
  );
}

function Parameters({ tool, onChange, onFault }: { tool: Tool; onChange: (tool: Tool) => void; onFault: (fault: string | undefined) => void }) {
  const [text, setText] = useState(() => textOf(tool.parameters));
  const [fault, setFault] = useState<string>();
  return (
    <TextField
      label="Arguments (JSON Schema)"
      code
      rows={3}
      value={text}
      error={fault}
      onChange={(next) => {
        setText(next);
        const read = objectOf(next);
        setFault(read.fault);
        onFault(read.fault);
        const { parameters: _, ...rest } = tool;
        if (read.fault === undefined) onChange(read.value === undefined ? rest : { ...rest, parameters: read.value });
      }}
    />
  );
}
