// Reading what calls were like, and taking results along: samples, ratings, lists
// of calls, charts and reports as files.
import type { Browser, Download, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import type { Call, List, PairRating, Results, Test } from "../src/api/types";
import { launch, loaded, patience, signedIn } from "./browser";
import { demo, number, type Tandem } from "./server";

let browser: Browser;
let server: Tandem;
let page: Page;
let wrongs: string[];
let subject: Test;

beforeAll(async () => {
  [browser, server] = await Promise.all([launch(), demo({ rate: 8 })]);
  subject = await server.first<Test>("/v1/tests");
  ({ page, wrongs } = await signedIn(browser, server));
  await vi.waitUntil(async () => (await server.ask<Results>(`/v1/tests/${subject.id}/results`)).evidence.calls > 60, { timeout: patience });
}, 2 * patience);
afterAll(() => Promise.all([browser.close(), server.stop()]));
afterEach(() => expect(wrongs).toEqual([]));

const articles = () => page.getByRole("article");
const callOf = async (id: string) => server.ask<Call>(`/v1/calls/${id}`);

test("a sample's address draws the same calls again, whatever came since", async () => {
  // Of the first calls, which are long over: one in progress may still come to have a transcript.
  await page.goto(`${server.url}/tests/${subject.id}/sample?seed=4&per_arm=3&as_of=A%3A20%2CB%3A20`);
  await articles().first().waitFor();
  const first = await articles().allTextContents();
  expect(first).toHaveLength(6);
  expect(first.join()).toContain("Harbor Street Dental");
  const address = page.url();
  const { evidence } = await server.ask<Results>(`/v1/tests/${subject.id}/results`);
  await expect.poll(async () => (await server.ask<Results>(`/v1/tests/${subject.id}/results`)).evidence.calls, { timeout: patience }).toBeGreaterThan(evidence.calls + 8);
  await page.reload();
  await articles().first().waitFor();
  expect(await articles().allTextContents()).toEqual(first);
  await page.getByRole("button", { name: "Draw others" }).click();
  await page.waitForURL((url) => !url.href.includes("seed=4&") && url.href.includes("as_of="));
  await expect.poll(() => articles().allTextContents()).not.toEqual(first);
  expect(page.url()).not.toBe(address);
});

test("filters narrow both versions", async () => {
  await page.goto(`${server.url}/tests/${subject.id}/sample?seed=4&per_arm=3`);
  await articles().first().waitFor();
  await page.getByRole("combobox", { name: "Goal" }).selectOption("not_met");
  await page.waitForURL(/goal=not_met/);
  await expect.poll(async () => (await articles().allTextContents()).every((text) => text.includes("goal not met"))).toBe(true);
  await page.getByRole("combobox", { name: "Field" }).selectOption("reason");
  await page.getByRole("combobox", { name: "Value" }).selectOption("book");
  await page.waitForURL(/value=book/);
  await expect
    .poll(async () => {
      const cards = await articles().allTextContents();
      return cards.length > 0 && cards.every((text) => text.includes("reasonbook"));
    })
    .toBe(true);
});

test("a blind pair hides the versions until one call is preferred, by keyboard too", async () => {
  await page.goto(`${server.url}/tests/${subject.id}/sample`);
  for (const [key, said] of [["1", /You prefer/], ["0", "You found both as good"]] as const) {
    await page.getByRole("article", { name: "Right call" }).waitFor();
    expect((await articles().allTextContents()).join()).not.toMatch(/front-desk@|Open the call/);
    expect(await page.content()).not.toMatch(/front-desk@[12]/);
    await page.keyboard.press(key);
    await page.getByRole("status").getByText(said).waitFor();
    expect((await articles().allTextContents()).join()).toMatch(/front-desk@1.*front-desk@2|front-desk@2.*front-desk@1/s);
    await page.keyboard.press("n");
    await page.getByRole("button", { name: /Left is better/ }).waitFor();
  }
  const { items } = await server.ask<List<PairRating>>(`/v1/tests/${subject.id}/pair-ratings`);
  expect(items).toHaveLength(2);
  expect(items.every((rating) => rating.blind)).toBe(true);
});

test("the list of calls narrows by what its address says, and leads to a call and back", async () => {
  await page.goto(`${server.url}/calls`);
  await page.getByRole("table", { name: "Calls" }).waitFor();
  await page.getByRole("combobox", { name: "Number or route" }).selectOption({ label: number });
  await page.getByRole("combobox", { name: "Test" }).selectOption(subject.id);
  await page.getByRole("combobox", { name: "Arm" }).selectOption("B");
  await page.getByRole("combobox", { name: "Goal" }).selectOption("met");
  await page.waitForURL(/goal=met/);
  const rows = page.getByRole("table", { name: "Calls" }).getByRole("row").filter({ has: page.getByRole("rowheader") });
  await expect.poll(async () => {
    const texts = await rows.allTextContents();
    return texts.length > 3 && texts.every((text) => text.includes("front-desk@2") && / ?met/.test(text) && !text.includes("not met"));
  }).toBe(true);
  // The list moves while calls come in; the row that has the focus stays the same call.
  await rows.first().getByRole("link").focus();
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: /^Call of/ }).waitFor();
  await loaded(page);
  const id = new URL(page.url()).pathname.split("/").at(-1) ?? "";
  expect(await callOf(id)).toMatchObject({ assigned: { origin: "sip", value: { arm: "B" } }, goal: true });
  await page.getByRole("region", { name: "Transcript" }).getByText("Harbor Street Dental").first().waitFor();
  await page.goBack();
  await rows.first().waitFor();
  expect(page.url()).toMatch(/goal=met/);
});

