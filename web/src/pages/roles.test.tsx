// What each page offers to whom: the pages as the router shows them, the API made up.
import { QueryClientProvider } from "@tanstack/react-query";
import { createMemoryHistory, RouterProvider } from "@tanstack/react-router";
import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, test, vi } from "vitest";
import { newQueryClient } from "../api/queries";
import { newRouter } from "../router";
import { someResults, someTest } from "../test/results";
import { answer, type Asked } from "../test/server";
import { signedInAs } from "../test/session";

afterEach(() => vi.unstubAllGlobals());

const when = "2026-11-20T08:15:00Z";
const route = { id: "r1", kind: "inbound", number: "+14155550100", name: "Front desk", live_version_id: "v1", sip_mode: "proxy", max_call_seconds: 3600, fallback_uri: "sip:operator@pbx.example.com", revision: 1, created_at: when, updated_at: when };
const quiet = { ...route, id: "r2", number: "+14155550177" };
const content = { prompt: "You answer the phone.", target: { kind: "sip", sip: { uri: "sip:desk@agent.example.com" } } };
const agent = { id: "a1", name: "front-desk", revision: 2, latest_version: 1, draft: content, created_at: when, updated_at: when };
const version = { id: "v1", agent_id: "a1", agent_name: "front-desk", number: 1, content, published_at: when, published_by: "ann" };
const past = someTest({ id: "t2", route_id: "r2", status: "ended", ended_at: when, winner: "A", name: "Slower voice" });
const results = someResults();
results.verdict.alarms = [{ check: "coverage.outcome", text: "Outcomes are missing more often in B.", acknowledged: undefined } as never];
const call = { id: "c1", revision: 1, stage: "analyzed", ended: { at: when, value: { by: "caller" } } };
const transcript = { call: { ...call, goal: true }, turns: [{ role: "agent", text: "Hello there" }] };

/** A server with a little of everything. */
function server(asked: Asked) {
  const path = asked.path.replace(/\?.*/, "");
  const blind = asked.path.includes("blind");
  const bodies: Record<string, unknown> = {
    "/v1/routes": { items: [route, quiet] },
    "/v1/routes/r1": route,
    "/v1/routes/r2": quiet,
    "/v1/tests": { items: asked.path.includes("route=r2") ? [past] : [someTest()] },
    "/v1/tests/t1": someTest(),
    "/v1/tests/t1/results": results,
    "/v1/tests/t1/judgements": { test_id: "t1", arms: ["A", "B"], label: "", judge: [], people: { ratings: 0, raters: 0, blind: 0 }, scores: [] },
    "/v1/tests/t1/sample": { test_id: "t1", seed: 4, per_arm: 1, as_of: { A: 1, B: 1 }, ...(blind ? { arms: [], pairs: [{ token: "tok", left: { turns: transcript.turns }, right: { turns: transcript.turns } }] } : { arms: ["A", "B"].map((arm) => ({ arm, calls: [transcript], looked: 1, exhausted: true })) }) },
    "/v1/tests/t1/pair-ratings": { items: [] },
    "/v1/versions/v1": version,
    "/v1/agents": { items: [agent] },
    "/v1/agents/a1": agent,
    "/v1/agents/a1/versions": { items: [version] },
    "/v1/calls/c1": call,
    "/v1/calls/c1/transcript": { call_id: "c1", turns: transcript.turns },
    "/v1/calls/c1/analysis": { call_id: "c1", state: "done", attempts: 1, asked_at: when, next_at: when },
    "/v1/calls/c1/ratings": { items: [] },
    "/v1/settings/privacy": { discard_callers: true, discard_recordings: false, redact: { kinds: ["phone", "ssn"], names: [] }, retention: { transcripts_days: 30, analyses_days: 0, recordings_days: 0, callers_days: 0, records_days: 0 } },
    "/v1/session": { scopes: [] },
    "/v1/volume": { days: [], routes: [] },
  };
  return path in bodies ? { body: bodies[path] } : undefined;
}

function show(address: string): Asked[] {
  const asked = answer(server);
  render(
    <QueryClientProvider client={newQueryClient()}>
      <RouterProvider router={newRouter(createMemoryHistory({ initialEntries: [address] }))} />
    </QueryClientProvider>,
  );
  return asked;
}

const button = (name: string | RegExp) => screen.findByRole("button", { name });

