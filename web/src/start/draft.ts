import type { Content } from "../api/types";

/** A field's name out of words: "Appointment booked?" is appointment_booked. */
export const fieldName = (words: string): string =>
  words
    .trim()
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^[_0-9]+|_+$/g, "")
    .slice(0, 60);

/** The least that a version needs. */
export function firstDraft({ uri, prompt, goal }: { uri: string; prompt: string; goal: string }): Content {
  const name = fieldName(goal);
  return {
    ...(prompt.trim() && { prompt: prompt.trim() }),
    ...(name && { fields: [{ name, type: "boolean" as const, instruction: `${goal.trim().replace(/\?$/, "")}?` }] }),
    target: { kind: "sip", sip: { uri: uri.trim() } },
  };
}
