import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createMemoryHistory, createRootRoute, createRouter, RouterProvider } from "@tanstack/react-router";
import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";
import { answer } from "../test/server";
import type { Route } from "../api/types";
import { AgentStep } from "./AgentStep";
import { CallStep } from "./CallStep";
import { fieldName, firstDraft } from "./draft";
import { guides } from "./remembered";

afterEach(() => vi.unstubAllGlobals());

const show = (page: React.ReactNode) => render(<QueryClientProvider client={new QueryClient()}>{page}</QueryClientProvider>);

test("the guide shows until there is a route, and then until its first call, unless skipped", () => {
  expect(guides("new", 0)).toBe(true);
  expect(guides("skipped", 0)).toBe(false);
  expect(guides("begun", 1)).toBe(true);
  expect(guides("new", 1)).toBe(false); // somebody else's route
  expect(guides("done", 1)).toBe(false);
});

test("the question of a good call becomes a field", () => {
  expect(fieldName("Appointment booked?")).toBe("appointment_booked");
  expect(fieldName("  ")).toBe("");
  expect(firstDraft({ uri: " sip:a@b ", prompt: "", goal: "" })).toEqual({ target: { kind: "sip", sip: { uri: "sip:a@b" } } });
  expect(firstDraft({ uri: "sip:a@b", prompt: "P", goal: "Was it booked?" }).fields).toEqual([{ name: "was_it_booked", type: "boolean", instruction: "Was it booked?" }]);
});

const agent = { id: "a1", name: "front-desk", revision: 1, latest_version: 0, draft: {}, created_at: "", updated_at: "" };
const served = () => answer(({ path }) => (path.endsWith("/publish") ? { body: { agent_name: "front-desk", number: 1 } } : { body: { ...agent, revision: 2 } }));

test("an agent is created with the least it needs, and published", async () => {
  const asked = served();
  show(<AgentStep drafts={[]} />);
  const user = userEvent.setup();
  await user.type(screen.getByLabelText("Where it answers"), "sip:front-desk@agent.example.com");
  await user.click(screen.getByRole("button", { name: "Create and publish" }));
  await waitFor(() => expect(asked.map((a) => a.path)).toEqual(["/v1/agents", "/v1/agents/a1/publish"]));
  expect(asked[0]?.body).toMatchObject({ name: "front-desk", draft: { target: { kind: "sip", sip: { uri: "sip:front-desk@agent.example.com" } } } });
});

test("an agent whose publishing failed goes on from its draft", async () => {
  const asked = served();
  const user = userEvent.setup();
  const page = createRootRoute({
    component: () => (
      <QueryClientProvider client={new QueryClient()}>
        <AgentStep drafts={[agent]} />
      </QueryClientProvider>
    ),
  });
  render(<RouterProvider router={createRouter({ routeTree: page, history: createMemoryHistory() }) as never} />);
  await user.type(await screen.findByLabelText("Where it answers"), "sip:front-desk@agent.example.com");
  await user.click(screen.getByRole("button", { name: "Create and publish" }));
  await waitFor(() => expect(asked.map((a) => `${a.method} ${a.path}`)).toEqual(["PUT /v1/agents/a1/draft", "POST /v1/agents/a1/publish"]));
});

test("the agent is tried by a test call before anybody calls the number", async () => {
  const content = { target: { kind: "sip" as const, sip: { uri: "sip:agent.example.com" } } };
  const route = { id: "r1", kind: "inbound", number: "+14155550100", name: "14155550100", live_version_id: "v1" } as Route;
  const asked = answer(({ path }) => {
    if (path.startsWith("/v1/agents?")) return { body: { items: [agent] } };
    if (path.startsWith("/v1/agents/a1/versions")) return { body: { items: [{ id: "v1", agent_id: "a1", agent_name: "front-desk", number: 1, content }] } };
    if (path.endsWith("/test-call")) return { body: { outcome: "answered", text: "It answered.", steps: [], address: "127.0.0.1:5060", transport: "udp" } };
    return path.startsWith("/v1/calls") ? { body: { items: [] } } : { body: { sip_listeners: [], sip_trunks: [] } };
  });
  const page = createRootRoute({
    component: () => (
      <QueryClientProvider client={new QueryClient()}>
        <CallStep route={route} onDone={() => undefined} />
      </QueryClientProvider>
    ),
  });
  render(<RouterProvider router={createRouter({ routeTree: page, history: createMemoryHistory() }) as never} />);
  const user = userEvent.setup();
  await user.click(await screen.findByRole("button", { name: "Place a test call" }));
  await user.click(await screen.findByRole("button", { name: "Call now" }));
  await screen.findByText("It answered.");
  expect(asked.find((a) => a.method === "POST")).toMatchObject({ path: "/v1/agents/a1/test-call", body: { version: 1, number: "+14155550100" } });
});
