import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { admin } from "../api/admin";
import type { CallAnalysis, Progress } from "../api/types";
import { count, moment } from "../format";
import { useMay } from "../session";
import { Fact } from "../ui/Fact";
import { Failure, Loading } from "../ui/Notice";
import { AnalyzerSettings } from "./AnalyzerSettings";
import { Part } from "./Part";
import { stored, useDoing } from "./queries";

/** Who reads calls, how it goes, and what was set aside. */
export function Analysis() {
  const mayChange = useMay("admin");
  const mayAsk = useMay("write");
  return (
    <>
      <State />
      <Failed mayAsk={mayAsk} />
      {mayChange ? <AnalyzerSettings /> : <p className="sub">Who reads calls is for administrators to choose.</p>}
    </>
  );
}

function State() {
  const status = useQuery(stored.analysisStatus());
  return (
    <Part title="How it goes">
      {status.isError && !status.data && <Failure error={status.error} retry={() => void status.refetch()} />}
      {status.isPending && <Loading what="how it goes" />}
      {status.data && <Figures p={status.data} />}
    </Part>
  );
}

const dollars = (n: number): string => `$${n.toFixed(n >= 1 || n === 0 ? 2 : 4)}`;

function Figures({ p }: { p: Progress }) {
  const used = p.today.usage;
  const tokens = used.input_tokens + used.output_tokens;
  const budget = [p.budget.day_cost ? `of ${dollars(p.budget.day_cost)}` : "", p.budget.day_tokens ? `of ${count(p.budget.day_tokens)} tokens` : ""].filter(Boolean).join(", ");
  return (
    <>
      {p.paused && (
        <p className="notice notice-warn">
          Nothing is analysed at the moment: {p.paused.reason}.{p.paused.until ? ` One call is tried at ${moment(p.paused.until)}.` : " The settings have to change first."}
        </p>
      )}
      {p.budget_spent && <p className="notice notice-warn">Today’s budget is spent. Calls wait for the next UTC day, the oldest first.</p>}
      <dl className="setting-facts">
        <Fact name="Read by">{p.model ?? (p.analyzer.startsWith("offline") ? "word lists and rules" : p.analyzer)}</Fact>
        <Fact name="Waiting">{count(p.due)}</Fact>
        <Fact name="Under way">{count(p.under_way)}</Fact>
        <Fact name="Set aside">{count(p.failed)}</Fact>
        <Fact name="Read today">{count(p.today.analyses)}</Fact>
        {used.requests > 0 && <Fact name="Tokens today">{count(tokens)}</Fact>}
        {(used.requests > 0 || budget !== "") && <Fact name="Cost today">{`${dollars(used.cost)} ${budget}`}</Fact>}
      </dl>
      {p.note && <p className="hint">{p.note}</p>}
    </>
  );
}

function Failed({ mayAsk }: { mayAsk: boolean }) {
  const failed = useInfiniteQuery(stored.failed());
  const again = useDoing((call: string) => admin.analyzeAgain(call), ["analyses"], "It is tried again.");
  const items = failed.data?.pages.flatMap((p) => p.items) ?? [];
  if (failed.isSuccess && items.length === 0) return null;
  return (
    <Part title="Set aside" about="These calls could not be analysed after several attempts. Mend the cause, then have them tried again.">
      {failed.isError && <Failure error={failed.error} retry={() => void failed.refetch()} />}
      {again.error && <Failure error={again.error} />}
      <ul className="rows">
        {items.map((a: CallAnalysis) => (
          <li key={a.call_id}>
            <div>
              <code>{a.call_id}</code>
              <span className="sub">
                {a.last_error ?? "The reason is not known."} · {a.attempts === 1 ? "1 attempt" : `${a.attempts} attempts`}, asked for {moment(a.asked_at)}
              </span>
            </div>
            {mayAsk && (
              <button type="button" className="button small" disabled={again.isPending} onClick={() => again.mutate(a.call_id)} aria-label={`Analyse ${a.call_id} again`}>
                Again
              </button>
            )}
          </li>
        ))}
      </ul>
      {failed.hasNextPage && (
        <div className="form-actions">
          <button type="button" className="button" disabled={failed.isFetchingNextPage} onClick={() => void failed.fetchNextPage()}>
            Show more
          </button>
        </div>
      )}
      <p className="hint">
        What a field needs to be read stands in its version: see <Link to="/agents">the agents</Link>.
      </p>
    </Part>
  );
}
