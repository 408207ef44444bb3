/** A cell as it is read, and as it is saved where that is another. */
export type Cell = string | number | { text: string; value: string | number | null };

/** What a chart shows, as a table. The first column names the rows. */
export interface Table {
  head: string[];
  rows: Cell[][];
}

export const textOf = (c: Cell): string => (typeof c === "object" ? c.text : String(c));

const valueOf = (c: Cell): string | number | null => (typeof c === "object" ? c.value : c);

/** The table in the form of RFC 4180. */
export const csv = ({ head, rows }: Table): string => [head, ...rows.map((row) => row.map(valueOf))].map((row) => row.map(quoted).join(",")).join("\r\n") + "\r\n";

function quoted(v: string | number | null): string {
  if (v === null) return "";
  if (typeof v === "number") return String(v);
  // A spreadsheet takes text that begins so for a formula, and callers choose what is in it.
  const text = /^[=+\-@\t\r]/.test(v) ? `'${v}` : v;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
