// Every page, tab and main dialog in both themes, wide and narrow: accessible as
// far as axe can tell, no wider than the window, and within the policy. The pages
// in front of the console are looked at in first.e2e.ts, on their way.
import type { Browser, Locator, Page } from "playwright-core";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import type { Agent, Call, List, Results, Route, Test, Topics } from "../src/api/types";
import { sections } from "../src/settings/sections";
import { tabs } from "../src/results/tabs";
import { accessibleEverywhere, launch, loaded, patience, signedIn } from "./browser";
import { demo, dial, type Tandem } from "./server";

let browser: Browser;
let server: Tandem;
let page: Page;
let wrongs: string[];

const goal = "fields.appointment_booked == true";
const arms = (...numbers: number[]) => numbers.map((n) => ({ version: `front-desk@${n}`, weight: 100 / numbers.length }));

/** What there is to look at, by id. */
const at = { running: "", three: "", ended: "", imported: "", desk: "", call: "", blank: "", routes: { running: "", three: "", off: "", ended: "" } };

beforeAll(async () => {
  [browser, server] = await Promise.all([launch(), demo()]);
  const test = await server.first<Test>("/v1/tests");
  at.running = test.id;
  at.routes.running = test.route_id;
  await publishThird();
  const route = async (body: object) => (await server.ask<Route>("/v1/routes", { method: "POST", body: { live_version: "front-desk@1", ...body } })).id;
  at.routes.three = await route({ kind: "inbound", number: "+442079460123", name: "Triage line" });
  at.routes.off = await route({ kind: "inbound", number: "+14155550177", name: "Reception after hours" });
  at.routes.ended = await route({ kind: "outbound", name: "win-back-november" });
  at.three = await threeArms();
  at.ended = await endedTest();
  at.imported = await importedTest();
  at.blank = (await server.ask<Agent>("/v1/agents", { method: "POST", body: { name: "night-desk", draft: {} } })).id;
  await server.user("viewer");
  await server.ask("/v1/webhooks", { method: "POST", body: { url: "https://hooks.example.com/tandem" } });
  // Calls enough to compare, of which one is whole.
  await vi.waitUntil(async () => (await server.ask<Results>(`/v1/tests/${at.running}/results`)).evidence.calls > 60, { timeout: patience });
  await server.ask(`/v1/tests/${at.running}/topics`, { method: "POST", body: { again: true } });
  await vi.waitUntil(async () => (await server.ask<Topics>(`/v1/tests/${at.running}/topics`)).report, { timeout: patience });
  at.call = (await server.first<Call>(`/v1/calls?test=${at.running}&stage=analyzed&limit=1`)).id;
  const watched = await signedIn(browser, server);
  ({ page, wrongs } = watched);
}, 2 * patience);
afterAll(() => Promise.all([browser.close(), server.stop()]));
afterEach(() => expect(wrongs).toEqual([]));

/** A third version of the agent, and a draft that differs from it. */
async function publishThird(): Promise<void> {
  const { items } = await server.ask<List<Agent>>("/v1/agents");
  const desk = items.find((a) => a.name === "front-desk");
  if (!desk) throw new Error("the demo has no front desk");
  at.desk = desk.id;
  const change = (greeting: string) => server.ask(`/v1/agents/${desk.id}/draft`, { method: "PUT", body: { ...desk.draft, greeting } });
  await change("Harbor Street Dental, this is Robin.");
  await server.ask(`/v1/agents/${desk.id}/publish`, { method: "POST", body: { note: "Says its name" } });
  await change("Harbor Street Dental, this is Robin. What can I do for you?");
}

async function threeArms(): Promise<string> {
  const guardrails = [{ metric: "duration", worse: "higher", margin: 20, action: "rollback" }];
  const { id } = await server.ask<Test>(`/v1/routes/${at.routes.three}/test`, { method: "POST", body: { arms: [...arms(1, 2), { version: "front-desk@3", weight: 25 }].map((a, i) => ({ ...a, weight: [50, 25, 25][i] })), unit: "caller", goal, primary_metric: "completion", guardrails, name: "Three greetings" } });
  await dial(server, "+442079460123", 60, (arm, n) => ({ appointment_booked: n % (arm === "A" ? 2 : 3) > 0, reason: n % 2 ? "book" : "move" }));
  return id;
}

async function endedTest(): Promise<string> {
  const { id } = await server.ask<Test>(`/v1/routes/${at.routes.ended}/test`, { method: "POST", body: { arms: arms(1, 2), unit: "call", goal, primary_metric: "completion" } });
  await dial(server, "win-back-november", 40, (arm, n) => ({ appointment_booked: n % (arm === "A" ? 2 : 3) > 0 }));
  await server.ask(`/v1/tests/${id}/end`, { method: "POST", body: { winner: "B", note: "It books more, and nobody complained." } });
  return id;
}

