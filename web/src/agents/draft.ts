import type { Content, Speech } from "../api/types";

/** A JSON value as it is typed, until it is one. */
export interface Typed {
  value: unknown;
  /** Why it is none; undefined when it is, or is empty. */
  fault?: string;
}

/** Reads an object in JSON; empty text is none. */
export function objectOf(text: string): Typed {
  if (text.trim() === "") return { value: undefined };
  try {
    const value = JSON.parse(text) as unknown;
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return { value };
    return { value: undefined, fault: "Expected a JSON object, such as {\"timeout\": 5}." };
  } catch (error) {
    return { value: undefined, fault: error instanceof Error ? error.message : "This is no JSON." };
  }
}

export const textOf = (value: unknown): string => (value === undefined ? "" : JSON.stringify(value, null, 2));

/** The draft without what was left empty. */
export function cleaned(d: Content): Content {
  const { extra, llm, voice, transcriber, target, greeting, prompt, fields, tools, ...rest } = d;
  const temperature = llm?.temperature;
  const sip = target?.sip;
  const headers = Object.fromEntries(Object.entries(sip?.headers ?? {}).filter(([name, value]) => name.trim() !== "" || value !== ""));
  return {
    ...rest,
    ...(greeting && { greeting }),
    ...(prompt && { prompt }),
    ...(llm && [llm.provider, llm.model].some(Boolean) && { llm: { provider: llm.provider, model: llm.model, ...(temperature !== undefined && Number.isFinite(temperature) && { temperature }) } }),
    ...(filled(voice) && { voice: speech(voice) }),
    ...(filled(transcriber) && { transcriber: speech(transcriber) }),
    ...(tools && tools.length > 0 && { tools: tools.map(({ name, description, ...more }) => ({ ...more, name, ...(description && { description }) })) }),
    ...(target && sip?.uri && { target: { kind: target.kind, sip: { uri: sip.uri, ...(sip.transport && { transport: sip.transport }), ...(Object.keys(headers).length > 0 && { headers }) } } }),
    ...(fields && fields.length > 0 && { fields: fields.map((f) => ({ ...f, ...(f.choices && { choices: f.choices.filter(Boolean) }) })) }),
    ...(extra !== undefined && { extra }),
  };
}

const filled = (s: Speech | undefined): s is Speech => s !== undefined && ([s.provider, s.model, s.voice, s.language].some(Boolean) || s.settings !== undefined);

const speech = ({ provider, model, voice, language, settings }: Speech): Speech => ({
  provider,
  ...(model && { model }),
  ...(voice && { voice }),
  ...(language && { language }),
  ...(settings !== undefined && { settings }),
});
