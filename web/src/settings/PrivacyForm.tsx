import { useState, type SubmitEvent } from "react";
import { admin } from "../api/admin";
import type { Revised } from "../api/client";
import type { PrivacySettings, Retention } from "../api/types";
import { useRefusal } from "../session";
import { Checks } from "../ui/Checks";
import { Fact } from "../ui/Fact";
import { NumberField, TextField } from "../ui/Field";
import { Toggle } from "../ui/Toggle";
import { Confirm } from "./Confirm";
import { Conflict } from "./Conflict";
import { Part } from "./Part";
import { useDoing } from "./queries";
import { linesOf, shortened } from "./privacy";

const kinds = [
  { id: "phone", label: "Phone numbers" },
  { id: "email", label: "E-mail addresses" },
  { id: "card", label: "Card numbers" },
  { id: "iban", label: "IBANs" },
  { id: "ssn", label: "US social security numbers" },
  { id: "name", label: "Names", detail: "Those listed below" },
];

const kept: { id: keyof Retention; label: string; hint: string }[] = [
  { id: "transcripts_days", label: "Transcripts", hint: "What was said" },
  { id: "analyses_days", label: "Analyses", hint: "Summaries, quotes, reasons, texts" },
  { id: "recordings_days", label: "Recordings", hint: "The links; Tandem has no audio" },
  { id: "callers_days", label: "Callers’ numbers", hint: "A keyed hash still tells callers apart" },
  { id: "records_days", label: "Everything personal", hint: "All of the above, and other systems’ ids" },
];

const listed = new Intl.ListFormat("en");

/** The settings to read, for whoever may not change them. */
export function PrivacyFacts({ stored: s }: { stored: PrivacySettings }) {
  const refused = useRefusal("admin");
  const never: Partial<Record<keyof Retention, boolean>> = { callers_days: s.discard_callers, recordings_days: s.discard_recordings };
  const taken = kinds.filter((k) => (s.redact.kinds as string[]).includes(k.id)).map((k) => k.label.replace(/^(?!US|IBAN)./, (c) => c.toLowerCase()));
  return (
    <Part title="Redaction and retention" about={refused}>
      <dl className="test-facts">
        <Fact name="Taken out of what was said">{taken.length === 0 ? "nothing" : listed.format(taken)}</Fact>
        {kept.map((k) => (
          <Fact key={k.id} name={k.label}>
            {never[k.id] ? "never stored" : s.retention[k.id] ? `deleted after ${s.retention[k.id]} days` : "kept for ever"}
          </Fact>
        ))}
      </dl>
    </Part>
  );
}

export function PrivacyForm({ stored: { value, revision } }: { stored: Revised<PrivacySettings> }) {
  const [s, setSettings] = useState(value);
  const [names, setNames] = useState(value.redact.names.join("\n"));
  const [asking, setAsking] = useState(false);
  const set = (change: Partial<PrivacySettings>) => setSettings((was) => ({ ...was, ...change }));
  const wanted: PrivacySettings = { ...s, redact: { ...s.redact, names: linesOf(names) } };
  const shorter = shortened(value.retention, wanted.retention);
  const save = useDoing((over: boolean) => admin.putPrivacy(wanted, over ? undefined : revision), ["privacy", "privacy-jobs", "purges"], "Saved. In force on every node within a second.");
  function submit(event: SubmitEvent) {
    event.preventDefault();
    if (shorter.length > 0) setAsking(true);
    else save.mutate(false);
  }
  return (
    <form className="form" onSubmit={submit}>
      <Part title="Redaction" about="Taken out of transcripts and texts before anything is stored or read by a model; the kind stands in its place, as in [phone]. It knows forms of English speech, not meanings: misheard numbers and names that are not listed stay.">
        <div className="checks-row">
          <Checks label="Take out" checks={kinds} value={s.redact.kinds} onChange={(chosen) => set({ redact: { ...s.redact, kinds: chosen as PrivacySettings["redact"]["kinds"] } })} />
        </div>
        {s.redact.kinds.includes("name") && (
          <TextField label="Names, one a line" rows={4} value={names} onChange={setNames} hint="Exactly these, as whole words. The audit log tells how many there are, never which." />
        )}
        <Toggle on={s.discard_callers} onChange={(discard_callers) => set({ discard_callers })}>
          Never store callers’ numbers
        </Toggle>
        <Toggle on={s.discard_recordings} onChange={(discard_recordings) => set({ discard_recordings })}>
          Never store links to recordings
        </Toggle>
      </Part>
      <Part title="Retention" about="Days after the call; empty is for ever. What results count stays: numbers, choices and times, which name nobody.">
        <div className="fields">
          {kept.map((k) => (
            <NumberField
              key={k.id}
              label={k.label}
              hint={k.hint}
              unit="days"
              min={0}
              max={36500}
              step={1}
              value={s.retention[k.id] || NaN}
              onChange={(days) => set({ retention: { ...s.retention, [k.id]: Number.isFinite(days) ? days : 0 } })}
            />
          ))}
        </div>
        <Conflict error={save.error} over={() => save.mutate(true)} />
        <div className="form-actions">
          <button type="submit" className="button primary" disabled={save.isPending}>
            {save.isPending ? "Saving…" : "Save redaction and retention"}
          </button>
        </div>
      </Part>
      {asking && (
        <Confirm
          title="Delete what is older?"
          does="Save and delete"
          onConfirm={() => {
            setAsking(false);
            save.mutate(false);
          }}
          onClose={() => setAsking(false)}
          busy={save.isPending}
          error={undefined}
        >
          <p>Within seconds, and daily from then on, this is deleted for good:</p>
          <ul>
            {shorter.map((line) => (
              <li key={line.id}>
                {kept.find((k) => k.id === line.id)?.label} of calls older than {line.days} {line.days === 1 ? "day" : "days"}
              </li>
            ))}
          </ul>
        </Confirm>
      )}
    </form>
  );
}