/** A finished experiment, as its records say. */
async function importedTest(): Promise<string> {
  const records = Array.from({ length: 40 }, (_, i) => ({
    id: `winter-${i}`,
    arm: { greeting: i % 2 ? "short" : "long" },
    started_at: new Date(Date.UTC(2026, 0, 12, 9, i * 7)).toISOString(),
    duration_ms: 40_000 + i * 1_000,
    ended_by: "caller",
    outcome: { success: i % 3 > 0, sentiment: (i % 5) / 4 - 0.5 },
    turns: [
      { role: "agent", text: "Harbor Street Dental, how can I help?", start_ms: 0, end_ms: 2_500 },
      { role: "caller", text: "I would like to move my appointment to Friday.", start_ms: 3_000, end_ms: 6_000 },
      { role: "agent", text: "Friday at ten is free. Goodbye.", start_ms: 6_500, end_ms: 9_000 },
    ],
  }));
  const file = join(server.data, "winter.jsonl");
  await writeFile(file, records.map((r) => JSON.stringify(r)).join("\n"));
  await server.run(["import", file, "--route", "last-winter", "--arm-by", "greeting", "--share", "50/50"]);
  const { items } = await server.ask<List<Test>>("/v1/tests?route=last-winter");
  return items[0]?.id ?? "";
}

const nobody = "0198f1b2-0000-7000-8000-000000000001";

/** Opens a page and waits until all of it is there. */
async function visit(path: string, part: Locator): Promise<void> {
  await page.goto(server.url + path);
  await part.first().waitFor();
  await loaded(page);
}

const title = (name: string | RegExp) => page.getByRole("heading", { level: 1, name });

describe("pages", () => {
  test.each<[string, () => string, () => Locator]>([
    ["routes", () => "/", () => page.getByRole("row", { name: /win-back-november/ })],
    ["a route without a test", () => `/routes/${at.routes.off}`, () => page.getByText("Off: every call goes to front-desk@1")],
    ["a route with a past test", () => `/routes/${at.routes.ended}`, () => page.getByText(/Ended .*, B kept/)],
    ["a test of three arms, sticky by caller", () => `/routes/${at.routes.three}`, () => page.getByRole("row", { name: /Completion rate/ })],
    ["a test by itself", () => `/tests/${at.three}`, () => page.getByText("Three greetings")],
    ["an ended test", () => `/tests/${at.ended}`, () => page.getByText("Past test.")],
    ["how an ended test was decided", () => `/tests/${at.ended}?tab=history`, () => page.getByText("It books more, and nobody complained.")],
    ["an imported test", () => `/tests/${at.imported}`, () => page.getByText("Imported test")],
    ["a pair to rate blind", () => `/tests/${at.running}/sample`, () => page.getByRole("article", { name: "Right call" })],
    ["transcripts of both versions", () => `/tests/${at.running}/sample?per_arm=2&seed=4`, () => page.getByRole("article", { name: /Call 2 of B/ })],
    ["no transcript that passes the filters", () => `/tests/${at.running}/sample?per_arm=1&seed=4&min_seconds=90000`, () => page.getByText(/No call passes these filters|None found/)],
    ["calls", () => "/calls", () => page.getByRole("table", { name: "Calls" })],
    ["calls of a test, filtered", () => `/calls?test=${at.running}&arm=B&goal=met&field=reason&value=book`, () => page.getByRole("table", { name: "Calls" })],
    ["a call", () => `/calls/${at.call}`, () => page.getByRole("heading", { name: "Who spoke when" })],
    ["agents", () => "/agents", () => page.getByRole("link", { name: "night-desk" })],
    ["an agent's versions", () => `/agents/${at.desk}`, () => page.getByText("Says its name")],
    ["an agent's draft", () => `/agents/${at.desk}?tab=draft`, () => page.getByRole("textbox", { name: "Greeting" })],
    ["two versions compared", () => `/agents/${at.desk}?tab=compare&from=1&to=2`, () => page.getByRole("region", { name: "Changes" })],
    ["an agent that is a draft only", () => `/agents/${at.blank}`, () => page.getByText("Not published yet: it takes no calls.")],
    ["no such page", () => "/nowhere", () => page.getByRole("link", { name: "See the routes" })],
    ["no such route", () => `/routes/${nobody}`, () => title("The route cannot be shown")],
    ["no such test", () => `/tests/${nobody}`, () => title("The test cannot be shown")],
    ["no such call", () => `/calls/${nobody}`, () => title("The call cannot be shown")],
    ["no such agent", () => `/agents/${nobody}`, () => title("The agent cannot be shown")],
  ])("%s", async (_, path, part) => {
    await visit(path(), part());
    await accessibleEverywhere(page);
  });

  test.each(tabs)("a running test, the tab %s", async (tab) => {
    await visit(`/routes/${at.routes.running}?tab=${tab}`, page.getByRole("tabpanel").getByRole("heading"));
    await accessibleEverywhere(page);
  });

  test.each(sections.map((s) => [s.id, s.title]))("settings: %s", async (id, name) => {
    await visit(`/settings/${id}`, page.getByRole("heading", { level: 2, name }));
    await accessibleEverywhere(page);
  });
});

