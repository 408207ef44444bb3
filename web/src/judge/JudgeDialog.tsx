import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../api/client";
import type { Outlay, StartJudging } from "../api/types";
import { count } from "../format";
import { dollars, usageText } from "../results/usage";
import { Dialog } from "../ui/Dialog";
import { NumberField } from "../ui/Field";
import { Failure } from "../ui/Notice";
import { say } from "../ui/toasts";

interface Props {
  testID: string;
  arms: [string, string];
  again: boolean;
  onClose: () => void;
}

/** Has pairs of calls judged, once it is known what that takes. */
export function JudgeDialog({ testID, arms, again, onClose }: Props) {
  const client = useQueryClient();
  const [pairs, setPairs] = useState(100);
  const [most, setMost] = useState(Number.NaN);
  const [rated, setRated] = useState(false);
  const [afresh, setAfresh] = useState(false);
  const body = (): StartJudging => ({ arm: arms[1], pairs, ...(Number.isFinite(most) && { max_cost: most }), ...(rated && { rated }), ...(afresh && { afresh }) });
  const estimate = useMutation({ mutationFn: () => api.judge(testID, { ...body(), dry_run: true }) });
  const start = useMutation({
    mutationFn: () => api.judge(testID, body()),
    onSuccess: async () => {
      say("The judge has begun.");
      onClose();
      await client.invalidateQueries({ queryKey: ["judgements", testID] });
    },
  });
  const e = estimate.data?.estimate;
  // What was estimated is what is started: any change asks again.
  const change = <T,>(set: (x: T) => void) => (x: T) => {
    set(x);
    estimate.reset();
  };
  return (
    <Dialog title={`Judge pairs of ${arms[0]} and ${arms[1]}`} onClose={onClose}>
      <div className="form">
        <NumberField label="Pairs" value={pairs} onChange={change(setPairs)} min={1} max={10_000} hint="Two calls about the same matter, one of each version. A hundred show a clear preference." />
        <NumberField label="Stop before it costs more than" unit="US dollars" value={most} onChange={change(setMost)} min={0} hint="Left empty, it goes to the end. A limit needs the model’s prices in the settings." />
        <label className="inline">
          <input type="checkbox" checked={rated} onChange={(event) => change(setRated)(event.target.checked)} />
          Begin with pairs that people rated, to compare the two
        </label>
        {again && (
          <label className="inline">
            <input type="checkbox" checked={afresh} onChange={(event) => change(setAfresh)(event.target.checked)} />
            Drop what was judged before (needed after a change of the model)
          </label>
        )}
        {e && <Estimate of={e} />}
        {(estimate.error ?? start.error) && <Failure error={estimate.error ?? start.error} />}
        <div className="dialog-actions">
          <button type="button" className="button" onClick={onClose}>
            Not now
          </button>
          {e && e.pairs > 0 ? (
            <button type="button" className="button primary" disabled={start.isPending} onClick={() => start.mutate()}>
              {start.isPending ? "Starting…" : `Judge ${count(e.pairs)} pairs`}
            </button>
          ) : (
            <button type="button" className="button primary" disabled={!Number.isFinite(pairs) || estimate.isPending} onClick={() => estimate.mutate()}>
              {estimate.isPending ? "Reckoning…" : "Show what it takes"}
            </button>
          )}
        </div>
      </div>
    </Dialog>
  );
}

function Estimate({ of: e }: { of: Outlay }) {
  return (
    <div className="notice" role="status">
      <p>
        <strong>{count(e.pairs)} pairs</strong> by {e.judge}
        {e.left > 0 && `, ${count(e.left)} of them left from before`}. {usageText(e.usage, "About")}
        {e.usage.requests > 0 && (e.priced ? e.usage.cost === 0 && ` ${dollars(0)}.` : " What that costs is not known: the model’s prices are not set.")}
      </p>
      {e.missing > 0 && <p className="sub">{count(e.missing)} of those asked for cannot be had: too few calls with transcripts, or too few that are alike.</p>}
    </div>
  );
}
