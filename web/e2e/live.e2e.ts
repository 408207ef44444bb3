// Results move by themselves; and what a user sees when the way to the server is
// cut, or the server itself is away, and when it is back.
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Results, Route, Test } from "../src/api/types";
import { accessible, launch, patience, signedIn, type Watched } from "./browser";
import { demo, number, wire, type Tandem, type Wire } from "./server";

let browser: Browser;
let server: Tandem;
let way: Wire;
let route: Route;
let watched: Watched;

beforeAll(async () => {
  [browser, server] = await Promise.all([launch(), demo()]);
  way = await wire(server.url);
  route = await server.first<Route>("/v1/routes");
  watched = await signedIn(browser, server, "admin", way.url);
});
afterAll(async () => {
  await browser.close();
  await Promise.all([way.stop(), server.stop()]);
});
beforeEach(async () => {
  way.mend(); // whatever the test before left
  const { page } = watched;
  await page.goto(`${way.url}/routes/${route.id}`);
  await says("Live");
  await page.locator(".verdict-text").waitFor();
});

/** Waits until the console says how updates come. */
const says = (state: string) => watched.page.getByRole("status", { name: `Updates: ${state}` }).waitFor({ timeout: patience });

/** How many calls came, as the page says. */
async function onShow(): Promise<number> {
  const texts = await watched.page.locator(".arm-calls strong").allTextContents();
  return texts.reduce((sum, text) => sum + Number(text.replaceAll(",", "")), 0);
}

/** The same, as another program hears it. */
async function counted(): Promise<number> {
  const running = await server.first<Test>(`/v1/tests?route=${route.id}&limit=1`);
  const results = await server.ask<Results>(`/v1/tests/${running.id}/results`);
  return results.quality.reduce((sum, arm) => sum + arm.randomised, 0);
}

test("results move as calls come in, and a change by somebody else shows by itself", async () => {
  const { page, loads } = watched;
  const before = loads();
  const first = await onShow();
  await expect.poll(onShow, { timeout: patience }).toBeGreaterThan(first);
  const running = await server.first<Test>(`/v1/tests?route=${route.id}&limit=1`);
  await server.ask(`/v1/tests/${running.id}/split`, { method: "PUT", body: { weights: [65, 35] } });
  await page.getByRole("img", { name: "Split: A 65%, B 35%" }).first().waitFor();
  expect(loads()).toBe(before);
  expect(watched.wrongs).toEqual([]);
});

test("a cut connection is said, and once it is back the calls that came meanwhile are counted", async () => {
  const { loads } = watched;
  const before = loads();
  way.cut();
  await says("Reconnecting");
  const cut = await onShow();
  await expect.poll(counted, { timeout: patience }).toBeGreaterThan(cut + 5);
  expect(await onShow()).toBe(cut); // what is known stays on show
  way.mend();
  const missed = await counted();
  await says("Live");
  await expect.poll(onShow, { timeout: patience }).toBeGreaterThanOrEqual(missed);
  expect(loads()).toBe(before);
});

test("a page that is opened while the server is away says so, and is good once it is asked again", async () => {
  const { page } = watched;
  way.cut();
  await says("Reconnecting");
  // One whose code is not here yet.
  await page.getByRole("link", { name: "Agents", exact: true }).click();
  await page.getByRole("alert").getByText("The server cannot be reached.").waitFor();
  await accessible(page);
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByRole("alert").getByText("The server cannot be reached.").waitFor();
  way.mend();
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByRole("link", { name: "front-desk" }).waitFor();

  // One whose code is.
  await says("Live");
  way.cut();
  await says("Reconnecting");
  await page.getByRole("link", { name: "Routes", exact: true }).click();
  await page.getByRole("alert").getByText("The server cannot be reached.").waitFor({ timeout: patience });
  way.mend();
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByRole("link", { name: number }).waitFor();
});

test("after a server was killed and started again, the session goes on and figures are current", async () => {
  const { page, loads } = watched;
  const before = loads();
  await expect.poll(onShow, { timeout: patience }).toBeGreaterThan(5);
  const seen = await onShow();
  way.cut();
  await server.kill();
  await says("Reconnecting");
  server = await demo({ data: server.data, seed: 1003 });
  way.lead(server.url);
  way.mend();
  await expect.poll(counted, { timeout: patience }).toBeGreaterThan(seen);
  const missed = await counted();
  await says("Live");
  await expect.poll(onShow, { timeout: patience }).toBeGreaterThanOrEqual(missed);
  await page.getByRole("button", { name: "admin, Administrator" }).waitFor();
  await page.getByRole("link", { name: "Routes" }).first().click();
  await page.getByRole("row", { name: new RegExp(number.replaceAll("+", "\\+")) }).waitFor();
  expect(loads()).toBe(before);
});
