// The console of the real binary, while the demo's calls come in: at
// TANDEM_E2E_URL with a link in TANDEM_E2E_LINK, or of a demo that is started here.
import { spawn, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { accessible, launch, open } from "./browser";

const binary = fileURLToPath(new URL("../../bin/tandem", import.meta.url));
const url = process.env["TANDEM_E2E_URL"];
const absent = url === undefined && !existsSync(binary);

interface Demo {
  url: string;
  link: string;
  process?: ChildProcess;
}

/** Starts a demo and waits until it says where it is. */
function startDemo(): Promise<Demo> {
  const child = spawn(binary, ["demo", "--for", "90s", "--http", "127.0.0.1:0", "--rate", "4", "--speed", "60", "--seed", "3"], { stdio: ["ignore", "pipe", "pipe"] });
  return new Promise((resolve, reject) => {
    let said = "";
    const hear = (chunk: Buffer) => {
      said += chunk.toString();
      const at = /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0];
      const link = /#link=([\w-]+)/.exec(said)?.[1];
      if (at && link && said.includes("Ctrl-C")) resolve({ url: at, link, process: child });
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    child.on("exit", (code) => reject(new Error(`the demo ended with ${code ?? "a signal"}: ${said}`)));
  });
}

describe.skipIf(absent)(`the console of the real server${absent ? " (skipped: bin/tandem is not built)" : ""}`, () => {
  let demo: Demo | undefined;
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
    demo = url === undefined ? await startDemo() : { url, link: process.env["TANDEM_E2E_LINK"] ?? "" };
  });
  afterAll(async () => {
    await browser.close();
    const child = demo?.process;
    if (child?.exitCode !== null) return; // none was started here, or it has ended
    const gone = new Promise((resolve) => child.on("exit", resolve));
    child.kill("SIGINT");
    await gone;
  });

  test("a test is watched, read, split anew and ended", async () => {
    const { page, wrongs } = await open(browser, demo?.url ?? "");
    await page.goto(`${demo?.url}/sign-in#link=${demo?.link}`);
    await page.getByRole("link", { name: "+1 415 555 0100" }).click();
    await page.getByRole("status", { name: "Updates: Live" }).waitFor();

    const verdict = page.locator(".verdict-text");
    const calls = async () => Number(/(\d+) calls/.exec(((await verdict.textContent()) ?? "").replaceAll(",", ""))?.[1] ?? 0);
    await expect.poll(calls, { timeout: 30_000 }).toBeGreaterThan(10);
    const before = await calls();
    await expect.poll(calls, { timeout: 30_000 }).toBeGreaterThan(before);
    await accessible(page);

    await page.getByRole("button", { name: "Change split" }).click();
    await page.getByRole("button", { name: "80 / 20" }).click();
    await page.getByRole("button", { name: "Save split" }).click();
    await page.getByRole("region", { name: "Versions" }).getByRole("img", { name: "Split: A 80%, B 20%" }).waitFor();

    await page.getByRole("link", { name: "Read transcripts" }).click();
    await page.getByRole("button", { name: "Read, versions shown" }).click();
    await expect.poll(() => page.getByRole("article").count(), { timeout: 30_000 }).toBeGreaterThan(1);
    const first = await page.getByRole("article").first().textContent();
    expect(first).toContain("Harbor Street Dental");
    await page.waitForURL(/as_of=/);
    await page.reload();
    await page.getByRole("article").first().waitFor();
    expect(await page.getByRole("article").first().textContent()).toBe(first);
    await accessible(page);

    await page.getByRole("link", { name: "+1 415 555 0100" }).click();
    await page.getByRole("button", { name: "End test" }).click();
    await page.getByRole("radio", { name: /front-desk@2/ }).check();
    await page.getByRole("button", { name: "End test and keep B" }).click();
    await page.getByText(/front-desk@2 was kept, which took all calls from then on/).first().waitFor();
    await page.getByRole("link", { name: "Routes" }).first().click();
    await page.getByRole("row", { name: /front-desk@2.*None/ }).waitFor();
    expect(wrongs).toEqual([]);
  });
});
