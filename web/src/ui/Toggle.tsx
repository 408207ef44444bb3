import type { ReactNode } from "react";
import { SwitchButton, SwitchField } from "react-aria-components";
import { Hints } from "./Hints";

interface Props {
  children: ReactNode;
  on: boolean;
  onChange: (on: boolean) => void;
  /** Why one's role does not allow it; it can be reached, and is not changed. */
  refused?: string | undefined;
  hint?: ReactNode;
}

/** On or off. */
export function Toggle({ children, on, onChange, refused, hint }: Props) {
  return (
    <SwitchField className="field" isSelected={on} onChange={onChange} isReadOnly={refused !== undefined}>
      <SwitchButton className="toggle">
        <span className="toggle-track">
          <span className="toggle-thumb" />
        </span>
        {children}
      </SwitchButton>
      <Hints hint={refused ?? hint} error={undefined} />
    </SwitchField>
  );
}
