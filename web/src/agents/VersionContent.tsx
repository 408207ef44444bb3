import { useState } from "react";
import type { Content, Speech } from "../api/types";
import { Marked } from "./Prompt";

/** Everything that a version is, in words or as the JSON that it is stored as. */
export function VersionContent({ content: c }: { content: Content }) {
  const [raw, setRaw] = useState(false);
  const sip = c.target?.sip;
  return (
    <div className="version-content">
      <div className="presets" role="group" aria-label="Shown as">
        <button type="button" className="button small" aria-pressed={!raw} onClick={() => setRaw(false)}>
          In words
        </button>
        <button type="button" className="button small" aria-pressed={raw} onClick={() => setRaw(true)}>
          JSON
        </button>
      </div>
      {raw ? (
        <pre tabIndex={0} aria-label="JSON">
          {JSON.stringify(c, null, 2)}
        </pre>
      ) : (
        <dl className="test-facts">
          <Line name="Greeting" text={c.greeting} />
          <Line name="Prompt" text={c.prompt} />
          <Line name="Model" text={c.llm && [c.llm.provider, c.llm.model, c.llm.temperature === undefined ? "" : `temperature ${c.llm.temperature}`].filter(Boolean).join(", ")} />
          <Line name="Voice" text={speech(c.voice)} />
          <Line name="Transcriber" text={speech(c.transcriber)} />
          <Line name="Tools" text={c.tools?.map((t) => (t.description ? `${t.name}: ${t.description}` : t.name)).join("\n")} />
          <Line name="Target" text={sip && [sip.uri, sip.transport && `over ${sip.transport.toUpperCase()}`].filter(Boolean).join(" ")} />
          <Line name="Headers" text={sip?.headers && Object.entries(sip.headers).map(([name, value]) => `${name}: ${value}`).join("\n")} />
          <Line name="Fields" text={c.fields?.map((f) => `${f.name} (${f.type}${f.unit ? `, ${f.unit}` : ""}${f.choices ? `: ${f.choices.join(", ")}` : ""})${f.instruction ? `: ${f.instruction}` : ""}`).join("\n")} />
          <Line name="Flow" text={c.flow === undefined ? undefined : JSON.stringify(c.flow, null, 2)} />
          <Line name="Further" text={c.extra === undefined ? undefined : JSON.stringify(c.extra, null, 2)} />
        </dl>
      )}
    </div>
  );
}

const speech = (s: Speech | undefined): string | undefined => s && [s.provider, s.model, s.voice, s.language].filter(Boolean).join(", ");

function Line({ name, text }: { name: string; text: string | undefined }) {
  if (!text) return null;
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <Marked text={text} />
      </dd>
    </div>
  );
}
