import { useId, type ComponentProps } from "react";
import { Focusable, Tooltip, TooltipTrigger } from "react-aria-components";
import { useRefusal, type Scope } from "../session";
import { hush, say } from "./toasts";

type Props = Omit<ComponentProps<"button">, "type" | "ref"> & {
  /** What one's role has to allow. */
  needs?: Scope;
};

/**
 * A button for what not every role may do. Whoever may not still sees and reaches
 * it, and is told why: by a tooltip on focus and under the pointer, by its
 * description to a screen reader, and by a message when it is pressed.
 */
export function RoleButton({ needs = "write", children, disabled, onClick, ...button }: Props) {
  const refused = useRefusal(needs);
  const reason = useId();
  if (refused === undefined) {
    return (
      <button type="button" disabled={disabled} onClick={onClick} {...button}>
        {children}
      </button>
    );
  }
  function tell(text: string) {
    hush(); // once, however often it is pressed
    say(text);
  }
  return (
    <TooltipTrigger delay={300}>
      <Focusable>
        <button type="button" {...button} aria-disabled="true" aria-describedby={reason} onClick={() => tell(refused)}>
          {children}
          <span id={reason} hidden>
            {refused}
          </span>
        </button>
      </Focusable>
      <Tooltip className="tooltip" offset={6}>
        {refused}
      </Tooltip>
    </TooltipTrigger>
  );
}
