import { AxeBuilder } from "@axe-core/playwright";
import { chromium, type Browser, type BrowserContext, type Page } from "playwright-core";
import { expect } from "vitest";

const executablePath = process.env["TANDEM_CHROMIUM"] ?? "/usr/bin/chromium";

/** Debian's Chromium; its sandbox does not work for root. */
export const launch = (): Promise<Browser> => chromium.launch({ executablePath, args: ["--no-sandbox"] });

export interface Look {
  theme: "light" | "dark";
  width: number;
}

export interface Watched {
  context: BrowserContext;
  page: Page;
  /** What went wrong on the page: errors, refusals by the content security policy, requests to elsewhere. */
  wrongs: string[];
}

/** A page of its own, watched for what must not happen. */
export async function open(browser: Browser, origin: string, look: Look = { theme: "light", width: 1280 }): Promise<Watched> {
  const context = await browser.newContext({ colorScheme: look.theme, viewport: { width: look.width, height: 900 }, reducedMotion: "reduce", bypassCSP: false });
  const page = await context.newPage();
  const wrongs: string[] = [];
  page.on("pageerror", (error) => wrongs.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error" && !/net::ERR|status of \d+/.test(message.text())) wrongs.push(message.text());
  });
  page.on("request", (request) => {
    if (new URL(request.url()).origin !== origin) wrongs.push(`a request to ${request.url()}`);
  });
  return { context, page, wrongs };
}

/** Waits until no part of the page says that it is loading: there may be several at a time. */
export const loaded = (page: Page): Promise<void> => expect.poll(() => page.getByText(/^Loading/).count(), { timeout: 20_000 }).toBe(0);

/** Holds a page to WCAG 2.2 AA as far as axe can tell, and to its width. */
export async function accessible(page: Page): Promise<void> {
  // axe is put in by the test, past the policy that the page itself keeps to.
  const { violations } = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]).analyze();
  expect(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(" ")).join(", ")}`)).toEqual([]);
  const beyond = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(beyond, "pixels wider than the window").toBeLessThanOrEqual(0);
}
