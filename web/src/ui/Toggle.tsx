import type { ReactNode } from "react";
import { SwitchButton, SwitchField } from "react-aria-components";
import { Hints } from "./Hints";

interface Props {
  children: ReactNode;
  on: boolean;
  onChange: (on: boolean) => void;
  disabled?: boolean;
  hint?: ReactNode;
}

/** On or off. */
export function Toggle({ children, on, onChange, disabled, hint }: Props) {
  return (
    <SwitchField className="field" isSelected={on} onChange={onChange} isDisabled={disabled ?? false}>
      <SwitchButton className="toggle">
        <span className="toggle-track">
          <span className="toggle-thumb" />
        </span>
        {children}
      </SwitchButton>
      <Hints hint={hint} error={undefined} />
    </SwitchField>
  );
}
