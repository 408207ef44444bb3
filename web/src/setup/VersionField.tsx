import { useQuery } from "@tanstack/react-query";
import { queries } from "../api/queries";
import { Finder, type Option } from "../ui/Choice";

interface Props {
  label: string;
  value: string | undefined;
  onChange: (version: string) => void;
  /** The version that takes the route's calls now, by id. */
  live?: string;
  error?: string | undefined;
}

/** A published version of any agent. Drafts are shown, with why they cannot be chosen. */
export function VersionField({ label, value, onChange, live, error }: Props) {
  const choices = useQuery(queries.choices());
  const options: Option[] = (choices.data ?? []).flatMap(({ agent, versions }) => [
    ...versions.map((v) => ({ id: v.id, label: `${v.agent_name}@${v.number}`, detail: [v.id === live ? "live now" : "", v.note ?? ""].filter(Boolean).join(": ") })),
    { id: `draft:${agent.id}`, label: `${agent.name}, draft`, refused: "A draft takes no calls: publish it first." },
  ]);
  if (!choices.data) return <p className="loading">Loading versions…</p>;
  return <Finder label={label} options={options} value={value} onChange={onChange} error={error} placeholder="Type an agent's name" />;
}
