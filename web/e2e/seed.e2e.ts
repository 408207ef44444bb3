// What a user does: turn A/B testing on, split calls, watch, keep the winner;
// while real calls come in by SIP. By mouse, then by keyboard alone.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Call, Route, Test } from "../src/api/types";
import { accessible, callsOf, launch, patience, signedIn, tabTo } from "./browser";
import { demo, number, type Tandem } from "./server";

let browser: Browser;
let server: Tandem;
let route: Route;

beforeAll(async () => {
  [browser, server] = await Promise.all([launch(), demo({ rate: 4 })]);
  route = await server.first<Route>("/v1/routes");
});
afterAll(() => Promise.all([browser.close(), server.stop()]));

// Each begins without a test, and with the first version live.
beforeEach(async () => {
  const test = await newest();
  if (test.status === "running") await server.ask(`/v1/tests/${test.id}/end`, { method: "POST", body: { winner: "A" } });
  await server.ask(`/v1/routes/${route.id}`, { method: "PATCH", body: { live_version: "front-desk@1" } });
});

const goal = "fields.appointment_booked == true";

/** The route's newest test, as other programs see it. */
const newest = () => server.first<Test>(`/v1/tests?route=${route.id}&limit=1`);

const form = (page: Page) => page.getByRole("form", { name: "Set up a test" });
const toggle = (page: Page) => page.getByRole("switch", { name: /A\/B testing/ });

test("a test is set up, watched and decided by mouse, without loading the page again", async () => {
  const { page, context, wrongs, loads } = await signedIn(browser, server);
  await page.goto(server.url);
  await page.getByRole("link", { name: number }).click();
  await page.getByRole("heading", { level: 1, name: number }).waitFor();
  await page.getByText("Off: every call goes to front-desk@1").waitFor();
  await page.locator("label", { has: toggle(page) }).click();

  // A is the live version, B the newest. Drafts are shown, and cannot be chosen.
  const a = form(page).getByRole("combobox", { name: "Version A" });
  const b = form(page).getByRole("combobox", { name: "Version B" });
  await a.waitFor();
  expect([await a.inputValue(), await b.inputValue()]).toEqual(["front-desk@1", "front-desk@2"]);
  await form(page).getByRole("button", { name: "Show all" }).nth(1).click();
  const draft = page.getByRole("option", { name: "front-desk, draft" });
  await draft.getByText("A draft takes no calls: publish it first.").waitFor();
  expect(await draft.getAttribute("aria-disabled")).toBe("true");
  await draft.click({ force: true });
  expect(await b.inputValue()).toBe("front-desk@2");
  await page.getByRole("option", { name: "front-desk@1" }).click();
  expect(await b.inputValue()).toBe("front-desk@1");
  await form(page).getByRole("button", { name: "Show all" }).nth(1).click();
  await page.getByRole("option", { name: "front-desk@2" }).click();
  expect(await b.inputValue()).toBe("front-desk@2");

  // The split by slider, by number, by a common one.
  const slider = form(page).getByRole("slider", { name: "Percent of calls for B" });
  const share = (arm: string) => form(page).getByRole("spinbutton", { name: `${arm}: percent of calls` });
  const box = await slider.boundingBox();
  await slider.click({ position: { x: (box?.width ?? 0) * 0.7, y: (box?.height ?? 0) / 2 } });
  const chosen = Number(await slider.inputValue());
  expect(chosen).toBeGreaterThan(25); // what lies right of it is B's
  expect(chosen).toBeLessThan(35);
  expect([await share("A").inputValue(), await share("B").inputValue()]).toEqual([String(100 - chosen), String(chosen)]);
  await share("B").fill("12.5");
  expect(await share("A").inputValue()).toBe("87.5");
  await form(page).getByRole("button", { name: "80 / 20" }).click();
  expect([await share("A").inputValue(), await share("B").inputValue()]).toEqual(["80", "20"]);

  // A wrong goal says where it is wrong; names are suggested.
  const goalField = form(page).getByRole("textbox", { name: /Goal/ });
  await goalField.fill("fields.appointment_boked == true");
  await form(page).getByText(/Line 1, column \d+: .*appointment_boked/).waitFor();
  expect(await goalField.getAttribute("aria-invalid")).toBe("true");
  await goalField.fill("");
  await goalField.pressSequentially("fields.appo");
  await page.getByRole("option", { name: /fields\.appointment_booked/ }).click();
  await goalField.pressSequentially(" == true");
  await form(page).getByText("The goal is good.").waitFor();
  expect(await goalField.inputValue()).toBe(goal);
  await accessible(page);

  await form(page).getByText("Takes effect on the next call: A 80%, B 20%.").waitFor();
  await form(page).getByRole("button", { name: "Save" }).click();
  await page.getByText("The test is on. It takes effect on the next call.").waitFor();
  const started = await newest();
  expect(started).toMatchObject({ status: "running", goal, unit: "call", arms: [{ weight: 80 }, { weight: 20 }] });

  // Results fill by themselves, from calls that came by SIP.
  await page.getByRole("status", { name: "Updates: Live" }).waitFor();
  await expect.poll(() => callsOf(page), { timeout: patience }).toBeGreaterThan(8);
  expect(await server.first<Call>(`/v1/calls?test=${started.id}&limit=1`)).toMatchObject({ assigned: { origin: "sip", value: { number: "+14155550100" } } });
  const seen = await callsOf(page);
  await expect.poll(() => callsOf(page), { timeout: patience }).toBeGreaterThan(seen);
  expect(await page.getByRole("table").filter({ hasText: "Completion rate" }).first().getByRole("row").count()).toBeGreaterThan(5);

  // Off again: which version to keep is asked, and A is proposed while nothing is known.
  await page.locator("label", { has: toggle(page) }).click();
  const dialog = page.getByRole("dialog", { name: "End test" });
  await dialog.getByText("There is no verdict, so A is proposed").waitFor();
  expect(await dialog.getByRole("radio", { name: /front-desk@1/ }).isChecked()).toBe(true);
  await dialog.getByRole("radio", { name: /front-desk@2/ }).check();
  await dialog.getByRole("textbox", { name: /Note/ }).fill("it books more");
  await dialog.getByRole("button", { name: "End test and keep B" }).click();
  await dialog.waitFor({ state: "detached" });

  await page.getByText("Off: every call goes to front-desk@2").waitFor();
  const past = page.getByRole("region", { name: "Past tests on this route" }).getByRole("listitem").filter({ hasText: "it books more" });
  await past.getByText(/^Ended .*, B kept$/).waitFor();
  await past.getByRole("button", { name: /^Report of/ }).waitFor();
  expect(await server.ask<Test>(`/v1/tests/${started.id}`)).toMatchObject({ status: "ended", winner: "B", end_note: "it books more" });
  await past.getByRole("link").click();
  await page.getByText(/front-desk@2 was kept, which took all calls from then on/).waitFor();
  expect(loads()).toBe(1);
  expect(wrongs).toEqual([]);
  await context.close();
});

