import { QueryClientProvider } from "@tanstack/react-query";
import { createMemoryHistory, createRootRoute, createRouter, RouterProvider } from "@tanstack/react-router";
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import { newQueryClient } from "../api/queries";
import type { PairRating } from "../api/types";
import { answer } from "../test/server";
import { BlindPair } from "./BlindPair";
import { tally } from "./Standing";

const told = { id: "r1", test_id: "t1", first: { arm: "A", call_id: "ca" }, second: { arm: "B", call_id: "cb" }, rater: "me", winner: "B", blind: true, left: "B", right: "A", rated_at: "2026-03-02T09:00:00Z" };

function show(next = vi.fn()) {
  const asked = answer(({ method, path }) => (method === "POST" && path.endsWith("/pair-ratings") ? { body: told } : undefined));
  const pair = { token: "tok", left: { turns: [{ role: "agent" as const, text: "Hello there" }] }, right: { turns: [{ role: "agent" as const, text: "Good day" }] } };
  const root = createRootRoute({ component: () => <BlindPair test="t1" pair={pair} version={(arm) => `front-desk@${arm === "A" ? 1 : 2}`} next={next} /> });
  render(
    <QueryClientProvider client={newQueryClient()}>
      <RouterProvider router={createRouter({ routeTree: root, history: createMemoryHistory() })} />
    </QueryClientProvider>,
  );
  return { asked, next };
}

test("which arm is which shows only once a pair is rated", async () => {
  const { asked, next } = show();
  await screen.findByText("Hello there");
  expect(document.body.textContent).not.toMatch(/front-desk/);
  expect(screen.queryByRole("link", { name: "Open the call" })).toBeNull();
  await userEvent.type(screen.getByRole("textbox"), "12 n"); // keys that are typed rate nothing
  expect(asked).toEqual([]);
  await userEvent.click(screen.getByRole("article", { name: "Left call" }));
  await userEvent.keyboard("1");
  await screen.findByText("front-desk@2");
  expect(asked[0]).toMatchObject({ method: "POST", path: "/v1/tests/t1/pair-ratings", body: { token: "tok", winner: "left", note: "12 n" } });
  expect(screen.getAllByRole("link", { name: "Open the call" }).map((a) => a.getAttribute("href"))).toEqual(["/calls/cb", "/calls/ca"]);
  await userEvent.keyboard("2");
  expect(asked.filter((a) => a.method === "POST")).toHaveLength(1);
  await userEvent.keyboard("n");
  expect(next).toHaveBeenCalledOnce();
});

test("ratings are counted by the arms they compare", () => {
  const r = (second: string, winner: string): PairRating => ({ ...told, second: { arm: second, call_id: "x" }, winner });
  expect(tally([r("C", "C"), r("B", "A"), r("B", "tie"), r("B", "B"), r("B", "A")])).toEqual([
    { first: "A", second: "B", firstBetter: 2, ties: 1, secondBetter: 1 },
    { first: "A", second: "C", firstBetter: 0, ties: 0, secondBetter: 1 },
  ]);
});