async function contentOf(download: Download): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of await download.createReadStream()) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

/** What a menu saves. */
async function saved(button: ReturnType<Page["getByRole"]>, item: string): Promise<{ name: string; content: Buffer }> {
  await button.click();
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("menuitem", { name: item }).click()]);
  return { name: download.suggestedFilename(), content: await contentOf(download) };
}

test("a chart is saved as a drawing, an image and its figures", async () => {
  // The test is over, so that its figures stand still.
  await server.ask(`/v1/tests/${subject.id}/end`, { method: "POST", body: { winner: "B", note: "for the files" } });
  await vi.waitUntil(async () => (await server.ask<Results>(`/v1/tests/${subject.id}/results`)).evidence.waiting === 0, { timeout: patience });
  await page.goto(`${server.url}/tests/${subject.id}?tab=distributions`);
  await loaded(page);
  const figure = page.getByRole("figure").filter({ has: page.getByRole("heading", { name: "How long calls last" }) });
  const button = figure.getByRole("button", { name: /Save/ });

  const svg = await saved(button, "Save as SVG");
  expect(svg.name).toMatch(/\.svg$/);
  const drawing = svg.content.toString();
  expect(drawing).toMatch(/^<(\?xml|svg)/);
  expect(drawing).toContain("How long calls last");
  // It stands by itself: a browser draws it, and nothing in it is from elsewhere.
  expect(drawing).not.toMatch(/var\(--|class="/);

  const png = await saved(button, "Save as PNG");
  expect(png.name).toMatch(/\.png$/);
  expect(png.content.subarray(0, 8)).toEqual(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]));
  expect(png.content.readUInt32BE(16)).toBeGreaterThan(300); // pixels wide

  const csv = await saved(button, "Save as CSV");
  expect(csv.name).toMatch(/\.csv$/);
  await figure.getByText("As a table").click();
  const table = await figure.getByRole("table").getByRole("row").evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent)));
  const lines = csv.content.toString().replace(/^\ufeff/, "").trim().split(/\r?\n/);
  expect(lines).toHaveLength(table.length);
  expect(lines[0]?.split(",").length).toBe(table[0]?.length);
  // Calls in all bins are the calls whose duration is known.
  expect(lines[0]).toMatch(/^From,To,A.*,B/);
  const counted = (column: number) => lines.slice(1).reduce((sum, line) => sum + Number(line.split(",")[column]), 0);
  const results = await server.ask<Results>(`/v1/tests/${subject.id}/results`);
  const known = results.metrics.find((m) => m.name === "duration")?.arms.map((arm) => arm.n);
  expect([counted(2), counted(3)]).toEqual(known);
});

test("a report is saved as a page and as text, with the decision", async () => {
  await page.goto(`${server.url}/tests/${subject.id}`);
  await page.getByText("Past test.").waitFor();
  const button = page.getByRole("button", { name: "Save report" });
  const html = await saved(button, "As a page (HTML)");
  expect(html.name).toBe("greeting.html");
  const text = html.content.toString();
  expect(text).toMatch(/^<!doctype html>/i);
  for (const part of ["+1", "front-desk@2", "Completion rate", "for the files"]) expect(text).toContain(part);
  const markdown = await saved(button, "As text (Markdown)");
  expect(markdown.name).toBe("greeting.md");
  expect(markdown.content.toString()).toMatch(/^# .*/);
  expect(markdown.content.toString()).toContain("for the files");
});
