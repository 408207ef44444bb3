import { useQuery } from "@tanstack/react-query";
import { queries } from "../api/queries";
import type { Results } from "../api/types";
import { moment } from "../format";
import { ArmBadge } from "../ui/ArmBadge";
import { Failure, Loading } from "../ui/Notice";

/** Who ended the test, which version was kept, and why. */
export function Decision({ results: r }: { results: Results }) {
  const decision = useQuery(queries.decision(r.test_id));
  const d = decision.data;
  const kept = r.arms.find((a) => a.key === (d?.winner ?? r.winner));
  return (
    <section className="panel" aria-labelledby="decision">
      <h2 id="decision">Decision</h2>
      {decision.isPending && <Loading what="the decision" />}
      {decision.isError && <Failure error={decision.error} retry={() => void decision.refetch()} />}
      {d && (
        <>
          <p>
            {kept && (
              <>
                <ArmBadge arm={kept.key} /> <strong>{kept.version}</strong> was kept
              </>
            )}{" "}
            by {d.by}, {moment(d.at)}.
          </p>
          {d.note ? <blockquote className="note">{d.note}</blockquote> : <p className="sub">No reason was noted.</p>}
          <p className="sub">The report holds what was known at that moment. The figures on this page also count what was reported afterwards.</p>
        </>
      )}
    </section>
  );
}
