import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { expect, test } from "vitest";
import type { Guardrail } from "../api/types";
import { GuardrailsField } from "./GuardrailsField";
import { metricsOf } from "./metrics";

test("a margin stays as fine as it was typed", async () => {
  let now: Guardrail[] = [];
  function Form() {
    const [guardrails, set] = useState<Guardrail[]>([{ metric: "transfer", margin: 0.05, action: "rollback" }]);
    now = guardrails;
    return <GuardrailsField guardrails={guardrails} metrics={metricsOf([])} faults={{}} onChange={set} />;
  }
  render(<Form />);
  const margin = screen.getByLabelText<HTMLInputElement>("Margin");
  await userEvent.clear(margin);
  await userEvent.type(margin, "0.005");
  await userEvent.tab();
  expect(now[0]?.margin).toBe(0.005);
  expect(margin.value).toBe("0.005");
});
