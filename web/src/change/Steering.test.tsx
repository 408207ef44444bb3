import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";
import type { Test } from "../api/types";
import { someResults, someTest } from "../test/results";
import { answer } from "../test/server";
import { Steering } from "./Steering";

afterEach(() => vi.unstubAllGlobals());

const phase = (number: number, weights: number[]) => ({ number, started_at: "2026-11-20T08:15:00Z", weights, split: {} as never });

/** A server that keeps one test. */
function server(first: Test) {
  let now = first;
  return answer((a) => {
    if (a.method === "PUT") {
      const { weights } = a.body as { weights: number[] };
      now = { ...now, revision: now.revision + 1, arms: now.arms.map((arm, i) => ({ ...arm, weight: weights[i] ?? 0 })), phases: [...now.phases, phase(now.phases.length + 1, weights)] };
    }
    if (a.method === "PATCH") now = { ...now, goal: (a.body as { goal: string }).goal, revision: now.revision + 1 };
    if (a.path.startsWith("/v1/goals/check")) return { body: { ok: true, errors: [], warnings: [], names: [] } };
    return { body: now };
  });
}

function show() {
  render(
    <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
      <Steering results={someResults()} />
    </QueryClientProvider>,
  );
}

test("a test is paused to A and resumed with the split it had", async () => {
  const asked = server(someTest({ phases: [phase(1, [90, 10])] }));
  show();
  const pause = screen.getByRole<HTMLButtonElement>("button", { name: "Pause to A" });
  await waitFor(() => expect(pause.disabled).toBe(false));
  await userEvent.click(pause);
  await userEvent.click(await screen.findByRole("button", { name: "Resume 90/10" }));
  await screen.findByRole("button", { name: "Pause to A" });
  const puts = asked.filter((a) => a.method === "PUT");
  expect(puts.map((a) => a.body)).toEqual([{ weights: [100, 0] }, { weights: [90, 10] }]);
  expect(puts.map((a) => a.headers.get("If-Match"))).toEqual(['"3"', '"4"']);
});

test("a goal is changed with its reason, after being told what that does", async () => {
  const asked = server(someTest({ goal: "fields.booked == true", phases: [phase(1, [90, 10])] }));
  show();
  await userEvent.click(screen.getByRole("button", { name: "Change goal" }));
  await screen.findByText(/1,000 calls so far are counted anew/);
  const save = screen.getByRole<HTMLButtonElement>("button", { name: "Change the goal" });
  expect(save.disabled).toBe(true); // it is the same yet
  await userEvent.clear(screen.getByRole("textbox", { name: /completion when/ }));
  await userEvent.paste("call.transferred == false");
  await userEvent.click(screen.getByRole("textbox", { name: /Why/ }));
  await userEvent.paste("a transfer is none");
  await waitFor(() => expect(save.disabled).toBe(false));
  await userEvent.click(save);
  await waitFor(() => expect(asked.find((a) => a.method === "PATCH")).toMatchObject({ path: "/v1/tests/t1", body: { goal: "call.transferred == false", note: "a transfer is none" } }));
});
