import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { afterEach, expect, test, vi } from "vitest";
import { answer } from "../test/server";
import { GoalField } from "./GoalField";

afterEach(() => vi.unstubAllGlobals());

const names = [
  { name: "fields.booked", type: "bool", doc: "Whether an appointment was booked" },
  { name: "fields.billed", type: "bool" },
  { name: "call.transferred", type: "bool" },
];

function Field() {
  const [goal, setGoal] = useState("");
  return <GoalField label="Goal" value={goal} onChange={setGoal} versions={["v1", "v2"]} />;
}

function show() {
  const asked = answer((a) => {
    const goal = (a.body as { goal: string }).goal;
    const bad = goal.includes("=") && !goal.includes("==");
    return { body: { ok: !bad && goal !== "", errors: bad ? [{ line: 1, column: goal.indexOf("=") + 1, message: "no viable alternative" }] : [], warnings: goal.includes("transferred") ? ["Unknown in A."] : [], names } };
  });
  render(
    <QueryClientProvider client={new QueryClient()}>
      <Field />
    </QueryClientProvider>,
  );
  return asked;
}

const box = () => screen.getByRole<HTMLTextAreaElement>("textbox", { name: "Goal" });

test("names are chosen by keyboard while typing", async () => {
  const asked = show();
  await waitFor(() => expect(asked.length).toBe(1));
  await userEvent.type(box(), "fields.b");
  const list = await screen.findByRole("listbox");
  expect(box().getAttribute("aria-controls")).toBe(list.id);
  await userEvent.keyboard("{ArrowDown}");
  const second = screen.getByRole("option", { selected: true });
  expect(second.textContent).toContain("fields.billed");
  expect(box().getAttribute("aria-activedescendant")).toBe(second.id);
  await userEvent.keyboard("{ArrowUp}{Enter}");
  expect(box().value).toBe("fields.booked");
  expect(screen.queryByRole("listbox")).toBeNull();
  await userEvent.type(box(), " == true");
  await screen.findByText("The goal is good.");
  expect(asked.at(-1)?.body).toEqual({ goal: "fields.booked == true", versions: ["v1", "v2"] });
});

test("Escape closes the suggestions and Tab then goes on", async () => {
  const asked = show();
  await waitFor(() => expect(asked.length).toBe(1));
  await userEvent.type(box(), "cal");
  await screen.findByRole("listbox");
  await userEvent.keyboard("{Escape}");
  expect(screen.queryByRole("listbox")).toBeNull();
  await userEvent.tab();
  expect(document.activeElement).not.toBe(box());
  expect(box().value).toBe("cal");
});

test("what is wrong is told with its place, and the field is invalid", async () => {
  show();
  await userEvent.type(box(), "fields.booked = true");
  await screen.findByText("Line 1, column 15: no viable alternative");
  expect(box().getAttribute("aria-invalid")).toBe("true");
});

test("a warning is told of a goal that is good", async () => {
  show();
  await userEvent.type(box(), "call.transferred == true");
  await screen.findByText("Unknown in A.");
  expect(box().getAttribute("aria-invalid")).toBeNull();
});
