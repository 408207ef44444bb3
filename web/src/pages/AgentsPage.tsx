import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState, type SubmitEvent } from "react";
import { api } from "../api/client";
import { queries } from "../api/queries";
import { moment } from "../format";
import { Dialog } from "../ui/Dialog";
import { TextField } from "../ui/Field";
import { Failure, Loading } from "../ui/Notice";
import { RoleButton } from "../ui/RoleButton";
import { useTitle } from "../ui/useTitle";

/** All agents. */
export function AgentsPage() {
  useTitle("Agents");
  const agents = useQuery(queries.agents());
  const [creating, setCreating] = useState(false);
  return (
    <div className="page">
      <div className="heading">
        <h1>Agents</h1>
        <RoleButton className="button primary" onClick={() => setCreating(true)}>
          New agent
        </RoleButton>
      </div>
      {agents.isError && <Failure error={agents.error} retry={() => void agents.refetch()} />}
      {agents.isPending && <Loading what="agents" />}
      {agents.data?.length === 0 && (
        <div className="empty">
          <p>No agent yet. An agent is what answers your calls: its prompt, model, voice, and where it is reached. Write a draft, publish it, and the version can take calls.</p>
        </div>
      )}
      {agents.data && agents.data.length > 0 && (
        <table className="list" role="table">
          <thead role="rowgroup">
            <tr role="row">
              <th role="columnheader" scope="col">Agent</th>
              <th role="columnheader" scope="col" className="number">Versions</th>
              <th role="columnheader" scope="col">Last changed</th>
            </tr>
          </thead>
          <tbody role="rowgroup">
            {agents.data.map((a) => (
              <tr role="row" key={a.id}>
                <th role="rowheader" scope="row">
                  <Link to="/agents/$agent" params={{ agent: a.id }} className="row-link">
                    {a.name}
                  </Link>
                </th>
                <td role="cell" data-label="Versions" className="number">{a.latest_version === 0 ? "draft only" : a.latest_version}</td>
                <td role="cell" data-label="Last changed">{moment(a.updated_at)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {creating && <NewAgent onClose={() => setCreating(false)} />}
    </div>
  );
}

function NewAgent({ onClose }: { onClose: () => void }) {
  const client = useQueryClient();
  const go = useNavigate();
  const [name, setName] = useState("");
  const create = useMutation({
    mutationFn: () => api.createAgent(name.trim(), {}),
    onSuccess: async (agent) => {
      await client.invalidateQueries({ queryKey: ["agents"] });
      await go({ to: "/agents/$agent", params: { agent: agent.id }, search: { tab: "draft" } });
    },
  });
  function submit(event: SubmitEvent) {
    event.preventDefault();
    create.mutate();
  }
  return (
    <Dialog title="New agent" onClose={onClose}>
      <form onSubmit={submit}>
        <TextField label="Name" value={name} onChange={setName} placeholder="front-desk" hint="Letters, digits, space, dot, dash and underscore." autoFocus />
        {create.error && <Failure error={create.error} />}
        <div className="dialog-actions">
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="button primary" disabled={create.isPending || name.trim() === ""}>
            Create
          </button>
        </div>
      </form>
    </Dialog>
  );
}
