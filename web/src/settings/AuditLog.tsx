import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState, type SubmitEvent } from "react";
import type { AuditEntry } from "../api/types";
import { count, moment } from "../format";
import { TextField } from "../ui/Field";
import { Failure, Loading } from "../ui/Notice";
import { deed } from "./actions";
import { changed } from "./changes";
import { Part } from "./Part";
import { stored } from "./queries";

/** Who changed what, when, and what it was before and after. */
export function AuditLog() {
  const { object = "" } = useSearch({ strict: false });
  const go = useNavigate();
  const log = useInfiniteQuery(stored.audit(object));
  const [text, setText] = useState(object);
  const show = (id: string) => {
    setText(id);
    void go({ to: "/settings/$section", params: { section: "audit" }, search: id ? { object: id } : {} });
  };
  const entries = log.data?.pages.flatMap((p) => p.items);
  return (
    <Part title="Changes" about="Newest first. Nothing here can be changed or deleted.">
      <form
        className="filter-line"
        onSubmit={(event: SubmitEvent) => {
          event.preventDefault();
          show(text.trim());
        }}
      >
        <TextField label="Only changes of" code value={text} onChange={setText} placeholder="id of an agent, route, test, user or key" />
        <button type="submit" className="button">
          Show
        </button>
        {object !== "" && (
          <button type="button" className="button quiet" onClick={() => show("")}>
            Show all
          </button>
        )}
      </form>
      {log.isPending && <Loading what="the log" />}
      {log.isError && <Failure error={log.error} retry={() => void log.refetch()} />}
      {entries?.length === 0 && <p className="none">{object ? "Nothing was changed there." : "Nothing was changed yet."}</p>}
      <ul className="rows audit">
        {entries?.map((e) => (
          <Entry key={e.id} entry={e} onObject={object === "" ? show : undefined} />
        ))}
      </ul>
      {log.hasNextPage && (
        <div className="form-actions">
          <button type="button" className="button" disabled={log.isFetchingNextPage} onClick={() => void log.fetchNextPage()}>
            Show earlier changes
          </button>
        </div>
      )}
    </Part>
  );
}

const isId = (object: string): boolean => /^[0-9a-f]{8}-/.test(object);

/** What the thing is called, where the entry holds it. */
function nameIn(document: unknown): string {
  if (typeof document !== "object" || document === null) return "";
  const d = document as Record<string, unknown>;
  return [d["number"], d["name"], d["email"], d["url"]].find((v) => typeof v === "string" && v !== "") as string | undefined ?? "";
}

function Entry({ entry: e, onObject }: { entry: AuditEntry; onObject: ((id: string) => void) | undefined }) {
  const [open, setOpen] = useState(false);
  const changes = changed(e.before, e.after);
  const name = nameIn(e.after) || nameIn(e.before);
  return (
    <li>
      <div>
        <strong>{e.actor}</strong> {deed(e.action)}
        {name !== "" && <>: {name}</>}
        <span className="sub">
          {moment(e.at)}
          {isId(e.object) && onObject && (
            <>
              {" · "}
              <button type="button" className="link" onClick={() => onObject(e.object)} aria-label={`Only changes of ${e.object}`}>
                {e.object}
              </button>
            </>
          )}
        </span>
        {changes.length > 0 && (
          <details onToggle={(event) => setOpen(event.currentTarget.open)}>
            <summary>{changes.length === 1 ? "1 value" : `${count(changes.length)} values`}</summary>
            {open && (
              <table className="plain change-table">
                <thead>
                  <tr>
                    <th scope="col">What</th>
                    <th scope="col">Before</th>
                    <th scope="col">After</th>
                  </tr>
                </thead>
                <tbody>
                  {changes.map((c) => (
                    <tr key={c.name}>
                      <th scope="row">{c.name}</th>
                      <td>{c.before ?? <span className="none">nothing</span>}</td>
                      <td>{c.after ?? <span className="none">nothing</span>}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            )}
          </details>
        )}
      </div>
    </li>
  );
}
