import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { CallRating, Scores } from "../api/types";
import { moment } from "../format";
import { useMay } from "../session";
import { TextField } from "../ui/Field";
import { Failure } from "../ui/Notice";
import { say } from "../ui/toasts";
import { rateCall, reading } from "./api";

const rubric: [keyof Scores, string, string][] = [
  ["language_naturalness", "Natural language", "1 stiff or odd, 5 like a person"],
  ["error_handling", "Deals with what goes wrong", "leave it out when nothing did"],
  ["off_script_recovery", "Deals with the unforeseen", "leave it out when nothing was"],
];

/** Who one is in ratings. */
export function useRater(): string | undefined {
  const me = useQuery({ ...reading.me(), retry: false });
  return me.data?.user?.email ?? me.data?.key?.name;
}

/** People's ratings of a call, and one's own to give. */
export function RatingsPanel({ call }: { call: string }) {
  const ratings = useQuery(reading.ratings(call));
  const me = useRater();
  const mayRate = useMay("write");
  const others = (ratings.data ?? []).filter((r) => !mayRate || r.rater !== me);
  return (
    <section className="panel" aria-labelledby="ratings">
      <h2 id="ratings">Ratings</h2>
      {!mayRate && ratings.data?.length === 0 && <p className="none">Nobody has rated this call yet.</p>}
      {mayRate && ratings.isSuccess && <RubricForm key={call + (me ?? "")} call={call} own={ratings.data.find((r) => r.rater === me)} />}
      {others.length > 0 && (
        <ul className="ratings">
          {others.map((r) => (
            <li key={r.rater}>
              <strong>{r.rater}</strong> <span className="sub">{moment(r.rated_at)}</span>
              <p>{rubric.filter(([k]) => r.scores[k] !== undefined).map(([k, label]) => `${label} ${r.scores[k]}`).join(", ")}</p>
              {r.note && <p className="sub">{r.note}</p>}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** The rubric, 1 to 5; what cannot be rated is left out. */
export function RubricForm({ call, own, label }: { call: string; own: CallRating | undefined; label?: string }) {
  const client = useQueryClient();
  const [scores, setScores] = useState<Scores>(own?.scores ?? {});
  const [note, setNote] = useState(own?.note ?? "");
  const save = useMutation({
    mutationFn: () => rateCall(call, scores, note.trim()),
    onSuccess: () => {
      say("Rating saved");
      void client.invalidateQueries({ queryKey: ["call", call, "ratings"] });
    },
  });
  const given = Object.keys(scores).length > 0 || note.trim() !== "";
  return (
    <form
      className="rubric"
      aria-label={label ?? "Rate this call"}
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      {rubric.map(([key, name, hint]) => (
        <fieldset key={key}>
          <legend>
            {name} <span className="sub">{hint}</span>
          </legend>
          <div className="scores">
            {[1, 2, 3, 4, 5].map((n) => (
              <label key={n} className={scores[key] === n ? "chosen" : ""}>
                <input
                  type="radio"
                  name={`${call}-${key}`}
                  checked={scores[key] === n}
                  onChange={() => setScores({ ...scores, [key]: n })}
                />
                {n}
              </label>
            ))}
            {scores[key] !== undefined && (
              <button type="button" className="button quiet small" onClick={() => setScores(Object.fromEntries(Object.entries(scores).filter(([k]) => k !== key)))}>
                Leave out<span className="hidden"> {name}</span>
              </button>
            )}
          </div>
        </fieldset>
      ))}
      <TextField label="Note" value={note} onChange={setNote} rows={2} maxLength={2000} />
      {save.isError && <Failure error={save.error} />}
      <div>
        <button type="submit" className="button" disabled={!given || save.isPending}>
          {own ? "Change rating" : "Save rating"}
        </button>
      </div>
    </form>
  );
}
