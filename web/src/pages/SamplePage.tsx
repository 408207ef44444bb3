import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useEffect } from "react";
import { queries } from "../api/queries";
import type { SampleQuery } from "../api/client";
import type { Results, Sample } from "../api/types";
import { phone } from "../format";
import { reading } from "../reading/api";
import { useMay } from "../session";
import { BlindPair } from "../sample/BlindPair";
import { CallCard } from "../sample/CallCard";
import { FilterBar } from "../sample/FilterBar";
import { Standing } from "../sample/Standing";
import { useKeys } from "../sample/useKeys";
import { anySeed, asOfText, isBlind, opened, query, type SampleSearch } from "../sample/search";
import { ArmBadge } from "../ui/ArmBadge";
import { Failure, Loading } from "../ui/Notice";
import { RoleButton } from "../ui/RoleButton";
import { useTitle } from "../ui/useTitle";

/** Transcripts of each arm drawn at random, side by side. The address draws the same ones again. */
export function SamplePage({ id, search: asked }: { id: string; search: SampleSearch }) {
  useTitle("Transcripts");
  const search = useMay("write") || !isBlind(asked) ? asked : opened(asked);
  const results = useQuery(queries.results(id));
  const { sample, change } = useSample(id, search);
  const blind = isBlind(search);
  const r = results.data;
  const next = () => change({ seed: anySeed() });
  return (
    <div className="page page-wide">
      <nav className="crumbs" aria-label="Where you are">
        <Link to="/">Routes</Link>
        <Link to="/tests/$test" params={{ test: id }}>
          {r ? (r.route.startsWith("+") ? phone(r.route) : r.route) : "Test"}
        </Link>
      </nav>
      <div className="heading">
        <div>
          <h1>Transcripts</h1>
          <p className="sub">
            {blind
              ? "Two calls drawn at random, one of each version, without saying which is which: read both, then say which is better."
              : "Calls of each version drawn at random: each is as likely as any other that passes the filters."}
          </p>
        </div>
        <div className="actions">
          <div className="modes" role="group" aria-label="How to read">
            <RoleButton className="button" aria-pressed={blind} onClick={() => change({ per_arm: undefined })}>
              Rate blind
            </RoleButton>
            <button type="button" className="button" aria-pressed={!blind} onClick={() => change({ per_arm: 1, arm: "" })}>
              Read, versions shown
            </button>
          </div>
          <button type="button" className="button primary" onClick={next}>
            Draw others
          </button>
        </div>
      </div>
      <FilterBar test={id} search={search} metrics={r?.metrics ?? []} arms={r?.arms.map((a) => a.key) ?? []} onChange={change} />
      {sample.isError && <Failure error={sample.error} retry={() => void sample.refetch()} />}
      {(sample.isPending || search.seed === undefined) && <Loading what="transcripts" />}
      {sample.data && search.seed !== undefined && (blind ? <Blind test={id} sample={sample.data} results={r} next={next} /> : <Pairs sample={sample.data} results={r} next={next} />)}
      <p className="sub keys-help">
        Keys: <kbd>n</kbd> draws others
        {blind && (
          <>
            , <kbd>1</kbd> or <kbd>←</kbd> left is better, <kbd>2</kbd> or <kbd>→</kbd> right is better, <kbd>0</kbd> or <kbd>↑</kbd> as good
          </>
        )}
        , <kbd>o</kbd> opens the left call, <kbd>p</kbd> the right one{blind && ", once rated"}.
      </p>
      {blind && <Standing test={id} />}
    </div>
  );
}

function Blind({ test, sample, results, next }: { test: string; sample: Sample; results: Results | undefined; next: () => void }) {
  const pair = sample.pairs?.[0];
  const version = (arm: string) => results?.arms.find((a) => a.key === arm)?.version ?? "";
  if (pair) return <BlindPair key={pair.token} test={test} pair={pair} version={version} next={next} />;
  const some = Object.values(sample.as_of).some((n) => n > 0);
  return (
    <div className="empty" role="status">
      <p>{some ? "There is no pair: one of the versions has no call with a transcript that passes these filters." : "No call with a transcript has come yet. Pairs can be read as soon as each version had one."}</p>
    </div>
  );
}

/**
 * The sample that the address asks for. The answer's sizes go into the address,
 * so that a copied link shows the same calls while new ones keep coming in.
 */
function useSample(id: string, search: SampleSearch) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const asked = query(search);
  const from = (q: SampleQuery) => (isBlind(search) ? reading.blind(id, q) : queries.sample(id, q));
  const sample = useQuery({ ...from(asked), enabled: search.seed !== undefined });
  const drawn = sample.data;
  useEffect(() => {
    const params = { test: id };
    if (search.seed === undefined) {
      void navigate({ to: "/tests/$test/sample", params, search: { ...search, seed: anySeed() }, replace: true });
    } else if (drawn && search.as_of === undefined) {
      const as_of = asOfText(drawn.as_of);
      client.setQueryData(from({ ...asked, as_of }).queryKey, drawn);
      void navigate({ to: "/tests/$test/sample", params, search: { ...search, as_of }, replace: true, resetScroll: false });
    }
  });
  function change(next: { [K in keyof SampleSearch]?: SampleSearch[K] | undefined }) {
    // Another question is asked of the calls there are now.
    const merged = Object.fromEntries(Object.entries({ ...search, as_of: "", ...next }).filter(([, v]) => v !== "" && v !== undefined)) as SampleSearch;
    void navigate({ to: "/tests/$test/sample", params: { test: id }, search: merged, resetScroll: false });
  }
  return { sample, change };
}

function Pairs({ sample, results, next }: { sample: Sample; results: Results | undefined; next: () => void }) {
  const navigate = useNavigate();
  useKeys((key) => {
    const call = key === "n" ? undefined : sample.arms[key === "o" ? 0 : key === "p" ? 1 : -1]?.calls[0]?.call.id;
    if (key === "n") next();
    else if (call) void navigate({ to: "/calls/$call", params: { call } });
    else return false;
    return true;
  });
  const rows = Math.max(0, ...sample.arms.map((a) => a.calls.length));
  if (rows === 0) return <p className="empty">No call passes these filters.</p>;
  const version = (arm: string) => results?.arms.find((a) => a.key === arm)?.version ?? "";
  return (
    <section aria-label="Transcripts" className="pairs" style={{ ["--arms" as string]: sample.arms.length }}>
      <div className="pair pair-head" aria-hidden="true">
        {sample.arms.map((a) => (
          <p key={a.arm}>
            <ArmBadge arm={a.arm} /> <strong>{version(a.arm)}</strong>
          </p>
        ))}
      </div>
      {Array.from({ length: rows }, (_, i) => (
        <div className="pair" key={i}>
          {sample.arms.map((a) => {
            const c = a.calls[i];
            if (c) return <CallCard key={a.arm} arm={a.arm} version={version(a.arm)} sampled={c} number={i + 1} />;
            return (
              <p key={a.arm} className="empty">
                {a.exhausted ? `No other call of ${a.arm} passes the filters.` : `None found among ${a.looked} calls of ${a.arm}.`}
              </p>
            );
          })}
        </div>
      ))}
    </section>
  );
}
