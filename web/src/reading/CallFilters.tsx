import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { queries } from "../api/queries";
import type { Topics } from "../api/types";
import { moment, phone } from "../format";
import { reading } from "./api";
import { narrowed, type CallSearch } from "./callSearch";
import { FieldFilter } from "./FieldFilter";
import { endings, goals, LengthFields, Pick, TimeFields, transfers, type Option } from "./inputs";
import { stages } from "./row";

interface Props {
  search: CallSearch;
  onChange: (next: CallSearch) => void;
  onClear: () => void;
}

const spans: Option[] = [["", "Any time"], ["1h", "Last hour"], ["24h", "Last 24 hours"], ["7d", "Last 7 days"], ["30d", "Last 30 days"], ["range", "From … to"]];

/** Narrows the list of calls; what is chosen stands in the address. */
export function CallFilters({ search, onChange, onClear }: Props) {
  const more = ["version", "stage", "transferred", "field", "group", "min_seconds", "max_seconds", "has_transcript"].filter((n) => n in search).length;
  const [open, setOpen] = useState(more > 0);
  const [ranged, setRanged] = useState(false);
  const range = ranged || search.since !== undefined || search.before !== undefined;
  const active = narrowed(search);
  return (
    <div className="filters" role="group" aria-label="Which calls">
      <RouteAndTest search={search} onChange={onChange} />
      <Pick
        label="When"
        value={range ? "range" : search.last}
        options={spans}
        onChange={(v) => {
          setRanged(v === "range");
          onChange(v === "range" ? { last: "" } : { last: v, since: "", before: "" });
        }}
      />
      {range && <TimeFields since={search.since} before={search.before} onChange={onChange} />}
      <Pick label="Goal" value={search.goal} options={goals} onChange={(goal) => onChange({ goal })} />
      <Pick label="Ended by" value={search.ended_by} options={endings} onChange={(ended_by) => onChange({ ended_by })} />
      {open && <More search={search} onChange={onChange} />}
      <div className="filters-end">
        <button type="button" className="button quiet" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? "Fewer filters" : "More filters"}
        </button>
        {active > 0 && (
          <button type="button" className="button quiet" onClick={() => { setRanged(false); onClear(); }}>
            Clear {active}
          </button>
        )}
      </div>
    </div>
  );
}

function RouteAndTest({ search, onChange }: { search: CallSearch; onChange: Props["onChange"] }) {
  const routes = useInfiniteQuery(queries.routes());
  const all = routes.data?.pages.flatMap((p) => p.items) ?? [];
  const route = all.find((r) => r.id === search.route);
  const tests = useQuery({ ...queries.tests(search.route ?? ""), enabled: Boolean(search.route) });
  const test = useQuery({ ...queries.test(search.test ?? ""), enabled: Boolean(search.test) });
  const named = (t: { name?: string; started_at: string; status: string }): string => t.name ?? `${t.status === "running" ? "running" : "of"} ${moment(t.started_at)}`;
  const options = (tests.data?.items ?? []).map((t): Option => [t.id, named(t)]);
  if (test.data && !options.some(([id]) => id === test.data.id)) options.push([test.data.id, named(test.data)]);
  return (
    <>
      <Pick
        label="Number or route"
        value={search.route}
        options={[["", "Any"], ...all.map((r): Option => [r.id, r.number ? phone(r.number) : r.name])]}
        onChange={(id) => onChange({ route: id, test: "", arm: "", group: "", field: "", value: "" })}
      />
      {(route !== undefined || search.test) && (
        <Pick label="Test" value={search.test} options={[["", "Any"], ...options]} onChange={(id) => onChange({ test: id, arm: "", group: "", field: "", value: "" })} />
      )}
      {search.test && (
        <Pick label="Arm" value={search.arm} options={[["", "Any"], ...(test.data?.arms ?? []).map((a): Option => [a.key, a.key])]} onChange={(arm) => onChange({ arm })} />
      )}
    </>
  );
}

function More({ search, onChange }: { search: CallSearch; onChange: Props["onChange"] }) {
  const choices = useQuery({ ...queries.choices(), staleTime: 60_000 });
  const versions = (choices.data ?? []).flatMap(({ versions }) => versions.map((v): Option => [`${v.agent_name}@${v.number}`, `${v.agent_name}@${v.number}`]));
  const results = useQuery({ ...queries.results(search.test ?? ""), enabled: Boolean(search.test) });
  const topics = useQuery({ ...reading.topics(search.test ?? ""), enabled: Boolean(search.test) });
  const groups = groupOptions(topics.data);
  return (
    <>
      <Pick label="Version" value={search.version} options={[["", "Any"], ...versions]} onChange={(version) => onChange({ version })} />
      <Pick label="Stage" value={search.stage} options={[["", "Any"], ...Object.entries(stages)]} onChange={(stage) => onChange({ stage })} />
      <Pick label="Transfer" value={search.transferred} options={transfers} onChange={(transferred) => onChange({ transferred })} />
      <FieldFilter field={search.field} value={search.value} metrics={search.test ? (results.data?.metrics ?? []) : undefined} onChange={onChange} />
      {groups.length > 0 && <Pick label="Group" value={search.group} options={[["", "Any"], ...groups]} onChange={(group) => onChange({ group })} />}
      <LengthFields min={search.min_seconds} max={search.max_seconds} onChange={onChange} />
      <Pick label="Transcript" value={search.has_transcript} options={[["", "With or without"], ["true", "With"]]} onChange={(has_transcript) => onChange({ has_transcript })} />
    </>
  );
}

/** What calls are about, and what they got into. */
export function groupOptions(topics: Topics | null | undefined): Option[] {
  return [...(topics?.report?.groups ?? []), ...(topics?.report?.situations ?? [])].map((g): Option => [g.key, g.name]);
}
