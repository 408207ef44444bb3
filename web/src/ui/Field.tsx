import type { ReactNode } from "react";
import { Input, Label, NumberField as Numbers, TextArea, TextField as Texts } from "react-aria-components";
import { Hints } from "./Hints";

interface FieldProps {
  label: ReactNode;
  /** What to know before filling it in. */
  hint?: ReactNode;
  /** What is wrong with the value; the field is marked invalid. */
  error?: string | undefined;
  disabled?: boolean;
  required?: boolean;
}

interface TextProps extends FieldProps {
  value: string;
  onChange: (value: string) => void;
  type?: "text" | "email" | "password" | "search" | "url";
  /** Lines of text; more than one makes it a text area. */
  rows?: number;
  placeholder?: string;
  maxLength?: number;
  autoComplete?: string;
  autoFocus?: boolean;
  /** Code: fixed width, no spell checking. */
  code?: boolean;
}

/** A labelled text, with its hint and what is wrong with it. */
export function TextField({ label, hint, error, disabled, required, rows = 1, type = "text", placeholder, code, autoComplete, maxLength, ...field }: TextProps) {
  const inner = { className: code ? "code" : "", placeholder: placeholder ?? "", ...(maxLength !== undefined && { maxLength }) };
  return (
    <Texts {...field} className="field" type={type} isInvalid={error !== undefined} isDisabled={disabled ?? false} isRequired={required ?? false} validationBehavior="aria" {...(autoComplete !== undefined && { autoComplete })}>
      <Label>{label}</Label>
      {rows > 1 ? <TextArea {...inner} rows={rows} spellCheck={!code} /> : <Input {...inner} spellCheck={!code} />}
      <Hints hint={hint} error={error} />
    </Texts>
  );
}

interface NumberProps extends FieldProps {
  value: number;
  /** NaN when the field is empty. */
  onChange: (value: number) => void;
  min?: number;
  max?: number;
  /** Only where nothing between makes sense: what is typed is rounded to it, counted from min. */
  step?: number;
  unit?: string;
  /** As Intl.NumberFormat takes it. */
  format?: Intl.NumberFormatOptions;
}

/** A labelled number; NaN is empty. */
export function NumberField({ label, hint, error, disabled, required, unit, min, max, step, format, ...field }: NumberProps) {
  return (
    <Numbers
      {...field}
      className="field"
      isInvalid={error !== undefined}
      isDisabled={disabled ?? false}
      isRequired={required ?? false}
      validationBehavior="aria"
      {...(min !== undefined && { minValue: min })}
      {...(max !== undefined && { maxValue: max })}
      {...(step !== undefined && { step })}
      formatOptions={format ?? { useGrouping: false, maximumFractionDigits: 6 }}
    >
      <Label>{label}</Label>
      <span className="with-unit">
        <Input />
        {unit && <span>{unit}</span>}
      </span>
      <Hints hint={hint} error={error} />
    </Numbers>
  );
}
