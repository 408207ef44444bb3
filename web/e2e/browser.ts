import { AxeBuilder } from "@axe-core/playwright";
import { chromium, type Browser, type BrowserContext, type Locator, type Page } from "playwright-core";
import { expect } from "vitest";
import type { Role } from "../src/session";
import type { Tandem } from "./server";

const executablePath = process.env["TANDEM_CHROMIUM"] ?? "/usr/bin/chromium";

/** Debian's Chromium; its sandbox does not work for root. */
export const launch = (): Promise<Browser> => chromium.launch({ executablePath, args: ["--no-sandbox"] });

/** How long something may take that waits for calls, on a machine busy with other things. */
export const patience = 60_000;

export interface Watched {
  context: BrowserContext;
  page: Page;
  /** What went wrong on the page: errors, refusals by the content security policy, requests to elsewhere. */
  wrongs: string[];
  /** How often the page was loaded; the console itself never needs to load again. */
  loads: () => number;
}

/** A page of its own, watched for what must not happen. */
export async function open(browser: Browser, origin: string): Promise<Watched> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: "reduce" });
  context.setDefaultTimeout(20_000);
  const page = await context.newPage();
  const wrongs: string[] = [];
  let loads = 0;
  page.on("pageerror", (error) => wrongs.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error" && !/net::ERR|status of \d+/.test(message.text())) wrongs.push(message.text());
  });
  page.on("request", (request) => {
    if (new URL(request.url()).origin !== origin && !request.url().startsWith("blob:")) wrongs.push(`a request to ${request.url()}`);
    if (request.isNavigationRequest()) loads++;
  });
  return { context, page, wrongs, loads: () => loads };
}

/** A page of somebody who is signed in already. */
export async function signedIn(browser: Browser, server: Tandem, role: Role = "admin", origin = server.url): Promise<Watched> {
  const watched = await open(browser, origin);
  const response = await watched.context.request.post(`${server.url}/v1/session`, { data: await server.user(role) });
  expect(response.status(), await response.text()).toBe(200);
  return watched;
}

/** Waits until no part of the page says that it is loading: there may be several at a time. */
export const loaded = (page: Page): Promise<void> => expect.poll(() => page.getByText(/^Loading/).count(), { timeout: 20_000 }).toBe(0);

/** Holds a page, or a part of it, to WCAG 2.2 AA as far as axe can tell, and to its width. */
export async function accessible(page: Page, look = "", part = "html"): Promise<void> {
  // axe is put in by the test, past the policy that the page itself keeps to. There
  // are no frames, and to tell all that passes would take as long as to look.
  const axe = new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ["violations"] });
  const { violations } = await axe.include(part).withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]).analyze();
  expect(
    violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(" ")).join(", ")}`),
    look,
  ).toEqual([]);
  // What is drawn to its width is drawn anew once that is known.
  const beyond = () => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  await expect.poll(beyond, { message: `pixels wider than the window ${look}` }).toBeLessThanOrEqual(0);
}

/** Looks at a page in both themes, wide and narrow. */
export async function accessibleEverywhere(page: Page, part?: string): Promise<void> {
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: 900 });
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      await accessible(page, `${colorScheme} at ${width} px`, part);
    }
  }
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize({ width: 1280, height: 900 });
}

/** The calls that the verdict says it rests on. */
export async function callsOf(page: Page): Promise<number> {
  const text = (await page.locator(".verdict-text").textContent()) ?? "";
  return Number(/([\d,]+) calls/.exec(text)?.[1]?.replaceAll(",", "") ?? 0);
}

/** Goes on by the Tab key until it is there. */
export async function tabTo(target: Locator): Promise<void> {
  const page = target.page();
  for (let i = 0; i < 80; i++) {
    if ((await target.count()) === 1 && (await target.evaluate((element) => element === document.activeElement))) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`the Tab key does not lead to ${target.toString()}`);
}
