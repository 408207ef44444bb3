// What viewers, operators and administrators see and may do. The API refuses what
// a role forbids; the console never lets it come to that.
import type { Browser, Page, Request } from "playwright-core";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { Agent, Call, Test } from "../src/api/types";
import { sections } from "../src/settings/sections";
import { tabs } from "../src/results/tabs";
import type { Role } from "../src/session";
import { accessible, launch, loaded, patience, signedIn, tabTo, type Watched } from "./browser";
import { demo, number, type Tandem } from "./server";

let browser: Browser;
let server: Tandem;
let subject: Test;
let agent: Agent;
let call: Call;

beforeAll(async () => {
  [browser, server] = await Promise.all([launch(), demo()]);
  subject = await server.first<Test>("/v1/tests");
  agent = await server.first<Agent>("/v1/agents");
  call = await vi.waitUntil(async () => (await server.ask<{ items: Call[] }>("/v1/calls?stage=analyzed&limit=1&has_transcript=true")).items[0], { timeout: patience, interval: 500 });
});
afterAll(() => Promise.all([browser.close(), server.stop()]));

/** Every page that a role can open. */
const pages = () => [
  "/",
  ...tabs.map((tab) => `/routes/${subject.route_id}?tab=${tab}`),
  `/tests/${subject.id}`,
  `/tests/${subject.id}/sample?per_arm=1`,
  `/tests/${subject.id}/sample`,
  "/calls",
  `/calls/${call.id}`,
  "/agents",
  ...["", "?tab=draft", "?tab=compare"].map((tab) => `/agents/${agent.id}${tab}`),
  ...sections.map((s) => `/settings/${s.id}`),
];

interface Somebody extends Watched {
  /** What the API refused them. */
  refused: string[];
  /** How many requests are without an answer. */
  open: () => number;
}

async function somebody(role: Role): Promise<Somebody> {
  const watched = await signedIn(browser, server, role);
  const refused: string[] = [];
  const changing = new Set<Request>();
  watched.page.on("request", (request) => {
    if (request.method() !== "GET") changing.add(request);
  });
  watched.page.on("requestfinished", (request) => changing.delete(request));
  watched.page.on("requestfailed", (request) => changing.delete(request));
  watched.page.on("response", (response) => {
    if (response.status() === 403) refused.push(`${response.request().method()} ${new URL(response.url()).pathname}`);
  });
  return { ...watched, refused, open: () => changing.size };
}

async function visit(page: Page, path: string): Promise<void> {
  await page.goto(server.url + path);
  await page.locator("main h1").first().waitFor();
  await loaded(page);
}

/** Presses everything in a part of a page that can be pressed. */
async function pressAll(page: Page, part: string): Promise<number> {
  const buttons = page.locator(`${part} button:enabled:not([aria-disabled=true]), ${part} [role=switch]:enabled`);
  let pressed = 0;
  for (let i = 0; i < (await buttons.count()) && i < 60; i++) {
    const button = buttons.nth(i);
    if (!(await button.isVisible())) continue;
    await button.evaluate((element: HTMLElement) => element.click());
    pressed++;
    const dialog = page.getByRole("dialog");
    if (part === "main" && (await dialog.count()) > 0) {
      await pressAll(page, "[role=dialog]");
      if ((await dialog.count()) > 0) await page.keyboard.press("Escape");
    }
  }
  return pressed;
}

test("no button that a viewer can press on a page or in its dialogs is refused by the API", async () => {
  const { page, context, wrongs, refused, open } = await somebody("viewer");
  // Refusals are seen where there are some.
  await visit(page, "/");
  expect(await page.evaluate(async () => (await fetch("/v1/routes", { method: "POST", body: "{}", headers: { "Content-Type": "application/json" } })).status)).toBe(403);
  await expect.poll(() => refused).toEqual(["POST /v1/routes"]);
  refused.length = 0;

  let pressed = 0;
  for (const path of pages()) {
    await visit(page, path);
    pressed += await pressAll(page, "main");
    await loaded(page);
    await expect.poll(open).toBe(0);
    expect(refused, `after pressing everything at ${path}`).toEqual([]);
  }
  expect(pressed).toBeGreaterThan(30);
  expect(await server.ask<Test>(`/v1/tests/${subject.id}`)).toMatchObject({ status: "running", revision: subject.revision });
  expect(wrongs).toEqual([]);
  await context.close();
});

