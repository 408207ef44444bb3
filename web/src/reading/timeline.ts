import type { Turn } from "../api/types";

/** A turn of agent or caller on the time line; all times in seconds from the start of the conversation. */
export interface Bar {
  /** Its place in the transcript. */
  turn: number;
  role: Turn["role"];
  start: number;
  end: number;
  /** Whether the transcript does not say when it ended. */
  open: boolean;
}

export interface TimeLine {
  bars: Bar[];
  length: number;
  /** The caller speaks into the agent's turn. */
  interruptions: { turn: number; at: number }[];
  /** From the end of a caller's turn to the start of the agent's next. */
  replies: { turn: number; from: number; to: number }[];
  /** Nobody speaks for at least shortestSilence. */
  silences: { from: number; to: number }[];
  /** Turns of which no time is told. */
  untimed: number;
}

/** In seconds; shorter ones are how people talk. */
export const shortestSilence = 2;
/** In seconds; a reply that takes longer is marked. */
export const slowReply = 1.5;

/** Lays a transcript out in time; undefined when it tells no times. */
export function timeLine(turns: Turn[], seconds: number | undefined): TimeLine | undefined {
  const bars: Bar[] = [];
  turns.forEach((t, turn) => {
    if (t.start_ms === undefined) return;
    const start = t.start_ms / 1000;
    bars.push({ turn, role: t.role, start, end: t.end_ms === undefined ? start : t.end_ms / 1000, open: t.end_ms === undefined });
  });
  if (bars.length === 0) return undefined;
  const spoken = bars.filter((b) => b.role !== "tool");
  const length = Math.max(seconds ?? 0, 1, ...bars.map((b) => b.end));
  return {
    bars,
    length,
    interruptions: interruptions(spoken, turns),
    replies: replies(spoken),
    silences: silences(spoken),
    untimed: turns.length - bars.length,
  };
}

/** Where the caller cuts in: as the transcript says, else where the caller begins before the agent ends. */
function interruptions(spoken: Bar[], turns: Turn[]): TimeLine["interruptions"] {
  const out: TimeLine["interruptions"] = [];
  for (const b of spoken) {
    if (b.role !== "agent") continue;
    const cut = spoken.find((c) => c.role === "caller" && c.start > b.start && c.start < b.end);
    if (cut) out.push({ turn: b.turn, at: cut.start });
    else if (turns[b.turn]?.interrupted) out.push({ turn: b.turn, at: b.end });
  }
  return out;
}

function replies(spoken: Bar[]): TimeLine["replies"] {
  const out: TimeLine["replies"] = [];
  spoken.forEach((b, i) => {
    const before = spoken[i - 1];
    if (b.role === "agent" && before?.role === "caller" && !before.open) out.push({ turn: b.turn, from: Math.min(before.end, b.start), to: b.start });
  });
  return out;
}

function silences(spoken: Bar[]): TimeLine["silences"] {
  const out: TimeLine["silences"] = [];
  let until: number | undefined;
  for (const b of [...spoken].sort((x, y) => x.start - y.start)) {
    // After a turn whose end is unknown nobody can say who was silent.
    if (until !== undefined && b.start - until >= shortestSilence) out.push({ from: until, to: b.start });
    until = b.open ? undefined : Math.max(until ?? 0, b.end);
  }
  return out;
}

/** The turn that is being said at a time: the last that began by then; -1 before the first. */
export function turnAt(bars: Bar[], seconds: number): number {
  let at = -1;
  let since = -1;
  for (const b of bars) {
    if (b.start <= seconds && b.start >= since) {
      at = b.turn;
      since = b.start;
    }
  }
  return at;
}

const plain = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, " ").trim();

/** The turn in which a quote stands, whatever its punctuation; -1 for none. */
export function turnOfQuote(turns: Turn[], quote: string): number {
  const words = plain(quote);
  if (words === "") return -1;
  const whole = turns.findIndex((t) => ` ${plain(t.text)} `.includes(` ${words} `));
  if (whole >= 0) return whole;
  // A quote may be shortened in the middle, or run over two turns: its longest part decides.
  const parts = quote.split(/…|\.\.\.|\[[^\]]*\]|\n/).map(plain).filter((p) => p.length > 8);
  parts.sort((a, b) => b.length - a.length);
  for (const part of parts) {
    const at = turns.findIndex((t) => ` ${plain(t.text)} `.includes(` ${part} `));
    if (at >= 0) return at;
  }
  return -1;
}
