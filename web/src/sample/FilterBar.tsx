import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Metric } from "../api/types";
import { reading } from "../reading/api";
import { groupOptions } from "../reading/CallFilters";
import { FieldFilter } from "../reading/FieldFilter";
import { endings, goals, LengthFields, Pick, TimeFields, transfers, Typed, type Option } from "../reading/inputs";
import { anySeed, isBlind, type SampleSearch } from "./search";

interface Props {
  test: string;
  search: SampleSearch;
  metrics: Metric[];
  arms: string[];
  onChange: (next: Partial<SampleSearch>) => void;
}

const later = ["group", "min_seconds", "max_seconds", "since", "before"] as const;

/** Narrows a sample: by goal, by who ended the call, by transfer, by a field's value, by group, length and time. */
export function FilterBar({ test, search, metrics, arms, onChange }: Props) {
  const topics = useQuery(reading.topics(test));
  const groups = groupOptions(topics.data);
  const [open, setOpen] = useState(later.some((n) => n in search));
  return (
    <div className="filters" role="group" aria-label="Which calls">
      <Pick label="Goal" value={search.goal} options={goals} onChange={(goal) => onChange({ goal })} />
      <Pick label="Ended by" value={search.ended_by} options={endings} onChange={(ended_by) => onChange({ ended_by })} />
      <Pick label="Transfer" value={search.transferred} options={transfers} onChange={(transferred) => onChange({ transferred })} />
      <FieldFilter field={search.field} value={search.value} metrics={metrics} onChange={onChange} />
      {isBlind(search) && arms.length > 2 && (
        <Pick label={`Against ${arms[0]}`} value={search.arm ?? arms[1]} options={arms.slice(1).map((a): Option => [a, a])} onChange={(arm) => onChange({ arm })} />
      )}
      {!isBlind(search) && <Pick label="Of each" value={String(search.per_arm)} options={["1", "3", "5", "10", "20"].map((n): Option => [n, n])} onChange={(n) => onChange({ per_arm: Number(n) })} />}
      {open && (
        <>
          {groups.length > 0 && <Pick label="Group" value={search.group} options={[["", "Any"], ...groups]} onChange={(group) => onChange({ group })} />}
          <LengthFields min={search.min_seconds} max={search.max_seconds} onChange={onChange} />
          <TimeFields since={search.since} before={search.before} onChange={onChange} />
        </>
      )}
      <Typed
        key={search.seed}
        label="Seed"
        start={search.seed === undefined ? "" : String(search.seed)}
        numeric
        onDone={(text) => onChange({ seed: /^\d{1,15}$/.test(text) ? Number(text) : anySeed() })}
      />
      <div className="filters-end">
        <button type="button" className="button quiet" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? "Fewer filters" : "More filters"}
        </button>
      </div>
    </div>
  );
}