test("a test is set up, watched and decided by keyboard alone", async () => {
  const { page, context, wrongs, loads } = await signedIn(browser, server);
  const press = async (...keys: string[]) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  await page.goto(server.url);
  await page.getByRole("link", { name: number }).waitFor();
  await tabTo(page.getByRole("link", { name: number }));
  await press("Enter");
  await page.getByText("Off: every call goes to front-desk@1").waitFor();
  await tabTo(toggle(page));
  await press("Space");

  // The focus goes on to what is open: B. A draft is found, and not taken.
  const b = form(page).getByRole("combobox", { name: "Version B" });
  await expect.poll(() => b.evaluate((element) => element === document.activeElement)).toBe(true);
  await press("ControlOrMeta+a");
  await page.keyboard.type("draft");
  await page.getByRole("option", { name: "front-desk, draft" }).waitFor();
  await press("ArrowDown", "Enter");
  expect(await b.inputValue()).not.toMatch(/front-desk, draft/);
  await press("ControlOrMeta+a");
  await page.keyboard.type("desk@2");
  await page.getByRole("option", { name: "front-desk@2" }).waitFor();
  await press("ArrowDown", "Enter");
  await expect.poll(() => b.inputValue()).toBe("front-desk@2");

  await tabTo(form(page).getByRole("slider", { name: "Percent of calls for B" }));
  await press("ArrowRight", "ArrowRight");
  await tabTo(form(page).getByRole("spinbutton", { name: "B: percent of calls" }));
  expect(await form(page).getByRole("spinbutton", { name: "B: percent of calls" }).inputValue()).toBe("48");
  await press("ControlOrMeta+a");
  await page.keyboard.type("40");

  const goalField = form(page).getByRole("textbox", { name: /Goal/ });
  await tabTo(goalField);
  expect(await goalField.inputValue()).toBe(goal); // that of the test before
  await press("ControlOrMeta+a", "Delete");
  await page.keyboard.type("fields.appo");
  await page.getByRole("option", { name: /fields\.appointment_booked/ }).waitFor();
  await press("Enter");
  await page.keyboard.type(" == true");
  await form(page).getByText("The goal is good.").waitFor();
  await tabTo(form(page).getByRole("button", { name: "Save" }));
  await press("Enter");
  await page.getByText("The test is on. It takes effect on the next call.").waitFor();
  expect(await newest()).toMatchObject({ status: "running", goal, arms: [{ weight: 60 }, { weight: 40 }] });
  await expect.poll(() => callsOf(page), { timeout: patience }).toBeGreaterThan(4);

  await tabTo(toggle(page));
  await press("Space");
  const dialog = page.getByRole("dialog", { name: "End test" });
  await dialog.waitFor();
  await tabTo(dialog.getByRole("radio", { name: /front-desk@1/ })); // proposed
  await press("ArrowDown");
  expect(await dialog.getByRole("radio", { name: /front-desk@2/ }).isChecked()).toBe(true);
  await tabTo(dialog.getByRole("textbox", { name: /Note/ }));
  await page.keyboard.type("by keyboard");
  await tabTo(dialog.getByRole("button", { name: "End test and keep B" }));
  await press("Enter");
  await dialog.waitFor({ state: "detached" });
  await page.getByText("Off: every call goes to front-desk@2").waitFor();
  await page.getByRole("listitem").filter({ hasText: "by keyboard" }).getByText(/^Ended .*, B kept$/).waitFor();
  expect(loads()).toBe(1);
  expect(wrongs).toEqual([]);
  await context.close();
});
