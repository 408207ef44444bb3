import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Call, Finding, Turn } from "../api/types";
import { fieldValue, moment, words } from "../format";
import { Failure } from "../ui/Notice";
import { RoleButton } from "../ui/RoleButton";
import { analyzeAgain, reading } from "./api";
import { turnOfQuote } from "./timeline";

interface Props {
  call: Call;
  turns: Turn[];
  onQuote: (turn: number) => void;
}

type Value = string | number | boolean | null;

/** What was found in the call: each value with why, and the words that show it. */
export function AnalysisPanel({ call, turns, onQuote }: Props) {
  const client = useQueryClient();
  const asked = useQuery({ ...reading.analysis(call.id), refetchInterval: (q) => (q.state.data?.state === "due" ? 3_000 : false) });
  const again = useMutation({
    mutationFn: () => analyzeAgain(call.id),
    onSuccess: (now) => {
      client.setQueryData(reading.analysis(call.id).queryKey, now);
      void client.invalidateQueries({ queryKey: ["call", call.id], exact: true });
    },
  });
  const state = asked.data;
  const found = state?.analysis;
  const names = [...new Set([...Object.keys(call.values ?? {}), ...Object.keys(found?.findings ?? {})])].sort();
  const open = unanswered(names, call, found?.findings ?? {});
  return (
    <section className="panel" aria-labelledby="analysis">
      <div className="panel-head">
        <h2 id="analysis">Analysis</h2>
        {state && (
          <RoleButton className="button small" disabled={again.isPending || state.state === "due"} onClick={() => again.mutate()}>
            Analyse again
          </RoleButton>
        )}
      </div>
      {again.isError && <Failure error={again.error} />}
      {found?.summary && <p>{found.summary}</p>}
      {names.length === 0 && <p className="none">{nothing(call, state?.state)}</p>}
      {names.length > 0 && (
        <dl className="findings">
          {names.filter((name) => !open.some((o) => o.names.includes(name))).map((name) => (
            <Entry key={name} name={name} fact={call.values?.[name]} finding={found?.findings[name]} turns={turns} onQuote={onQuote} />
          ))}
          {open.map((o) => (
            <div key={o.reason}>
              <dt className="none">unknown</dt>
              <dd>
                {o.names.map(words).join(", ")}
                <p className="sub">{o.reason}</p>
              </dd>
            </div>
          ))}
        </dl>
      )}
      {state?.state === "due" && <p className="hint" role="status">Waiting to be analysed{state.attempts > 0 ? ` (${state.attempts} attempts failed)` : ""}.</p>}
      {state?.state === "failed" && <p className="notice notice-bad">The analysis failed: {state.last_error ?? "no reason was given"}.</p>}
      {found && (
        <p className="sub">
          Read by {found.analyzer}
          {found.model && `, model ${found.model}`}
          {found.prompt && `, prompt ${found.prompt}`}, asked for {moment(state.asked_at)}.{found.note && ` ${found.note}`}
        </p>
      )}
    </section>
  );
}

/** What several values are unknown for, the same reason told once. */
function unanswered(names: string[], call: Call, findings: Record<string, Finding>): { reason: string; names: string[] }[] {
  const by = new Map<string, string[]>();
  for (const name of names) {
    const f = findings[name];
    const known = (call.values?.[name]?.value ?? f?.value ?? null) !== null;
    if (known || !f?.reason || f.quote) continue;
    by.set(f.reason, [...(by.get(f.reason) ?? []), name]);
  }
  return [...by].filter(([, some]) => some.length > 1).map(([reason, some]) => ({ reason, names: some }));
}

function nothing(call: Call, state: string | undefined): string {
  if (state === "due") return "Nothing has been found yet.";
  if (call.removed?.analysis) return "What was found was deleted.";
  if (!call.ended) return "The call has not ended: it is analysed then.";
  if (!call.turns) return "There is no transcript to analyse.";
  return "Nothing was found in the call.";
}

function Entry({ name, fact, finding, turns, onQuote }: { name: string; fact: NonNullable<Call["values"]>[string] | undefined; finding: Finding | undefined; turns: Turn[]; onQuote: (turn: number) => void }) {
  const value = (fact ? fact.value : finding?.value) as Value | undefined;
  const place = finding?.quote ? turnOfQuote(turns, finding.quote) : -1;
  // What counts may come from somebody who knows better than who read the call.
  const other = fact && finding && finding.value !== fact.value;
  return (
    <div>
      <dt>{words(name)}</dt>
      <dd>
        <strong className={value === null || value === undefined ? "none" : ""}>{words(fieldValue(value ?? null))}</strong>
        {fact && <span className="sub"> from {fact.origin}</span>}
        {other && <p className="sub">The analysis says {fieldValue(finding.value as Value)}; {fact.origin} is believed.</p>}
        {finding?.reason && <p className="sub">{finding.reason}</p>}
        {finding?.quote &&
          (place >= 0 ? (
            <button type="button" className="quote" onClick={() => onQuote(place)}>
              “{finding.quote}”<span className="hidden"> Show in the transcript</span>
            </button>
          ) : (
            <p className="quote">“{finding.quote}” <span className="sub">not found in the transcript word for word</span></p>
          ))}
      </dd>
    </div>
  );
}
