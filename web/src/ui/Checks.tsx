import type { ReactNode } from "react";
import { CheckboxButton, CheckboxField, CheckboxGroup, Label } from "react-aria-components";
import { Hints } from "./Hints";

export interface Check {
  id: string;
  label: string;
  detail?: string;
}

interface Props {
  label: string;
  checks: Check[];
  value: string[];
  onChange: (value: string[]) => void;
  hint?: ReactNode;
  error?: string | undefined;
}

/** Any number of a few. */
export function Checks({ label, checks, value, onChange, hint, error }: Props) {
  return (
    <CheckboxGroup className="field checks" value={value} onChange={onChange} isInvalid={error !== undefined}>
      <Label>{label}</Label>
      <div className="checks-list">
        {checks.map((c) => (
          <CheckboxField key={c.id} value={c.id}>
            <CheckboxButton className="check">
            <svg className="check-box" viewBox="0 0 18 18" aria-hidden="true" focusable="false">
              <path d="M4 9.5l3.5 3.5L14 5.5" />
            </svg>
            <span>
              {c.label}
              {c.detail && <span className="sub">{c.detail}</span>}
            </span>
          </CheckboxButton>
          </CheckboxField>
        ))}
      </div>
      <Hints hint={hint} error={error} />
    </CheckboxGroup>
  );
}
