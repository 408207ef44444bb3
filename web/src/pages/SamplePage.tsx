import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useEffect } from "react";
import { queries } from "../api/queries";
import type { Results, Sample } from "../api/types";
import { phone } from "../format";
import { CallCard } from "../sample/CallCard";
import { FilterBar } from "../sample/FilterBar";
import { anySeed, asOfText, query, type SampleSearch } from "../sample/search";
import { ArmBadge } from "../ui/ArmBadge";
import { Failure, Loading } from "../ui/Notice";
import { useTitle } from "../ui/useTitle";

/** Transcripts of each arm drawn at random, side by side. The address draws the same ones again. */
export function SamplePage({ id, search }: { id: string; search: SampleSearch }) {
  useTitle("Transcripts");
  const results = useQuery(queries.results(id));
  const { sample, change } = useSample(id, search);
  const r = results.data;
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
          <p className="sub">Calls of each version drawn at random: each is as likely as any other that passes the filters.</p>
        </div>
        <div className="actions">
          <button type="button" className="button primary" onClick={() => change({ seed: anySeed() })}>
            Draw others
          </button>
        </div>
      </div>
      <FilterBar search={search} metrics={r?.metrics ?? []} onChange={change} />
      {sample.isError && <Failure error={sample.error} retry={() => void sample.refetch()} />}
      {(sample.isPending || search.seed === undefined) && <Loading what="transcripts" />}
      {sample.data && search.seed !== undefined && <Pairs sample={sample.data} results={r} />}
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
  const sample = useQuery({ ...queries.sample(id, asked), enabled: search.seed !== undefined });
  const drawn = sample.data;
  useEffect(() => {
    const params = { test: id };
    if (search.seed === undefined) {
      void navigate({ to: "/tests/$test/sample", params, search: { ...search, seed: anySeed() }, replace: true });
    } else if (drawn && search.as_of === undefined) {
      const as_of = asOfText(drawn.as_of);
      client.setQueryData(queries.sample(id, { ...asked, as_of }).queryKey, drawn);
      void navigate({ to: "/tests/$test/sample", params, search: { ...search, as_of }, replace: true, resetScroll: false });
    }
  });
  function change(next: Partial<SampleSearch>) {
    // Another question is asked of the calls there are now.
    const merged = Object.fromEntries(Object.entries({ ...search, as_of: "", ...next }).filter(([, v]) => v !== "")) as SampleSearch;
    void navigate({ to: "/tests/$test/sample", params: { test: id }, search: merged, resetScroll: false });
  }
  return { sample, change };
}

function Pairs({ sample, results }: { sample: Sample; results: Results | undefined }) {
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
