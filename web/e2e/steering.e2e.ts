// Changing a test while it runs, and ending it: what the console does, what the
// calls do then, and what happens when somebody else was first.
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { Call, List, Results, Route, Test } from "../src/api/types";
import { accessible, launch, loaded, patience, signedIn, type Watched } from "./browser";
import { demo, dial, type Tandem } from "./server";

let browser: Browser;
let server: Tandem;
let route: Route;
let watched: Watched;
let page: Page;
let running: Test;

beforeAll(async () => {
  [browser, server] = await Promise.all([launch(), demo({ rate: 8 })]);
  route = await server.first<Route>("/v1/routes");
  watched = await signedIn(browser, server);
  page = watched.page;
});
afterAll(() => Promise.all([browser.close(), server.stop()]));

const now = () => server.ask<Test>(`/v1/tests/${running.id}`);

// Each begins with a test of its own, half and half, on its page.
beforeEach(async () => {
  const last = await server.first<Test>(`/v1/tests?route=${route.id}&limit=1`);
  if (last.status === "running") await server.ask(`/v1/tests/${last.id}/end`, { method: "POST", body: { winner: "A" } });
  await server.ask(`/v1/routes/${route.id}`, { method: "PATCH", body: { live_version: "front-desk@1" } });
  const body = { arms: [{ version: "front-desk@1", weight: 50 }, { version: "front-desk@2", weight: 50 }], goal: "fields.appointment_booked == true", primary_metric: "completion", unit: "call" };
  running = await server.ask<Test>(`/v1/routes/${route.id}/test`, { method: "POST", body });
  await page.goto(`${server.url}/routes/${route.id}`);
  await page.getByRole("button", { name: "End test" }).first().waitFor();
  await page.getByRole("status", { name: "Updates: Live" }).waitFor();
  await loaded(page);
});
afterEach(() => expect(watched.wrongs).toEqual([]));

const panel = () => page.getByRole("region", { name: "A/B testing" });
const act = (name: string | RegExp) => panel().getByRole("button", { name });
const dialog = (name: string) => page.getByRole("dialog", { name });

/** Which arms the calls met that came from then on, once there are some. */
async function armsSince(at: Date, least: number): Promise<string[]> {
  const list = () => server.ask<List<Call>>(`/v1/calls?limit=200&test=${running.id}&since=${at.toISOString()}`);
  await expect.poll(async () => (await list()).items.length, { timeout: patience }).toBeGreaterThanOrEqual(least);
  return (await list()).items.map((call) => call.assigned?.value.arm ?? "");
}

test("ending a test without a choice keeps A, and starting again undoes it", async () => {
  await act("End test").click();
  const end = dialog("End test");
  expect(await end.getByRole("radio", { name: /front-desk@1/ }).isChecked()).toBe(true);
  await end.getByRole("button", { name: "End test and keep A" }).click();
  await panel().getByText("Off: every call goes to front-desk@1").waitFor();
  expect(await now()).toMatchObject({ status: "ended", winner: "A" });
  await page.getByRole("button", { name: "Undo: start again" }).click();
  await page.getByText("A new test is on, set up as the one before.").waitFor();
  await act("End test").waitFor();
  const again = await server.first<Test>(`/v1/tests?route=${route.id}&limit=1`);
  expect(again).toMatchObject({ status: "running", goal: running.goal, arms: running.arms });
  expect(again.id).not.toBe(running.id);
});

test("undoing an end that kept B makes the version before live again", async () => {
  await act("End test").click();
  await dialog("End test").getByRole("radio", { name: /front-desk@2/ }).check();
  await dialog("End test").getByRole("button", { name: "End test and keep B" }).click();
  await panel().getByText("Off: every call goes to front-desk@2").waitFor();
  await page.getByRole("button", { name: "Undo: start again" }).click();
  await act("End test").waitFor();
  await panel().getByText("Without it they go to front-desk@1").waitFor();
  expect((await server.ask<Route>(`/v1/routes/${route.id}`)).live_version_id).toBe(route.live_version_id);
});

