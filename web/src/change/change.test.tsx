import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import type { ReactNode } from "react";
import { afterEach, expect, test, vi } from "vitest";
import { someResults, someTest } from "../test/results";
import { answer } from "../test/server";
import { EndDialog } from "./EndDialog";
import { SplitDialog } from "./SplitDialog";

afterEach(() => vi.unstubAllGlobals());

function show(dialog: ReactNode) {
  render(<QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>{dialog}</QueryClientProvider>);
}

const ready = (name: RegExp) => waitFor(() => expect(screen.getByRole<HTMLButtonElement>("button", { name }).disabled).toBe(false));

test("ending asks which version to keep and proposes A", async () => {
  const closed = vi.fn();
  const asked = answer((a) => ({ body: someTest(a.method === "POST" ? { status: "ended", winner: "A" } : {}) }));
  show(<EndDialog results={someResults()} onClose={closed} />);
  expect(screen.getByRole<HTMLInputElement>("radio", { name: /front-desk@1/ }).checked).toBe(true);
  await ready(/keep A/);
  await userEvent.click(screen.getByRole("button", { name: "End test and keep A" }));
  await waitFor(() => expect(closed).toHaveBeenCalled());
  const post = asked.find((a) => a.method === "POST");
  expect(post).toMatchObject({ path: "/v1/tests/t1/end", body: { winner: "A" } });
  expect(post?.headers.get("If-Match")).toBe('"3"');
});

test("the other version can be kept, with a note", async () => {
  const asked = answer(() => ({ body: someTest() }));
  show(<EndDialog results={someResults()} onClose={() => undefined} />);
  await userEvent.click(screen.getByRole("radio", { name: /front-desk@2/ }));
  await userEvent.type(screen.getByRole("textbox", { name: /Note/ }), " shorter calls ");
  await ready(/keep B/);
  await userEvent.click(screen.getByRole("button", { name: "End test and keep B" }));
  await waitFor(() => expect(asked.find((a) => a.method === "POST")?.body).toEqual({ winner: "B", note: "shorter calls" }));
});

test("a change that somebody else overtook is explained, and the next try is made for the new state", async () => {
  let revision = 3;
  const asked = answer((a) => {
    if (a.method === "GET") return { body: someTest({ revision }) };
    if (a.headers.get("If-Match") === '"4"') return { body: someTest({ revision: 5 }) };
    revision = 4;
    return { status: 412, body: { status: 412, detail: "stale" } };
  });
  const closed = vi.fn();
  show(<EndDialog results={someResults()} onClose={closed} />);
  await ready(/keep A/);
  await userEvent.click(screen.getByRole("button", { name: /keep A/ }));
  expect((await screen.findByRole("alert")).textContent).toContain("Somebody else changed this test");
  await waitFor(() => expect(asked.filter((a) => a.method === "GET").length).toBeGreaterThan(1));
  await userEvent.click(screen.getByRole("button", { name: /keep A/ }));
  await waitFor(() => expect(closed).toHaveBeenCalled());
});

test("a split is set by preset, slider or number and saved for both arms", async () => {
  const asked = answer((a) => ({ body: someTest(a.method === "PUT" ? { revision: 4 } : {}) }));
  show(<SplitDialog results={someResults()} onClose={() => undefined} />);
  const save = screen.getByRole<HTMLButtonElement>("button", { name: "Save split" });
  await waitFor(() => expect(asked.length).toBe(1));
  expect(save.disabled).toBe(true); // nothing is changed yet
  await userEvent.click(screen.getByRole("button", { name: "80 / 20" }));
  expect(screen.getByRole<HTMLInputElement>("spinbutton", { name: /^B/ }).value).toBe("20");
  fireEvent.change(screen.getByRole("slider"), { target: { value: "70" } });
  expect(screen.getByRole<HTMLInputElement>("spinbutton", { name: /^B/ }).value).toBe("30");
  const b = screen.getByRole("spinbutton", { name: /^B/ });
  await userEvent.clear(b);
  expect(save.disabled).toBe(true);
  await userEvent.type(b, "12.5");
  expect(screen.getByRole<HTMLInputElement>("spinbutton", { name: /^A/ }).value).toBe("87.5");
  await ready(/Save/);
  await userEvent.click(save);
  await waitFor(() => expect(asked.find((a) => a.method === "PUT")).toMatchObject({ path: "/v1/tests/t1/split", body: { weights: [87.5, 12.5] } }));
});

test("what the API refuses is shown in its words", async () => {
  answer((a) => (a.method === "GET" ? { body: someTest() } : { status: 403, body: { status: 403, detail: 'the API key "look" does not have the scope write' } }));
  show(<SplitDialog results={someResults()} onClose={() => undefined} />);
  await userEvent.click(screen.getByRole("button", { name: "50 / 50" }));
  await ready(/Save/);
  await userEvent.click(screen.getByRole("button", { name: "Save split" }));
  expect((await screen.findByRole("alert")).textContent).toContain('The API key "look" does not have the scope write.');
});