describe.each([
  ["the routes", "/", ["New route"]],
  ["a running test", "/routes/r1", ["Change split", "Pause to A", "Change goal", "End test", "Acknowledge"]],
  ["groups of calls", "/tests/t1?tab=groups", ["Make groups"]],
  ["the judge", "/tests/t1?tab=people", ["Start judging…"]],
  ["reading calls again", "/tests/t1?tab=quality", ["Analyse again…"]],
  ["the agents", "/agents", ["New agent"]],
  ["an agent", "/agents/a1", ["Publish the draft"]],
  ["a call", "/calls/c1", ["Analyse again"]],
  ["transcripts", "/tests/t1/sample?seed=4", ["Rate blind"]],
])("%s", (_, address, names) => {
  test("is offered to an operator", async () => {
    signedInAs("operator");
    show(address);
    for (const name of names) expect((await button(name)).getAttribute("aria-disabled")).toBeNull();
  });

  test("is shown to a viewer, who is refused before the API has to", async () => {
    signedInAs("viewer");
    const asked = show(address);
    for (const name of names) {
      const refused = await button(name);
      expect(refused.getAttribute("aria-disabled")).toBe("true");
      await userEvent.click(refused);
    }
    expect(screen.queryByRole("dialog")).toBeNull();
    expect(asked.filter((a) => a.method !== "GET")).toEqual([]);
  });
});

test("a viewer sees whether A/B testing is on, and cannot turn it on", async () => {
  signedInAs("viewer");
  show("/routes/r2");
  const toggle = await screen.findByRole("switch", { name: /A\/B testing/, description: /Your role is viewer/ });
  await userEvent.click(toggle);
  expect(screen.queryByRole("form", { name: "Set up a test" })).toBeNull();
  await screen.findByText("Slower voice");
  expect(screen.queryByRole("button", { name: /Start again/ })).toBeNull();
});

test("a viewer reads a route's settings", async () => {
  signedInAs("viewer");
  show("/routes/r2");
  await userEvent.click(await button("Settings"));
  const dialog = await screen.findByRole("dialog", { name: "Route settings" });
  within(dialog).getByText("sip:operator@pbx.example.com");
  within(dialog).getByText(/Your role is viewer/);
  expect(within(dialog).queryByRole("textbox")).toBeNull();
  expect(within(dialog).queryByRole("button", { name: "Save" })).toBeNull();
});

test("a viewer reads an agent's draft, and places no test call", async () => {
  signedInAs("viewer");
  show("/agents/a1?tab=draft");
  const draft = await screen.findByRole("region", { name: "Draft" });
  within(draft).getByText("You answer the phone.");
  expect(within(draft).queryByRole("textbox")).toBeNull();
  await userEvent.click(screen.getByRole("tab", { name: "Versions" }));
  await screen.findByRole("heading", { name: "front-desk@1" });
  expect(screen.queryByRole("button", { name: "Place a test call" })).toBeNull();
});

test("a viewer reads transcripts with the versions told, and an operator rates them blind", async () => {
  signedInAs("viewer");
  show("/tests/t1/sample?seed=4");
  expect((await screen.findAllByRole("article", { name: /front-desk@/ })).length).toBe(2);
  expect(screen.queryByRole("button", { name: /is better/ })).toBeNull();
  expect((await button("Read, versions shown")).getAttribute("aria-pressed")).toBe("true");
});

test("a viewer reads others' ratings of a call and is asked for none", async () => {
  signedInAs("viewer");
  show("/calls/c1");
  await screen.findByText("Nobody has rated this call yet.");
  expect(screen.queryByRole("form", { name: "Rate this call" })).toBeNull();
});

test("whoever may not change what is kept of callers reads it", async () => {
  signedInAs("operator");
  show("/settings/privacy");
  await screen.findByText("phone numbers and US social security numbers");
  screen.getByText("deleted after 30 days");
  screen.getByText("Only administrators may do this.");
  expect(screen.queryByRole("checkbox")).toBeNull();
  expect(screen.queryByRole("spinbutton") ?? screen.queryByRole("textbox")).toBeNull();
});

test("the first steps are for who may take them", async () => {
  const none = (asked: Asked) => (asked.path.startsWith("/v1/routes") || asked.path.startsWith("/v1/agents") ? { body: { items: [] } } : server(asked));
  const open = () => {
    answer(none);
    return render(
      <QueryClientProvider client={newQueryClient()}>
        <RouterProvider router={newRouter(createMemoryHistory({ initialEntries: ["/"] }))} />
      </QueryClientProvider>,
    );
  };
  signedInAs("operator");
  const { unmount } = open();
  await screen.findByRole("heading", { name: "Three steps to your first call" });
  unmount();
  signedInAs("viewer");
  open();
  await screen.findByText(/No route yet/);
  expect(screen.queryByText(/command line/)).toBeNull();
  expect(screen.queryByRole("button", { name: /guide/ })).toBeNull();
});
