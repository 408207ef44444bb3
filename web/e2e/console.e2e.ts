// The built console in a real browser against made-up data: every page in both
// themes, wide and narrow, and what can be done on it.
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, test } from "vitest";
import { accessible, launch, loaded, open } from "./browser";
import { link, start, user, type Fake } from "./fake.mjs";

const id = (n: number) => `0198f1b2-0000-7000-8000-000000000${n}`;
const route = `/routes/${id(100)}`;
const sample = `/tests/${id(200)}/sample?seed=4&per_arm=3`;

let browser: Browser;
let fake: Fake;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());
beforeEach(async () => {
  fake = await start();
});
afterEach(() => fake.stop());

const signedIn = (path: string) => `${fake.url}/sign-in?to=${encodeURIComponent(path)}#link=${link}`;

describe.each([
  { theme: "light", width: 1280 },
  { theme: "light", width: 390 },
  { theme: "dark", width: 1280 },
  { theme: "dark", width: 390 },
] as const)("$theme at $width px", (look) => {
  test.each([
    ["sign-in", () => fake.url, "Sign in"],
    ["routes", () => signedIn("/"), "Routes"],
    ["a running test", () => signedIn(route), "+1 415 555 0100"],
    ["three arms", () => signedIn(`/tests/${id(201)}`), "+442079460123"],
    ["an ended test", () => signedIn(`/routes/${id(103)}`), "win-back-november"],
    ["a route without a test", () => signedIn(`/routes/${id(102)}`), "+1 415 555 0177"],
    ["transcripts", () => signedIn(sample), "Transcripts"],
    ["no such page", () => signedIn("/nowhere"), "There is no such page"],
  ])("%s is accessible, fits and keeps to the policy", async (_, address, heading) => {
    const { page, context, wrongs } = await open(browser, fake.url, look);
    await page.goto(address());
    await page.getByRole("heading", { level: 1, name: heading }).waitFor();
    await loaded(page);
    await accessible(page);
    expect(wrongs).toEqual([]);
    await context.close();
  });

  test.each([
    ["Change split", "Change split"],
    ["End test", "End test"],
    ["Acknowledge", "Acknowledge the alarm"],
  ])("the dialog behind %s is accessible", async (button, name) => {
    const { page, context, wrongs } = await open(browser, fake.url, look);
    await page.goto(signedIn(route));
    await page.getByRole("button", { name: button, exact: true }).click();
    await page.getByRole("dialog", { name }).waitFor();
    await accessible(page);
    expect(wrongs).toEqual([]);
    await context.close();
  });
});

test("a link signs in and leaves the address; signing out leads back, and signing in to where one was", async () => {
  const { page, context } = await open(browser, fake.url);
  await page.goto(`${fake.url}/sign-in#link=${link}`);
  await page.getByRole("heading", { name: "Routes" }).waitFor();
  expect(page.url()).toBe(`${fake.url}/`);
  await page.getByRole("link", { name: "+1 415 555 0100" }).click();
  await page.getByRole("heading", { level: 1, name: "+1 415 555 0100" }).waitFor();
  await page.getByRole("button", { name: "Ada, Administrator" }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  expect(await page.evaluate(() => sessionStorage.length + document.cookie.length)).toBe(0);
  await page.getByLabel("E-mail").fill(user.email);
  await page.getByLabel("Password", { exact: true }).fill("a wrong password");
  await page.keyboard.press("Enter");
  await page.getByText("The address or the password is wrong.").waitFor();
  await page.getByLabel("Password", { exact: true }).fill(user.password);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: "+1 415 555 0100" }).waitFor();
  await context.close();
});

test("a session that ends leads to sign-in and back to where one was", async () => {
  const { page, context } = await open(browser, fake.url);
  await page.goto(signedIn(route));
  await page.getByRole("status", { name: "Updates: Live" }).waitFor();
  fake.sessions(false);
  fake.cut();
  await page.getByText("Your session has ended. Sign in to go on where you were.").waitFor();
  fake.sessions(true);
  await page.getByLabel("E-mail").fill(user.email);
  await page.getByLabel("Password", { exact: true }).fill(user.password);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: "+1 415 555 0100" }).waitFor();
  expect(new URL(page.url()).pathname).toBe(route);
  await context.close();
});

test("results move by themselves, and again after the stream was cut", async () => {
  const { page, context } = await open(browser, fake.url);
  await page.goto(signedIn(route));
  const verdict = page.locator(".verdict-text");
  const calls = async () => Number(/Collecting: (\d+) calls/.exec((await verdict.textContent()) ?? "")?.[1]);
  await page.getByRole("status", { name: "Updates: Live" }).waitFor();
  const before = await calls();
  fake.call();
  await expect.poll(calls, { timeout: 10_000 }).toBe(before + 1);
  fake.cut();
  await page.getByRole("status", { name: "Updates: Reconnecting" }).waitFor();
  await page.getByRole("status", { name: "Updates: Live" }).waitFor();
  fake.call();
  await expect.poll(calls, { timeout: 10_000 }).toBe(before + 2);
  await context.close();
});

