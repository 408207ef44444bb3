import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../api/client";
import { queries } from "../api/queries";
import type { Reanalysis } from "../api/types";
import { count, moment } from "../format";
import { Dialog } from "../ui/Dialog";
import { NumberField } from "../ui/Field";
import { Failure, Loading } from "../ui/Notice";
import { Progress } from "../ui/Progress";
import { RoleButton } from "../ui/RoleButton";
import { say } from "../ui/toasts";
import { dollars, usageText } from "./usage";

/** Has the test's calls analysed again, as the versions' fields are now. */
export function ReanalysisPanel({ testID }: { testID: string }) {
  const [open, setOpen] = useState(false);
  const client = useQueryClient();
  const latest = useQuery(queries.reanalysis(testID));
  const stop = useMutation({
    mutationFn: () => api.stopReanalysis(testID),
    onSuccess: () => client.invalidateQueries({ queryKey: ["reanalysis", testID] }),
  });
  const r = latest.data;
  return (
    <section className="panel" aria-labelledby="reanalysis">
      <h2 id="reanalysis">Analyse again</h2>
      <p className="sub">After a change of the analyser, its model or the rules: every transcript of this test is read anew, and results follow.</p>
      {latest.isError && <Failure error={latest.error} retry={() => void latest.refetch()} />}
      {r && <State of={r} />}
      {stop.isError && <Failure error={stop.error} />}
      <div className="actions">
        {r?.state === "running" ? (
          <RoleButton className="button" disabled={stop.isPending} onClick={() => stop.mutate()}>
            Cancel
          </RoleButton>
        ) : (
          <RoleButton className="button" onClick={() => setOpen(true)}>
            Analyse again…
          </RoleButton>
        )}
      </div>
      {open && <StartDialog testID={testID} onClose={() => setOpen(false)} />}
    </section>
  );
}

const states: Record<Reanalysis["state"], string> = { running: "Running", done: "Done", stopped: "Stopped", cancelled: "Cancelled" };

function State({ of: r }: { of: Reanalysis }) {
  const done = Math.max(0, r.asked - r.pending);
  return (
    <>
      <p>
        <strong>{states[r.state]}</strong>: {count(done)} of {count(r.calls)} calls
        {r.failed > 0 && `, ${count(r.failed)} set aside`}. Asked for by {r.actor}, {moment(r.asked_at)}. {usageText(r.usage, "So far")}
      </p>
      {r.note && <p className="sub">{r.note}</p>}
      {r.state === "running" && <Progress label="Calls analysed again" done={done} total={r.calls} />}
    </>
  );
}

function StartDialog({ testID, onClose }: { testID: string; onClose: () => void }) {
  const client = useQueryClient();
  const [most, setMost] = useState(Number.NaN);
  const estimate = useQuery({ queryKey: ["reanalysis", testID, "estimate"], queryFn: () => api.reanalyze(testID, { dry_run: true }), staleTime: 0, gcTime: 0, retry: false });
  const start = useMutation({
    mutationFn: () => api.reanalyze(testID, Number.isFinite(most) ? { max_cost: most } : {}),
    onSuccess: async () => {
      say("The test’s calls are analysed again.");
      onClose();
      await client.invalidateQueries({ queryKey: ["reanalysis", testID] });
    },
  });
  const e = estimate.data?.estimate;
  return (
    <Dialog title="Analyse the test’s calls again" onClose={onClose}>
      <div className="form">
        {estimate.isPending && <Loading what="what it would take" />}
        {estimate.isError && <Failure error={estimate.error} />}
        {e && (
          <>
            <p>
              <strong>{count(e.calls)} calls</strong> with a transcript, by {e.analyzer}.
            </p>
            <p>{e.usage.requests > 0 ? usageText(e.usage, "About") : "No language model is asked, so it costs nothing."}</p>
            {e.usage.requests > 0 && <NumberField label="Stop before it costs more than" unit="US dollars" value={most} onChange={setMost} min={0} hint={`Left empty, it goes to the end${e.usage.cost > 0 ? `, about ${dollars(e.usage.cost)}` : ""}.`} />}
          </>
        )}
        {start.isError && <Failure error={start.error} />}
        <div className="dialog-actions">
          <button type="button" className="button" onClick={onClose}>
            Not now
          </button>
          <button type="button" className="button primary" disabled={!e || e.calls === 0 || start.isPending} onClick={() => start.mutate()}>
            {start.isPending ? "Starting…" : "Analyse again"}
          </button>
        </div>
      </div>
    </Dialog>
  );
}
