import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";
import { answer, type Asked } from "../test/server";
import { Keys } from "./Keys";
import { PrivacyForm } from "./PrivacyForm";
import { Users } from "./Users";

afterEach(() => vi.unstubAllGlobals());

const show = (page: React.ReactNode) => render(<QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>{page}</QueryClientProvider>);
const changes = (asked: Asked[]) => asked.filter((a) => a.method !== "GET").map(({ method, path, body }) => ({ method, path, body }));

test("somebody is invited with a role, and the link to send is shown", async () => {
  const asked = answer(({ method }) => ({
    body: method === "GET" ? { items: [] } : { id: "u2", email: "bo@example.com", name: "bo", role: "viewer", disabled: false, has_way_in: false, created_at: "2026-11-20T09:00:00Z", invitation: { token: "tok", expires_at: "2026-11-27T09:00:00Z" } },
  }));
  show(<Users />);
  const user = userEvent.setup();
  await user.click(screen.getByRole("button", { name: "Invite" }));
  await user.type(screen.getByLabelText("E-mail"), "bo@example.com");
  await user.click(screen.getByRole("button", { name: "Make invitation" }));
  expect(await screen.findByLabelText("Link")).toHaveProperty("value", `${location.origin}/invitation#token=tok`);
  expect(changes(asked)).toEqual([{ method: "POST", path: "/v1/users", body: { email: "bo@example.com", role: "viewer" } }]);
});

test("a key's secret is shown once, when it is made", async () => {
  const asked = answer(({ method }) => ({ body: method === "GET" ? { items: [] } : { id: "k1", name: "dialler", scopes: ["read", "ingest"], created_at: "2026-11-20T09:00:00Z", secret: "tdm_once" } }));
  show(<Keys />);
  const user = userEvent.setup();
  await user.click(screen.getByRole("button", { name: "New key" }));
  await user.type(screen.getByLabelText("Name"), "dialler");
  await user.click(screen.getByRole("checkbox", { name: /^Report/ }));
  await user.click(screen.getByRole("button", { name: "Create key" }));
  expect(await screen.findByLabelText("Secret")).toHaveProperty("value", "tdm_once");
  await user.click(screen.getByRole("button", { name: "Done" }));
  expect(screen.queryByDisplayValue("tdm_once")).toBeNull();
  expect(changes(asked)).toEqual([{ method: "POST", path: "/v1/keys", body: { name: "dialler", scopes: ["read", "ingest"] } }]);
});

test("a shorter retention is saved only after it was said what gets deleted", async () => {
  const none = { transcripts_days: 0, analyses_days: 0, recordings_days: 0, callers_days: 0, records_days: 0 };
  const asked = answer(() => ({ body: {} }));
  show(<PrivacyForm stored={{ value: { discard_callers: false, discard_recordings: false, redact: { kinds: [], names: [] }, retention: none }, revision: 3 }} />);
  const user = userEvent.setup();
  await user.type(screen.getByLabelText("Transcripts"), "90");
  await user.click(screen.getByRole("button", { name: "Save redaction and retention" }));
  const dialog = await screen.findByRole("dialog");
  within(dialog).getByText("Transcripts of calls older than 90 days");
  expect(changes(asked)).toEqual([]);
  await user.click(within(dialog).getByRole("button", { name: "Save and delete" }));
  await waitFor(() => expect(changes(asked)).toMatchObject([{ method: "PUT", path: "/v1/settings/privacy", body: { retention: { ...none, transcripts_days: 90 } } }]));
  expect(asked[0]?.headers.get("If-Match")).toBe('"3"');
});