test("an alarm is acknowledged with what was found", async () => {
  const { page, context } = await open(browser, fake.url);
  await page.goto(signedIn(route));
  await page.getByRole("button", { name: "Acknowledge", exact: true }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("What was found, for the record").fill("a trunk was down for both");
  await dialog.getByRole("button", { name: "Stand by the test" }).click();
  await dialog.waitFor({ state: "detached" });
  await page.getByRole("list", { name: "Alarms" }).getByText(/Acknowledged by console.*a trunk was down for both/).waitFor();
  expect(await page.getByRole("button", { name: "Acknowledge", exact: true }).count()).toBe(0);
  await context.close();
});

test("the report is saved as a page", async () => {
  const { page, context } = await open(browser, fake.url);
  await page.goto(signedIn(route));
  await page.getByRole("button", { name: "Save report" }).click();
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("menuitem", { name: "As a page (HTML)" }).click()]);
  expect(download.suggestedFilename()).toMatch(/\.html$/);
  const stream = await download.createReadStream();
  let text = "";
  for await (const chunk of stream) text += String(chunk);
  expect(text).toContain("<h1>Report</h1>");
  await context.close();
});

test("the split is changed by keyboard alone", async () => {
  const { page, context } = await open(browser, fake.url);
  await page.goto(signedIn(route));
  await page.getByRole("button", { name: "Change split" }).focus();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("slider").focus();
  for (let i = 0; i < 5; i++) await page.keyboard.press("ArrowRight");
  expect(await dialog.getByRole("spinbutton", { name: /^B/ }).inputValue()).toBe("45");
  await dialog.getByRole("spinbutton", { name: /^B/ }).focus();
  await page.keyboard.press("Enter");
  await dialog.waitFor({ state: "detached" });
  await page.getByRole("region", { name: "Versions" }).getByRole("img", { name: "Split: A 55%, B 45%" }).waitFor();
  expect(await page.getByRole("table").filter({ hasText: "Calls" }).last().getByRole("row").count()).toBeGreaterThan(3);
  await context.close();
});

test("Escape leaves a dialog and the test as they were", async () => {
  const { page, context } = await open(browser, fake.url);
  await page.goto(signedIn(route));
  await page.getByRole("button", { name: "End test" }).click();
  await page.getByRole("dialog").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await page.getByText("Test running").waitFor();
  await context.close();
});

test("a test that somebody else changed meanwhile is ended only at the second try", async () => {
  const { page, context } = await open(browser, fake.url);
  await page.goto(signedIn(route));
  await page.getByRole("button", { name: "End test" }).click();
  const dialog = page.getByRole("dialog");
  expect(await dialog.getByRole("radio", { name: /front-desk@1/ }).isChecked()).toBe(true);
  await dialog.getByRole("radio", { name: /front-desk@2/ }).check();
  const end = dialog.getByRole("button", { name: "End test and keep B" });
  await expect.poll(() => end.isEnabled()).toBe(true);
  fake.edit(0);
  await end.click();
  await dialog.getByText("Somebody else changed this test just now").waitFor();
  await end.click();
  await dialog.waitFor({ state: "detached" });
  await page.getByText(/^Ended .*, B kept$/).first().waitFor();
  expect(await page.getByRole("button", { name: "End test" }).count()).toBe(0);
  await context.close();
});

test("a sample's address draws the same calls again, whatever came since", async () => {
  const { page, context } = await open(browser, fake.url);
  await page.goto(signedIn(`/tests/${id(200)}/sample?seed=4&per_arm=3`));
  await page.getByRole("article").first().waitFor();
  await page.waitForURL(/as_of=/);
  const first = await page.getByRole("article").allTextContents();
  const address = page.url();
  expect(first).toHaveLength(6);
  for (let i = 0; i < 20; i++) fake.call();
  await page.goto("about:blank");
  await page.goto(address);
  await page.getByRole("article").first().waitFor();
  expect(await page.getByRole("article").allTextContents()).toEqual(first);
  await page.getByRole("button", { name: "Draw others" }).click();
  await page.waitForURL((url) => !url.href.includes("seed=4&") && url.href.includes("as_of="));
  await expect.poll(() => page.getByRole("article").allTextContents()).not.toEqual(first);
  await context.close();
});

test("filters narrow both arms", async () => {
  const { page, context } = await open(browser, fake.url);
  await page.goto(signedIn(sample));
  await page.getByRole("article").first().waitFor();
  await page.getByRole("combobox", { name: "Goal" }).selectOption("not_met");
  await page.waitForURL(/goal=not_met/);
  await expect.poll(async () => (await page.getByRole("article").allTextContents()).every((text) => text.includes("goal not met"))).toBe(true);
  await page.getByRole("combobox", { name: "Field" }).selectOption("reason");
  await page.getByRole("combobox", { name: "Value" }).selectOption("move");
  await page.waitForURL(/value=move/);
  await expect.poll(async () => {
    const cards = await page.getByRole("article").allTextContents();
    return cards.length > 0 && cards.every((text) => text.includes("reasonmove"));
  }).toBe(true);
  await context.close();
});
