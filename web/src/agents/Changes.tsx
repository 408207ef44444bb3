import { diffLines, diffWordsWithSpace } from "diff";
import type { Difference } from "../api/types";

/** What differs between two versions, field by field; texts word by word. */
export function Changes({ differences }: { differences: Difference[] }) {
  if (differences.length === 0) return <p className="none">Nothing differs.</p>;
  return (
    <dl className="changes">
      {differences.map((d) => (
        <div key={d.path}>
          <dt>
            <code>{d.path}</code>
          </dt>
          <dd>
            <Change before={text(d.before)} after={text(d.after)} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

const text = (v: unknown): string => (v === null || v === undefined ? "" : typeof v === "string" ? v : JSON.stringify(v, null, 2));

/** Beyond this many characters, lines are compared instead of words. */
const longText = 20_000;

function Change({ before, after }: { before: string; after: string }) {
  const parts = before.length + after.length > longText ? diffLines(before, after) : diffWordsWithSpace(before, after);
  return (
    <pre>
      {parts.map((p, i) =>
        p.added ? (
          <ins key={i}>{p.value}</ins>
        ) : p.removed ? (
          <del key={i}>{p.value}</del>
        ) : (
          <span key={i}>{p.value}</span>
        ),
      )}
    </pre>
  );
}

/** What a version changes, in one sentence. */
export function summaryOf(differences: Difference[]): string {
  const places = [...new Set(differences.map((d) => d.path.split(/[.[]/)[0] ?? d.path))];
  if (places.length === 0) return "Nothing changed.";
  const last = places.pop();
  return places.length === 0 ? `Changed: ${last ?? ""}.` : `Changed: ${places.join(", ")} and ${last ?? ""}.`;
}
