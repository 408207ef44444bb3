import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type SubmitEvent } from "react";
import { api } from "../api/client";
import { queries } from "../api/queries";
import type { Agent } from "../api/types";
import { Dialog } from "../ui/Dialog";
import { TextField } from "../ui/Field";
import { Failure, Loading } from "../ui/Notice";
import { say } from "../ui/toasts";
import { Changes, summaryOf } from "./Changes";

/** Publishes the draft as the next version, after showing what it changes. */
export function PublishDialog({ agent, onClose }: { agent: Agent; onClose: () => void }) {
  const client = useQueryClient();
  const [note, setNote] = useState("");
  const first = agent.latest_version === 0;
  const diff = useQuery({ ...queries.differences(agent.id, String(agent.latest_version), "draft"), enabled: !first, staleTime: 0 });
  const publish = useMutation({
    mutationFn: () => api.publish(agent.id, note.trim(), agent.revision),
    onSuccess: async (version) => {
      say(`${version.agent_name}@${version.number} is published.`);
      onClose();
      await Promise.all([["agents"], ["agent", agent.id]].map((queryKey) => client.invalidateQueries({ queryKey })));
    },
  });
  function submit(event: SubmitEvent) {
    event.preventDefault();
    publish.mutate();
  }
  return (
    <Dialog title={`Publish ${agent.name}@${agent.latest_version + 1}`} onClose={onClose} wide>
      <form onSubmit={submit} className="form">
        <p>A published version never changes. It takes calls once it is a route’s live version or an arm of a test.</p>
        {!first && diff.isPending && <Loading what="the changes" />}
        {diff.data && (
          <>
            <p>{summaryOf(diff.data.differences)}</p>
            <div className="scroll publish-changes" role="region" aria-label="Changes" tabIndex={0}>
              <Changes differences={diff.data.differences} />
            </div>
          </>
        )}
        <TextField label="Note: what changed, in your words" value={note} onChange={setNote} maxLength={2000} placeholder="Shorter greeting" autoFocus />
        {publish.error && <Failure error={publish.error} />}
        <div className="dialog-actions">
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="button primary" disabled={publish.isPending}>
            {publish.isPending ? "Publishing…" : "Publish"}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