test("a viewer reads results and is told, by keyboard too, why the rest cannot be done", async () => {
  const { page, context, refused } = await somebody("viewer");
  await visit(page, "/");
  const create = page.getByRole("button", { name: "New route" });
  await tabTo(create);
  const reason = /Your role is viewer, which only reads/;
  await page.getByRole("tooltip").getByText(reason).waitFor();
  expect(await create.getAttribute("aria-disabled")).toBe("true");
  await page.keyboard.press("Enter");
  await page.getByRole("alertdialog").or(page.getByRole("region", { name: "Messages" })).getByText(reason).first().waitFor();
  expect(await page.getByRole("dialog").count()).toBe(0);
  await accessible(page);

  await page.getByRole("link", { name: number }).click();
  await page.getByRole("row", { name: /Completion rate/ }).first().waitFor();
  const testing = page.getByRole("region", { name: "A/B testing" });
  await testing.getByText(reason).first().waitFor();
  expect(await testing.getByRole("switch").getAttribute("aria-readonly")).toBe("true");
  await testing.locator("label", { has: page.getByRole("switch") }).click();
  expect(await page.getByRole("dialog").count()).toBe(0);
  for (const name of ["Change split", "Pause to A", "Change goal", "End test"]) expect(await page.getByRole("button", { name }).getAttribute("aria-disabled"), name).toBe("true");
  await page.getByRole("button", { name: "Save report" }).click(); // reading
  await page.getByRole("menuitem", { name: "As a page (HTML)" }).waitFor();
  await page.keyboard.press("Escape");
  await accessible(page);

  await visit(page, `/agents/${agent.id}?tab=draft`);
  expect(await page.getByRole("button", { name: "Save draft" }).count()).toBe(0);
  await accessible(page);
  expect(refused).toEqual([]);
  await context.close();
});

test("an operator steers tests and changes agents, and sees no page of administrators", async () => {
  const { page, context, wrongs, refused } = await somebody("operator");
  for (const path of pages()) await visit(page, path);
  expect(refused).toEqual([]);
  await page.getByText("Only administrators may do this.").waitFor(); // the audit log, the last
  const listed = await page.getByRole("navigation", { name: "Settings" }).getByRole("link").allTextContents();
  expect(listed).toEqual(sections.filter((s) => s.scope !== "admin").map((s) => s.title));

  await visit(page, `/routes/${subject.route_id}`);
  await page.getByRole("button", { name: "Change split" }).click();
  await page.getByRole("button", { name: "90 / 10" }).click();
  await page.getByRole("button", { name: "Save split" }).click();
  await page.getByRole("img", { name: "Split: A 90%, B 10%" }).first().waitFor();
  await visit(page, `/agents/${agent.id}?tab=draft`);
  await page.getByRole("textbox", { name: "Greeting" }).fill("Harbor Street Dental, hello.");
  await page.getByRole("button", { name: "Save draft" }).click();
  await page.getByText("Draft saved.").waitFor();
  await page.getByRole("button", { name: "Publish the draft" }).click();
  await page.getByRole("dialog").getByRole("button", { name: /^Publish/ }).click();
  await page.getByText(`${agent.name}@${agent.latest_version + 1} is published.`).waitFor();
  expect(refused).toEqual([]);
  expect(wrongs).toEqual([]);
  await context.close();
});

test("an administrator sees every part of the settings, and who did what", async () => {
  const { page, context, wrongs, refused } = await somebody("admin");
  await visit(page, "/settings/audit");
  await page.getByText(/operator/).first().waitFor();
  expect(await page.getByRole("navigation", { name: "Settings" }).getByRole("link").allTextContents()).toEqual(sections.map((s) => s.title));
  // A role that is taken away ends the sessions that had it.
  const viewer = await somebody("viewer");
  await visit(viewer.page, "/");
  await visit(page, "/settings/users");
  await page.getByRole("button", { name: "Change viewer" }).click();
  await page.getByRole("menuitem", { name: "Disable…" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Disable" }).click();
  await page.getByText("viewer is disabled.").waitFor();
  await viewer.page.getByRole("link", { name: "Agents", exact: true }).click();
  await viewer.page.getByText("Your session has ended.").waitFor();
  expect(refused).toEqual([]);
  expect(wrongs).toEqual([]);
  await Promise.all([context.close(), viewer.context.close()]);
});
