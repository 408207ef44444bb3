import type { GoalFault, GoalName } from "../api/steer";

/** What is being typed at the caret: a name, or a value that a name is compared with. */
export interface Typing {
  /** Where it begins. */
  from: number;
  /** What of it stands before the caret. */
  text: string;
  /** The name whose value it is, inside of quotes. */
  of?: string;
}

/** What is being typed where the caret stands; undefined inside of other text. */
export function typingAt(goal: string, caret: number): Typing | undefined {
  const before = goal.slice(0, caret);
  const quote = openQuote(before);
  if (quote !== undefined) {
    const of = /((?:fields|call)\.\w+)\s*[=!]=\s*$/.exec(before.slice(0, quote))?.[1];
    return of === undefined ? undefined : { from: quote + 1, text: before.slice(quote + 1), of };
  }
  const text = /[A-Za-z_][\w.]*$/.exec(before)?.[0];
  return text === undefined ? undefined : { from: caret - text.length, text };
}

/** Where a text begins that is not closed. */
function openQuote(before: string): number | undefined {
  let open: { at: number; mark: string } | undefined;
  for (let i = 0; i < before.length; i++) {
    const c = before[i] ?? "";
    if (open) {
      if (c === "\\") i++;
      else if (c === open.mark) open = undefined;
    } else if (c === '"' || c === "'") open = { at: i, mark: c };
  }
  return open?.at;
}

export interface Suggestion {
  /** What is put in. */
  text: string;
  detail: string;
  doc?: string;
}

/** Fields that every analysed call has. */
export const standard = new Set(["sentiment", "call_successful", "language_naturalness", "error_handling", "off_script_recovery"].map((name) => `fields.${name}`));

const typeNames: Record<GoalName["type"], string> = { bool: "yes or no", double: "number", int: "number", string: "text" };

/** What may be meant, the best first. Nothing where it is typed to its end. */
export function suggestions(names: GoalName[], typing: Typing | undefined): Suggestion[] {
  if (!typing) return [];
  if (typing.of !== undefined) {
    const choices = names.find((n) => n.name === typing.of)?.choices ?? [];
    return choices.filter((c) => c.startsWith(typing.text) && c !== typing.text).map((c) => ({ text: c, detail: "choice" }));
  }
  const typed = typing.text.toLowerCase();
  const rank = (n: GoalName) => {
    const name = n.name.toLowerCase();
    if (name.startsWith(typed)) return 0;
    const last = name.slice(name.indexOf(".") + 1);
    if (last.startsWith(typed)) return 1;
    return !typed.includes(".") && typed.length > 1 && last.includes(typed) ? 2 : 3;
  };
  // What the versions ask about themselves comes before what every call has.
  const own = (n: GoalName) => Number(!n.name.startsWith("fields.") || standard.has(n.name));
  return names
    .map((n) => ({ n, rank: rank(n) }))
    .filter(({ n, rank }) => rank < 3 && n.name.toLowerCase() !== typed)
    .sort((a, b) => a.rank - b.rank || own(a.n) - own(b.n))
    .map(({ n }) => ({ text: n.name, detail: [typeNames[n.type], n.unit, n.choices && n.choices.length > 0 ? n.choices.join(", ") : undefined].filter(Boolean).join(", "), ...(n.doc && { doc: n.doc }) }));
}

/** Puts a suggestion in the place of what was typed; caret is where typing goes on. */
export function put(goal: string, caret: number, typing: Typing, s: Suggestion): { goal: string; caret: number } {
  const rest = goal.slice(caret);
  // The rest of the word that the caret stood in goes with it.
  const tail = rest.slice((typing.of === undefined ? /^[\w.]*/ : /^[^"']*/).exec(rest)?.[0].length ?? 0);
  let text = s.text;
  if (typing.of !== undefined && !/^["']/.test(tail)) text += goal[typing.from - 1] ?? "";
  const at = typing.from + text.length + (typing.of !== undefined && /^["']/.test(tail) ? 1 : 0);
  return { goal: goal.slice(0, typing.from) + text + tail, caret: at };
}

/** The line of a fault, cut around its column so that it fits, and where in it the fault is. */
export function place(goal: string, fault: GoalFault, width = 60): { line: string; before: string } {
  const whole = goal.split("\n")[fault.line - 1] ?? "";
  const column = Math.min(Math.max(1, fault.column), whole.length + 1) - 1;
  const from = column > width - 10 ? column - (width - 10) : 0;
  const line = (from > 0 ? "…" : "") + whole.slice(from, from + width) + (whole.length > from + width ? "…" : "");
  return { line, before: (from > 0 ? " " : "") + " ".repeat(column - from) };
}
