import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { admin } from "../api/admin";
import type { PrivacyJob, Purge } from "../api/types";
import { count, moment } from "../format";
import { Failure, Loading } from "../ui/Notice";
import { Part } from "./Part";
import { stored, useDoing } from "./queries";

/** Deleting and redacting what is stored, and the log of what was deleted. */
export function PrivacyWork() {
  const jobs = useQuery(stored.jobs());
  const purges = useInfiniteQuery(stored.purges());
  const start = useDoing((work: PrivacyJob["work"]) => admin.startPrivacy(work), ["privacy-jobs", "purges"], "Begun. It goes on in the background.");
  const running = jobs.data?.some((j) => j.finished_at === undefined) ?? false;
  const deleted = purges.data?.pages.flatMap((p) => p.items);
  return (
    <Part
      title="What was deleted"
      about="Retention deletes daily. Redaction applies to what comes in; what was stored before stays as it was until it is redacted too."
      action={
        <span className="row-end">
          <button type="button" className="button small" disabled={start.isPending || running} onClick={() => start.mutate("purge")}>
            Purge now
          </button>
          <button type="button" className="button small" disabled={start.isPending || running} onClick={() => start.mutate("redact")}>
            Redact the past
          </button>
        </span>
      }
    >
      {start.error && <Failure error={start.error} />}
      {jobs.data && jobs.data.length > 0 && (
        <ul className="rows" aria-label="Work on stored calls">
          {jobs.data.map((j) => (
            <li key={j.id}>
              <div>
                {j.work === "purge" ? "Purge" : "Redaction of the past"}
                <span className="sub">
                  {moment(j.at)}, {j.actor} · {count(j.looked)} calls looked at, {count(j.changed)} changed{j.refused > 0 && `, ${count(j.refused)} left alone because results would have changed`}
                  {j.last_error && ` · ${j.last_error}`}
                </span>
              </div>
              <span className="tag">{j.finished_at === undefined ? "under way" : "done"}</span>
            </li>
          ))}
        </ul>
      )}
      {purges.isPending && <Loading what="what was deleted" />}
      {purges.isError && <Failure error={purges.error} retry={() => void purges.refetch()} />}
      {deleted?.length === 0 && <p className="none">Nothing was deleted yet.</p>}
      {deleted && deleted.length > 0 && (
        <div className="scroll" role="region" aria-label="Purges" tabIndex={0}>
          <table className="plain">
            <thead>
              <tr>
                <th scope="col">When</th>
                <th scope="col">What</th>
                <th scope="col">Why</th>
                <th scope="col" className="number">Calls</th>
                <th scope="col" className="number">Left after</th>
              </tr>
            </thead>
            <tbody>
              {deleted.map((p) => (
                <tr key={p.job_id + p.data}>
                  <th scope="row">{moment(p.at)}</th>
                  <td>{kinds[p.data]}</td>
                  <td>{p.cause === "erasure" ? "asked for by a caller" : `older than ${count(p.days ?? 0)} days`}</td>
                  <td className="number">{count(p.calls)}</td>
                  <td className="number">{p.left === undefined ? "not counted yet" : count(p.left)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {purges.hasNextPage && (
        <div className="form-actions">
          <button type="button" className="button" disabled={purges.isFetchingNextPage} onClick={() => void purges.fetchNextPage()}>
            Show earlier
          </button>
        </div>
      )}
    </Part>
  );
}

const kinds: Record<Purge["data"], string> = { transcripts: "Transcripts", analyses: "Analyses", recordings: "Recordings", callers: "Callers’ numbers", records: "Everything personal" };
