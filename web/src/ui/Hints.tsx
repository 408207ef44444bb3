import type { ReactNode } from "react";
import { FieldError, Text } from "react-aria-components";

/** What stands under a field: what is wrong with it, else what to know about it. */
export function Hints({ hint, error }: { hint: ReactNode; error: string | undefined }) {
  return (
    <>
      {hint !== undefined && error === undefined && (
        <Text slot="description" className="hint">
          {hint}
        </Text>
      )}
      <FieldError className="field-error">{error}</FieldError>
    </>
  );
}