test("a past test is set up again with what it had", async () => {
  await act("Change split").click();
  await dialog("Change split").getByRole("button", { name: "90 / 10" }).click();
  await dialog("Change split").getByRole("button", { name: "Save split" }).click();
  await dialog("Change split").waitFor({ state: "detached" });
  await server.ask(`/v1/tests/${running.id}/end`, { method: "POST", body: { winner: "A", note: "once more" } });
  // That somebody else ended it is seen by itself.
  const past = page.getByRole("region", { name: "Past tests on this route" }).getByRole("listitem").filter({ hasText: "once more" });
  await past.getByRole("button", { name: /^Start again/ }).click();
  const form = page.getByRole("form", { name: "Set up a test" });
  expect(await form.getByRole("spinbutton", { name: "B: percent of calls" }).inputValue()).toBe("10");
  expect(await form.getByRole("textbox", { name: /Goal/ }).inputValue()).toBe(running.goal);
  await form.getByRole("button", { name: "Save" }).click();
  await act("End test").waitFor();
});

test("a paused test gives every call to A until it is resumed with its split", async () => {
  await act("Pause to A").click();
  await panel().getByText(/Paused since .*: every call goes to A/).waitFor();
  const paused = new Date();
  await accessible(page);
  expect(new Set(await armsSince(paused, 12))).toEqual(new Set(["A"]));
  await page.getByRole("link", { name: "Routes" }).first().click();
  await page.getByRole("row", { name: /\+1 415 555 0100/ }).getByText("paused").waitFor();
  await page.goBack();
  await act("Resume 50/50").click();
  await act("Pause to A").waitFor();
  expect((await now()).arms.map((arm) => arm.weight)).toEqual([50, 50]);
  expect(new Set(await armsSince(new Date(), 20))).toEqual(new Set(["A", "B"]));
});

test("a changed split begins a new phase and holds from the next call on", async () => {
  await act("Change split").click();
  const change = dialog("Change split");
  await change.getByText(/In force from the next call\. A new phase begins, number 2/).waitFor();
  const save = change.getByRole("button", { name: "Save split" });
  expect(await save.isDisabled()).toBe(true); // it is the same yet
  await change.getByRole("spinbutton", { name: "B: percent of calls" }).fill("101");
  await change.getByRole("alert").waitFor();
  expect(await save.isDisabled()).toBe(true);
  await change.getByRole("spinbutton", { name: "B: percent of calls" }).fill("100");
  expect(await change.getByRole("spinbutton", { name: "A: percent of calls" }).inputValue()).toBe("0");
  await save.click();
  await change.waitFor({ state: "detached" });
  const changed = new Date();
  expect(new Set(await armsSince(changed, 12))).toEqual(new Set(["B"]));
  await page.getByRole("tab", { name: "Phases" }).click();
  const rows = page.getByRole("region", { name: "Phases" }).getByRole("row");
  await expect.poll(() => rows.count()).toBe(3);
  expect(await rows.nth(2).textContent()).toMatch(/0%100%\d+$/);
});

test("Escape leaves a dialog and the test as they were", async () => {
  for (const name of ["Change split", "Change goal", "End test"]) {
    await act(name).click();
    await page.getByRole("dialog").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await expect.poll(() => act(name).evaluate((button) => button === document.activeElement)).toBe(true);
  }
  expect(await now()).toMatchObject({ status: "running", revision: running.revision });
});