describe("parts that are opened", () => {
  const press = (name: string | RegExp) => page.getByRole("button", { name }).first().click();

  test.each<[string, () => string, () => Promise<void>, string | RegExp]>([
    ["New route", () => "/", () => press("New route"), "New route"],
    ["a route's settings", () => `/routes/${at.routes.running}`, () => press("Settings"), "Route settings"],
    ["Change split", () => `/routes/${at.routes.running}`, () => press("Change split"), "Change split"],
    ["Change split of three arms", () => `/routes/${at.routes.three}`, () => press("Change split"), "Change split"],
    ["Change goal", () => `/routes/${at.routes.running}`, () => press("Change goal"), "Change the goal"],
    ["End test", () => `/routes/${at.routes.three}`, () => press("End test"), "End test"],
    ["judging", () => `/tests/${at.running}?tab=people`, () => press(/Start judging|Judge more/), /Judge pairs/],
    ["New agent", () => "/agents", () => press("New agent"), "New agent"],
    ["publishing", () => `/agents/${at.desk}`, () => press("Publish the draft"), "Publish front-desk@4"],
    ["a test call", () => `/agents/${at.desk}`, () => press("Place a test call"), "Place a test call"],
    ["New key", () => "/settings/keys", () => press("New key"), "New API key"],
    ["Add a webhook", () => "/settings/notifications", () => press(/^Add/), "Add a webhook"],
  ])("the dialog %s", async (_, path, open, name) => {
    await visit(path(), title(/./));
    await open();
    await page.getByRole("dialog", { name }).waitFor();
    await loaded(page);
    await accessibleEverywhere(page);
  });

  test("a test being set up, with everything that can be set and with what is wrong", async () => {
    await visit(`/routes/${at.routes.off}`, title("+1 415 555 0177"));
    await page.locator("label", { has: page.getByRole("switch", { name: /A\/B testing/ }) }).click();
    const form = page.getByRole("form", { name: "Set up a test" });
    await form.getByText("More: metric, guardrails, ramp and plan").click();
    await form.getByRole("textbox", { name: /Goal/ }).fill("fields.nothing == true");
    await form.getByText(/Line 1, column/).waitFor();
    await form.getByRole("button", { name: "Start with a smaller share" }).click();
    await form.getByRole("button", { name: "Add a guardrail" }).click();
    await form.getByRole("button", { name: "Add a version" }).click();
    await form.getByRole("button", { name: "Save" }).click();
    await form.getByRole("alert").first().waitFor();
    await accessibleEverywhere(page);
  });

  test("a list to choose a version from", async () => {
    await visit(`/routes/${at.routes.off}`, title("+1 415 555 0177"));
    await page.locator("label", { has: page.getByRole("switch", { name: /A\/B testing/ }) }).click();
    await page.getByRole("button", { name: "Show all" }).nth(1).click();
    await page.getByRole("option", { name: "front-desk, draft" }).waitFor();
    // What lies behind is hidden from readers until the list closes, which the Tab key does.
    await accessibleEverywhere(page, ".popover");
  });

  test("a pair once it is rated", async () => {
    await visit(`/tests/${at.running}/sample`, page.getByRole("article", { name: "Left call" }));
    await page.getByRole("button", { name: /Left is better/ }).click();
    await page.getByRole("status").getByText(/Left was/).waitFor();
    await page.getByText("Rate each call by the rubric").click();
    await accessibleEverywhere(page);
  });

  test("a draft as JSON, and what is wrong with it", async () => {
    await visit(`/agents/${at.desk}?tab=draft`, title("front-desk"));
    await page.getByRole("button", { name: "JSON" }).click();
    await page.getByRole("textbox", { name: "The draft as JSON" }).fill("{");
    await accessibleEverywhere(page);
  });

  test("charts as tables, and a menu", async () => {
    await visit(`/tests/${at.running}?tab=distributions`, page.getByRole("figure"));
    for (const summary of await page.getByText("As a table").all()) await summary.click();
    await accessibleEverywhere(page);
    await page.getByRole("button", { name: "Save report" }).click();
    await page.getByRole("menu").waitFor();
    await accessibleEverywhere(page);
  });

  test("more filters of calls", async () => {
    await visit(`/calls?test=${at.running}`, title("Calls"));
    await page.getByRole("button", { name: "More filters" }).click();
    await accessibleEverywhere(page);
  });
});
