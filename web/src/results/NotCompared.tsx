import type { Results } from "../api/types";
import { words } from "../format";

/** Fields that the versions do not define alike, with the reasons. */
export function NotCompared({ results: r }: { results: Results }) {
  const list = r.not_comparable ?? [];
  if (list.length === 0) return null;
  return (
    <section className="panel" aria-labelledby="not-compared">
      <h2 id="not-compared">Not compared</h2>
      <p className="sub">The versions define these fields differently, so a difference would say nothing.</p>
      <ul className="reasons">
        {list.map((m) => (
          <li key={`${m.field} ${m.arm}`}>
            <strong>{words(m.field)}</strong>, {m.arm} and {m.against}: {m.reason}
          </li>
        ))}
      </ul>
    </section>
  );
}