test("a test that somebody else changed meanwhile is split and ended only at the second try", async () => {
  // Somebody else is first by a moment: while the console's request is on its way.
  const firstTo = (path: string, weights: number[]) =>
    page.route(
      `**/v1/tests/*/${path}`,
      async (request) => {
        await server.ask(`/v1/tests/${running.id}/split`, { method: "PUT", body: { weights } });
        await request.continue();
      },
      { times: 1 },
    );
  await act("Change split").click();
  const change = dialog("Change split");
  await change.getByRole("button", { name: "80 / 20" }).click();
  await firstTo("split", [70, 30]);
  await change.getByRole("button", { name: "Save split" }).click();
  await change.getByText("Somebody else changed this test just now: the split is 70% / 30%.").waitFor();
  expect((await now()).arms.map((arm) => arm.weight)).toEqual([70, 30]);
  await change.getByRole("button", { name: "Save split" }).click();
  await change.waitFor({ state: "detached" });
  expect((await now()).arms.map((arm) => arm.weight)).toEqual([80, 20]);

  await act("End test").click();
  const end = dialog("End test");
  await firstTo("end", [60, 40]);
  await end.getByRole("button", { name: "End test and keep A" }).click();
  await end.getByText("Somebody else changed this test just now").waitFor();
  expect((await now()).status).toBe("running");
  await end.getByRole("button", { name: "End test and keep A" }).click();
  await end.waitFor({ state: "detached" });
  expect((await now()).status).toBe("ended");
});

test("an alarm is acknowledged with what was found", async () => {
  // A campaign whose outcomes one version cannot tell.
  const campaign = await server.ask<Route>("/v1/routes", { method: "POST", body: { kind: "outbound", name: "reminders", live_version: "front-desk@1" } });
  const arms = [{ version: "front-desk@1", weight: 50 }, { version: "front-desk@2", weight: 50 }];
  const alarming = await server.ask<Test>(`/v1/routes/${campaign.id}/test`, { method: "POST", body: { arms, goal: running.goal, primary_metric: "completion", unit: "call" } });
  await dial(server, campaign.name, 80, (arm, n) => (arm === "A" ? { appointment_booked: n % 2 === 0 } : { appointment_booked: null }));
  await page.goto(`${server.url}/routes/${campaign.id}`);
  await page.getByRole("button", { name: "Acknowledge", exact: true }).click({ timeout: patience });
  await accessible(page);
  await dialog("Acknowledge the alarm").getByRole("textbox", { name: "What was found, for the record" }).fill("the booking system was down for both");
  await dialog("Acknowledge the alarm").getByRole("button", { name: "Stand by the test" }).click();
  await dialog("Acknowledge the alarm").waitFor({ state: "detached" });
  await page.getByRole("list", { name: "Alarms" }).getByText(/Acknowledged by admin.*the booking system was down for both/).waitFor();
  expect(await page.getByRole("button", { name: "Acknowledge", exact: true }).count()).toBe(0);
  expect((await server.ask<Results>(`/v1/tests/${alarming.id}/results`)).verdict.alarms).toMatchObject([{ check: "coverage", acknowledged: { note: "the booking system was down for both" } }]);
});

test("a goal is changed with its reason, and the calls so far are counted anew by it", async () => {
  const completion = async () => {
    const { metrics } = await server.ask<Results>(`/v1/tests/${running.id}/results`);
    return metrics.find((m) => m.name === "completion")?.arms.map((arm) => arm.value);
  };
  await expect.poll(async () => (await completion())?.every((value) => value !== undefined && value < 1), { timeout: patience }).toBe(true);
  await act("Change goal").click();
  const change = dialog("Change the goal");
  await change.getByRole("textbox", { name: /completion when/ }).fill("call.duration_seconds > 0.0");
  await change.getByText("The goal is good.").waitFor();
  await change.getByRole("textbox", { name: /Why/ }).fill("whoever was answered");
  await change.getByRole("button", { name: "Change the goal" }).click();
  await change.waitFor({ state: "detached" });
  await expect.poll(completion, { timeout: patience }).toEqual([1, 1]);
  await page.getByText("The goal was changed after the test began (once): see Phases.").waitFor();
  await page.getByRole("tab", { name: "Phases" }).click();
  await page.getByText("whoever was answered").waitFor();
  await page.getByRole("tab", { name: "Overview" }).click();
  await page.getByRole("row", { name: /Completion rate.*100\.?0?\s?%/ }).first().waitFor();
});
