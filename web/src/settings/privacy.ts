import type { Retention } from "../api/types";

/** One name a line, without empty and repeated ones. */
export const linesOf = (text: string): string[] => [...new Set(text.split("\n").map((l) => l.trim()).filter(Boolean))];

/** What an edit keeps for a shorter time than before: 0 days is for ever. */
export function shortened(before: Retention, after: Retention): { id: keyof Retention; days: number }[] {
  const ids: (keyof Retention)[] = ["transcripts_days", "analyses_days", "recordings_days", "callers_days", "records_days"];
  return ids.filter((id) => after[id] > 0 && (before[id] === 0 || after[id] < before[id])).map((id) => ({ id, days: after[id] }));
}
