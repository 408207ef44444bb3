// Takes the pictures of docs/console.md, into the folder that TANDEM_PICTURES names:
// every page of a demo that has run for a while. `make pictures` runs it; it is no test.
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, test } from "vitest";
import type { Agent, Call, Results, Route, Test } from "../src/api/types";
import { launch, loaded, open, signedIn } from "./browser";
import { bare, demo, type Tandem } from "./server";

const folder = process.env["TANDEM_PICTURES"] ?? "";
/** How many calls the running test has before it is looked at. */
const enough = Number(process.env["TANDEM_PICTURES_CALLS"] ?? 1500);

let browser: Browser;
let server: Tandem;
beforeAll(async () => {
  browser = await launch();
  server = await demo({ rate: 8 });
});
afterAll(async () => {
  await server.stop();
  await browser.close();
});

/** The page as it stands; as high as it is, but no higher than so many pixels. */
async function picture(page: Page, name: string, most = 900): Promise<void> {
  await loaded(page);
  const { width } = page.viewportSize() ?? { width: 1280 };
  const height = Math.min(most, await page.evaluate(() => document.querySelector("main")?.getBoundingClientRect().bottom ?? 0) + 24);
  await page.setViewportSize({ width, height: Math.max(600, Math.round(height)) });
  await page.waitForTimeout(400); // charts are drawn to their width
  await page.screenshot({ path: join(folder, `${name}.png`) });
  await page.setViewportSize({ width, height: 900 });
}

test("the demo", { timeout: 900_000 }, async () => {
  const { page } = await signedIn(browser, server);
  const list = async <T>(path: string) => (await server.ask<{ items: T[] }>(path)).items;
  const routes = await list<Route>("/v1/routes");
  const [busy, branch] = ["0100", "0142"].map((end) => routes.find((r) => r.number?.endsWith(end))?.id ?? "");
  const tests = await list<Test>("/v1/tests");
  const running = tests.find((t) => t.status === "running")?.id ?? "";
  const past = tests.find((t) => t.status === "recorded")?.id ?? "";
  const agent = (await list<Agent>("/v1/agents"))[0]?.id ?? "";
  const go = async (path: string) => {
    await page.goto(server.url + path);
    await page.getByRole("heading", { level: 1 }).waitFor();
    await loaded(page);
  };
  await server.ask(`/v1/tests/${past}/topics`, { method: "POST", body: { by: "intent" } });

  for (;;) {
    const r = await server.ask<Results>(`/v1/tests/${running}/results`);
    if (r.evidence.calls >= enough) break;
    await page.waitForTimeout(2000);
  }

  await go("/");
  await picture(page, "routes", 420);
  await go(`/routes/${busy}`);
  await picture(page, "results", 1600);
  await page.emulateMedia({ colorScheme: "dark" });
  await picture(page, "results-dark", 1600);
  await page.emulateMedia({ colorScheme: "light" });
  await page.getByRole("button", { name: "Change split" }).click();
  await page.getByRole("dialog").waitFor();
  await picture(page, "split");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "End test" }).click();
  await page.getByRole("dialog").waitFor();
  await picture(page, "end");
  await page.keyboard.press("Escape");

  await go(`/routes/${branch}`);
  await page.getByRole("switch").focus();
  await page.keyboard.press("Space");
  await page.getByRole("combobox", { name: "Version B" }).fill("front");
  await page.getByRole("option").first().waitFor();
  await picture(page, "setup", 1300);

  await go(`/tests/${past}`);
  await picture(page, "past", 1400);
  for (const [tab, most] of [["distributions", 1500], ["groups", 1200], ["people", 700], ["quality", 1200], ["history", 700]] as const) {
    await go(`/tests/${past}?tab=${tab}`);
    await picture(page, tab, most);
  }
  await go(`/tests/${past}/sample?seed=7`);
  await picture(page, "blind");
  await page.keyboard.press("1");
  await page.getByText("front-desk@2").first().waitFor();
  await picture(page, "revealed");

  await go("/calls");
  await picture(page, "calls");
  const call = (await list<Call>(`/v1/calls?test=${past}&goal=met&limit=1`))[0]?.id ?? "";
  await go(`/calls/${call}`);
  await picture(page, "call", 1500);

  await go("/agents");
  await picture(page, "agents", 420);
  for (const [tab, name, most] of [["versions", "agent", 900], ["draft", "draft", 1500], ["compare", "compare", 1000]] as const) {
    await go(`/agents/${agent}?tab=${tab}`);
    await picture(page, name, most);
  }
  await page.getByRole("button", { name: "Publish the draft" }).click();
  await page.getByRole("dialog").waitFor();
  await picture(page, "publish");
  await page.keyboard.press("Escape");

  for (const section of ["account", "users", "sign-in", "keys", "ways-in", "analyzer", "privacy", "notifications", "audit"]) {
    await go(`/settings/${section}`);
    await picture(page, `settings-${section}`, 1000);
  }

  await page.setViewportSize({ width: 390, height: 844 });
  await go(`/routes/${busy}`);
  await page.locator(".verdict-text").evaluate((text) => text.scrollIntoView({ block: "center" }));
  await page.screenshot({ path: join(folder, "phone.png") });
});

test("a server with nothing in it", { timeout: 120_000 }, async () => {
  const empty = await bare();
  const { page } = await open(browser, empty.url);
  await page.goto(empty.url + empty.way);
  await page.getByLabel("E-mail").fill("ann@example.com");
  await picture(page, "first-run", 700);
  await page.getByLabel("Password", { exact: true }).fill("a long one for pictures");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Three steps to your first call" }).waitFor();
  await picture(page, "guide", 1000);
  await page.context().clearCookies();
  await page.goto(`${empty.url}/`);
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  await picture(page, "sign-in", 600);
  await empty.stop();
});
