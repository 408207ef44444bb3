import type { Field } from "../api/types";
import { Choice } from "../ui/Choice";
import { NumberField, TextField } from "../ui/Field";

const types = [
  { id: "boolean", label: "Yes or no" },
  { id: "number", label: "Number" },
  { id: "selector", label: "One of several" },
  { id: "text", label: "Text" },
];

/** What post-call analysis fills in. */
export function FieldsEditor({ fields, onChange }: { fields: Field[]; onChange: (fields: Field[]) => void }) {
  const put = (index: number, field: Field) => onChange(fields.map((f, i) => (i === index ? field : f)));
  return (
    <fieldset className="part">
      <legend>Analysis fields</legend>
      <p className="hint">What is found out about each call afterwards, by a language model that follows the instruction, or by a rule of words.</p>
      {fields.map((f, i) => (
        <div key={i} className="row-field row-analysis">
          <TextField label="Name" code value={f.name} onChange={(name) => put(i, { ...f, name })} placeholder="appointment_booked" />
          <Choice label="Type" options={types} value={f.type} onChange={(type) => put(i, typed(f, type as Field["type"]))} />
          <TextField label="Instruction" value={f.instruction ?? ""} onChange={(instruction) => put(i, { ...f, instruction })} placeholder="Whether an appointment was booked" />
          {f.type === "number" && (
            <>
              <TextField label="Unit" value={f.unit ?? ""} onChange={(unit) => put(i, { ...f, unit })} />
              <NumberField label="Least" value={f.min ?? NaN} onChange={(min) => put(i, bound(f, "min", min))} />
              <NumberField label="Greatest" value={f.max ?? NaN} onChange={(max) => put(i, bound(f, "max", max))} />
            </>
          )}
          {f.type === "selector" && <TextField label="Choices" hint="Separated by commas." value={(f.choices ?? []).join(", ")} onChange={(text) => put(i, { ...f, choices: text.split(/,\s*/) })} />}
          {(f.type === "boolean" || f.type === "selector") && <RuleOf field={f} onChange={(field) => put(i, field)} />}
          <button type="button" className="button quiet small" aria-label={`Remove ${f.name || "field"}`} onClick={() => onChange(fields.filter((_, k) => k !== i))}>
            Remove
          </button>
        </div>
      ))}
      <div>
        <button type="button" className="button small" onClick={() => onChange([...fields, { name: "", type: "boolean" }])}>
          Add a field
        </button>
      </div>
    </fieldset>
  );
}

/** The field as it is with another type: what does not go with it is left out. */
function typed(f: Field, type: Field["type"]): Field {
  return { name: f.name, type, ...(f.instruction !== undefined && { instruction: f.instruction }), ...(type === "selector" && { choices: f.choices ?? [] }) };
}

function bound(f: Field, which: "min" | "max", value: number): Field {
  const { [which]: _, ...rest } = f;
  return Number.isFinite(value) ? { ...rest, [which]: value } : rest;
}

/** The words by which a field is filled without a language model. */
function RuleOf({ field: f, onChange }: { field: Field; onChange: (field: Field) => void }) {
  const put = (rule: Field["rule"] | undefined) => {
    const { rule: _, ...rest } = f;
    onChange(rule ? { ...rest, rule } : rest);
  };
  const words = (text: string) => text.split(/,\s*/).filter(Boolean);
  if (f.type === "boolean") {
    return (
      <TextField
        label="True when one says"
        hint="Words or phrases, separated by commas: used where no language model is set up."
        value={(f.rule?.keywords ?? []).join(", ")}
        onChange={(text) => put(words(text).length > 0 ? { otherwise: false, ...f.rule, keywords: words(text) } : undefined)}
      />
    );
  }
  return (
    <>
      {(f.choices ?? []).filter(Boolean).map((choice) => (
        <TextField
          key={choice}
          label={`“${choice}” when one says`}
          value={(f.rule?.choices?.[choice] ?? []).join(", ")}
          onChange={(text) => {
            const { [choice]: _, ...others } = f.rule?.choices ?? {};
            const choices = words(text).length > 0 ? { ...others, [choice]: words(text) } : others;
            put(Object.keys(choices).length > 0 ? { ...f.rule, choices } : undefined);
          }}
        />
      ))}
    </>
  );
}
