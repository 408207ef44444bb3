// The first run: from a server with nothing in it to the first call, who is let
// in, and how one comes back.
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { List, OwnSession } from "../src/api/types";
import { accessibleEverywhere, launch, open, patience } from "./browser";
import { agent, call } from "./phone";
import { bare, type Tandem } from "./server";

const ann = { email: "ann@example.com", password: "correct horse battery" };

let browser: Browser;
let server: Tandem;
let desk: Awaited<ReturnType<typeof agent>>;
let page: Page;
let context: BrowserContext;
let wrongs: string[];

beforeAll(async () => {
  [browser, server, desk] = await Promise.all([launch(), bare(), agent()]);
  ({ page, context, wrongs } = await open(browser, server.url));
});
afterAll(() => Promise.all([browser.close(), server.stop(), desk.stop()]));

async function signIn(password: string): Promise<void> {
  await page.getByLabel("E-mail").fill(ann.email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.keyboard.press("Enter");
}

// These are steps of one way: each begins where the one before came to.

test("before anybody can sign in, the console says how the first administrator is made", async () => {
  await page.goto(server.url);
  await page.getByRole("heading", { name: "Nobody can sign in yet" }).waitFor();
  await accessibleEverywhere(page);
});

test("the link that the server wrote makes the first administrator, once", async () => {
  await page.goto(server.url + server.way);
  await page.getByRole("heading", { name: "Set up Tandem" }).waitFor();
  await page.getByLabel("E-mail").fill(ann.email);
  await page.getByLabel("Name").fill("Ann");
  await page.getByLabel("Password").fill("too short");
  expect(await page.getByRole("button", { name: "Create administrator" }).isDisabled()).toBe(true);
  await page.getByLabel("Password").fill(ann.password);
  await accessibleEverywhere(page);
  await page.getByRole("button", { name: "Create administrator" }).click();
  await page.getByRole("heading", { name: "Three steps to your first call" }).waitFor();
  expect(new URL(page.url()).hash).toBe("");
  expect(await page.evaluate(() => document.cookie)).toBe(""); // no script reads the session

  const other = await open(browser, server.url);
  await other.page.goto(server.url + server.way);
  await other.page.getByRole("heading", { name: "Already set up" }).waitFor();
  await accessibleEverywhere(other.page);
  await other.context.close();
});

test("three steps lead to the first call, which comes by SIP", async () => {
  const step = () => page.locator("[aria-current=step]");
  await step().getByRole("heading", { name: "Agent" }).waitFor();
  await accessibleEverywhere(page);
  await step().getByLabel("Where it answers").fill("front-desk");
  await step().getByRole("button", { name: "Create and publish" }).click();
  await step().getByRole("alert").getByText(/uri/i).waitFor(); // no address to call
  await step().getByLabel("Where it answers").fill(desk.uri);
  await step().getByRole("button", { name: "Create and publish" }).click();

  await page.getByText("front-desk@1 is published.").waitFor();
  await step().getByRole("heading", { name: "Number" }).waitFor();
  await accessibleEverywhere(page);
  await step().getByLabel("Number").fill("12");
  await step().getByRole("button", { name: "Add the number" }).click();
  await step().getByRole("alert").waitFor();
  await step().getByLabel("Number").fill("+1 415 555 0177");
  await step().getByRole("button", { name: "Add the number" }).click();

  await step().getByRole("heading", { name: "First call" }).waitFor();
  await step().getByText("Waiting for the first call").waitFor();
  await step().getByText(`udp:${server.sip}`).waitFor();
  await accessibleEverywhere(page);
  await call(server.sip, "+14155550177");
  await step().getByText(/The first call came at .*, and went to front-desk@1. It took/).waitFor({ timeout: patience });
  await step().getByRole("link", { name: "Set up an A/B test" }).click();
  await page.getByRole("heading", { level: 1, name: "+1 415 555 0177" }).waitFor();
  await page.getByText("1 call today").waitFor({ timeout: patience }); // counted anew every quarter of a minute
});

test("a test call shows what the agent answered, step by step", async () => {
  await page.getByRole("link", { name: "Agents", exact: true }).click();
  await page.getByRole("link", { name: "front-desk" }).click();
  await page.getByRole("button", { name: "Place a test call" }).click();
  await page.getByRole("button", { name: "Call now" }).click();
  await page.getByText("Answered.").waitFor({ timeout: patience });
  await page.getByRole("table", { name: "What happened, in order" }).getByText(/200 OK/).first().waitFor();
  await accessibleEverywhere(page);
  await page.getByRole("button", { name: "Close" }).last().click();
  await page.getByRole("link", { name: "Routes", exact: true }).click();
  await page.getByRole("row", { name: /\+1 415 555 0177.*1$/ }).waitFor({ timeout: patience }); // it is no call of the number
});

test("signing out leads to sign-in, a wrong password is refused, and the right one leads back to where one was", async () => {
  await page.getByRole("link", { name: "+1 415 555 0177" }).click();
  await page.getByRole("heading", { level: 1, name: "+1 415 555 0177" }).waitFor();
  const path = new URL(page.url()).pathname;
  await page.getByRole("button", { name: "Ann, Administrator" }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  expect((await context.cookies()).map((c) => c.value).join("")).toBe("");
  await accessibleEverywhere(page);
  await signIn("a wrong password");
  await page.getByRole("alert").getByText(/password is wrong/).waitFor();
  await accessibleEverywhere(page);
  await signIn(ann.password);
  await page.getByRole("heading", { level: 1, name: "+1 415 555 0177" }).waitFor();
  expect(new URL(page.url()).pathname).toBe(path);
});

test("a session that was ended elsewhere leads to sign-in and back to where one was", async () => {
  await page.getByRole("status", { name: "Updates: Live" }).waitFor();
  const { pathname } = new URL(page.url());
  // From another browser.
  const elsewhere = await browser.newContext();
  const signedIn = await elsewhere.request.post(`${server.url}/v1/session`, { data: ann });
  expect(signedIn.ok()).toBe(true);
  const { items } = (await (await elsewhere.request.get(`${server.url}/v1/sessions`)).json()) as List<OwnSession>;
  for (const s of items.filter((each) => !each.current)) expect((await elsewhere.request.delete(`${server.url}/v1/sessions/${s.id}`)).ok()).toBe(true);
  await elsewhere.close();
  await page.getByText("Your session has ended. Sign in to go on where you were.").waitFor({ timeout: patience });
  await accessibleEverywhere(page);
  await signIn(ann.password);
  await page.getByRole("heading", { level: 1, name: "+1 415 555 0177" }).waitFor();
  expect(new URL(page.url()).pathname).toBe(pathname);
});

test("whoever is invited chooses a password by the link, once", async () => {
  await page.goto(`${server.url}/settings/users`);
  await page.getByRole("button", { name: "Invite" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("E-mail").fill("bo@example.com");
  await accessibleEverywhere(page);
  await dialog.getByRole("button", { name: "Make invitation" }).click();
  await dialog.getByText("Tandem sends no mail.").waitFor();
  await accessibleEverywhere(page);
  const link = await dialog.getByRole("textbox", { name: "Link" }).inputValue();
  await dialog.getByRole("button", { name: "Done" }).click();
  await page.getByRole("listitem").filter({ hasText: "bo@example.com" }).getByText("invited").waitFor();

  const guest = await open(browser, server.url);
  await guest.page.goto(link);
  await guest.page.getByRole("heading", { name: "Welcome, bo" }).waitFor();
  await accessibleEverywhere(guest.page);
  await guest.page.getByLabel("Name").fill("Bo");
  await guest.page.getByLabel("Password").fill("one of my own");
  await guest.page.getByRole("button", { name: "Set password and sign in" }).click();
  await guest.page.getByRole("button", { name: "Bo, Viewer" }).waitFor();
  await guest.context.clearCookies();
  await guest.page.goto("about:blank");
  await guest.page.goto(link);
  await guest.page.getByRole("heading", { name: "No such invitation" }).waitFor();
  await accessibleEverywhere(guest.page);
  expect(guest.wrongs.filter((w) => !w.endsWith("about:blank"))).toEqual([]);
  await guest.context.close();
  expect(wrongs).toEqual([]);
});
