// How quick the console is in Debian's Chromium, on a server that is full of calls:
//
//   node e2e/measure.mjs '{"url": …, "link": …, "test": …, "call": …, "sections": ["bundle", …], "rounds": 5}'
//
// Writes JSON; bench/console starts it and makes tables of what it finds.
import { gzipSync } from "node:zlib";
import { chromium } from "playwright-core";

const asked = JSON.parse(process.argv[2] ?? "{}");
const executablePath = process.env["TANDEM_CHROMIUM"] ?? "/usr/bin/chromium";
const viewport = { width: 1280, height: 900 };

/** After this long without a long task (50 ms or more) a page counts as interactive. */
const quiet = 500;

/** What is measured within a page, from before its first script. `ready` is a function, as text. */
const watch = (ready) => `(() => {
  const seen = (window.__measured = { at: undefined, tasks: [], events: [] });
  const ready = ${ready};
  new PerformanceObserver((list) => list.getEntries().forEach((e) => seen.tasks.push([e.startTime, e.duration]))).observe({ type: "longtask", buffered: true });
  new PerformanceObserver((list) =>
    list.getEntries().forEach((e) => e.interactionId && seen.events.push([e.interactionId, e.name, e.duration, e.processingEnd - e.startTime])),
  ).observe({ type: "event", durationThreshold: 16, buffered: true });
  // Once the data is in the page, the next frame shows it.
  const look = () => {
    if (seen.at !== undefined || !ready()) return;
    see.disconnect();
    requestAnimationFrame(() => setTimeout(() => (seen.at = performance.now())));
  };
  const see = new MutationObserver(look);
  see.observe(document, { subtree: true, childList: true, characterData: true });
})()`;

const pages = {
  // The peer: what the browser, the server and this machine take for next to nothing.
  "(one word)": { path: "/readyz", ready: () => document.body?.textContent.includes("ready") ?? false },
  routes: {
    path: "/",
    // Every route has its version, its test and its calls.
    ready: () => {
      const rows = [...document.querySelectorAll("table.list tbody tr")];
      return rows.length > 0 && rows.every((r) => !r.textContent.includes("…") && r.querySelector(".calls-today")?.textContent !== "");
    },
  },
  results: {
    path: `/tests/${asked.test}`,
    ready: () => document.querySelector(".verdict-text") !== null && document.querySelectorAll("table.metrics .cell-value").length > 10 && document.querySelectorAll(".chart-figure path").length > 1,
  },
  calls: {
    path: "/calls",
    ready: () => {
      const rows = [...document.querySelectorAll(".calls-body .calls-row")];
      return rows.length > 10 && rows.every((r) => !r.textContent.includes("…"));
    },
  },
  call: {
    path: `/calls/${asked.call}`,
    ready: () => document.querySelectorAll(".transcript .turn").length > 1 && document.querySelector("#time-line") !== null && !document.body.textContent.includes("Loading"),
  },
};

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const measured = (page) => page.evaluate(() => ({ ...window.__measured, now: performance.now() }));

/** The CPU time of the browser's processes so far, in milliseconds, by process. */
async function cpu() {
  const { processInfo } = await processes.send("SystemInfo.getProcessInfo");
  return new Map(processInfo.map((p) => [p.id, p.cpuTime * 1000]));
}

const spent = (before, after) => [...after].reduce((sum, [id, time]) => sum + time - (before.get(id) ?? 0), 0);

/** Goes to a page and waits until it is interactive: gives when its data was there, when it was, and what CPU that took. */
async function arrive(page, path) {
  const before = await cpu();
  await page.goto(asked.url + path, { waitUntil: "commit" });
  for (let tries = 0; tries < 600; tries++) {
    await sleep(50);
    const { at, tasks, now } = await measured(page);
    if (at === undefined) continue;
    const interactive = Math.max(at, ...tasks.map(([start, duration]) => start + duration));
    if (now - interactive < quiet) continue;
    return { shown: at, interactive, worked: spent(before, await cpu()) };
  }
  throw new Error(`${path} did not become interactive`);
}

const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
const processes = await browser.newBrowserCDPSession();

async function newPage(ready, storageState) {
  const context = await browser.newContext({ viewport, ...(storageState && { storageState }) });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  if (ready) await page.addInitScript(watch(ready.toString()));
  return { context, page };
}

/** Signs in once; the cookie serves every page after. */
async function signIn() {
  const { context, page } = await newPage();
  await page.goto(`${asked.url}/sign-in#link=${asked.link}`);
  await page.getByRole("heading", { level: 1 }).waitFor();
  const state = await context.storageState();
  await context.close();
  return state;
}

/** The scripts that a page fetches until it is interactive. */
async function scripts(path, ready, state) {
  const { context, page } = await newPage(ready, state);
  const got = [];
  page.on("response", (response) => {
    if (response.request().resourceType() === "script" || /\.js$/.test(new URL(response.url()).pathname)) got.push(response);
  });
  await arrive(page, path);
  let [bytes, zipped, sent] = [0, 0, 0];
  const names = new Set();
  for (const response of got) {
    if (names.has(response.url())) continue;
    names.add(response.url());
    const body = await response.body();
    bytes += body.length;
    zipped += gzipSync(body).length;
    sent += (await response.request().sizes()).responseBodySize;
  }
  await context.close();
  return { files: names.size, bytes, zipped, sent };
}

/** How long a page takes: with nothing in the browser's cache, then again. */
async function times(kind, state) {
  const { path, ready } = pages[kind];
  const rounds = { cold: [], warm: [] };
  for (let i = 0; i < asked.rounds; i++) {
    const { context, page } = await newPage(ready, state);
    rounds.cold.push(await arrive(page, path));
    rounds.warm.push(await arrive(page, path));
    await context.close();
  }
  return rounds;
}

/** Does something and gives how long the slowest event of it took until the next frame; 0 for less than 16 ms. */
async function take(page, act) {
  await page.evaluate(() => {
    window.__measured.events.length = 0;
    window.__measured.tasks.length = 0;
  });
  await act();
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(() => requestAnimationFrame(() => setTimeout(resolve, 60))))));
  const { events, tasks } = await measured(page);
  return { duration: Math.max(0, ...events.map((e) => e[2])), worked: Math.max(0, ...events.map((e) => e[3])), longest: Math.max(0, ...tasks.map((t) => t[1])) };
}

/** What people do on the results of a test, again and again. */
async function interactions(state) {
  const found = {};
  // The peer: a button that does next to nothing.
  const bare = await newPage(pages["(one word)"].ready, state);
  await arrive(bare.page, pages["(one word)"].path);
  await bare.page.evaluate(() => {
    const button = document.body.appendChild(document.createElement("button"));
    button.textContent = "0";
    button.onclick = () => (button.textContent = String(Number(button.textContent) + 1));
  });
  const note = async (name, page, act) => {
    (found[name] ??= []).push(await take(page, act));
  };
  // What a locator does to find its place would be part of the event.
  const press = async (name, page, locator) => {
    await locator.scrollIntoViewIfNeeded();
    const { x, y, width, height } = await locator.boundingBox();
    await note(name, page, () => page.mouse.click(x + width / 2, y + height / 2));
  };
  const settle = async (page) => {
    for (let tries = 0; tries < 100 && (await page.getByText(/^Loading/).count()) > 0; tries++) await sleep(50);
    await sleep(150);
  };
  for (let i = 0; i < 4 * asked.rounds; i++) await press("(a bare button)", bare.page, bare.page.getByRole("button"));
  await bare.context.close();
  const { context, page } = await newPage(pages.results.ready, state);
  await arrive(page, pages.results.path);
  for (let i = 0; i < asked.rounds; i++) {
    for (const tab of ["Distributions", "Groups", "People and judge", "Data quality", "Phases", "Overview"]) {
      await press(`tab ${tab}`, page, page.getByRole("tab", { name: tab }));
      await settle(page);
    }
    const against = page.getByLabel(/^Compare A with/).first();
    await against.focus();
    for (const key of ["ArrowDown", "ArrowDown", "ArrowUp", "ArrowUp"]) await note("another arm", page, () => page.keyboard.press(key));
    for (const group of await page.locator(".group-turn").all()) {
      await press("metrics shown or hidden", page, group);
      await settle(page);
    }
    const table = page.locator(".chart-figure summary").first();
    for (let twice = 0; twice < 2; twice++) await press("a chart as a table", page, table);
    await press("the menu of a chart", page, page.getByRole("button", { name: /^Save / }).nth(1));
    await page.keyboard.press("Escape");
    for (const [button, type] of [["Change split", "33"], ["Change goal", "call.answered and "], ["End test", ""]]) {
      await press(`dialog ${button}`, page, page.getByRole("button", { name: button, exact: true }));
      const dialog = page.getByRole("dialog");
      await dialog.waitFor();
      await settle(page);
      if (type) {
        const box = dialog.locator("input, textarea").first();
        await box.focus();
        for (const c of type) await note(`typing in ${button}`, page, () => page.keyboard.type(c));
      }
      await note(`${button}, closed`, page, () => page.keyboard.press("Escape"));
      await dialog.waitFor({ state: "detached" });
      await sleep(250);
    }
  }
  await context.close();
  const list = await newPage(pages.calls.ready, state);
  await arrive(list.page, pages.calls.path);
  await press("more filters", list.page, list.page.getByRole("button", { name: "More filters" }));
  await settle(list.page);
  for (let i = 0; i < asked.rounds; i++) {
    const box = list.page.getByLabel("Lasted at least");
    await box.focus();
    for (const c of "0:30") await note("typing in a filter", list.page, () => list.page.keyboard.type(c));
    await note("a filter applied", list.page, () => list.page.keyboard.press("Enter"));
    await settle(list.page);
    await press("filters cleared", list.page, list.page.getByRole("button", { name: /^Clear/ }));
    await settle(list.page);
  }
  await list.context.close();
  return found;
}

/** Scrolls the calls down to a row, a screen at a time. */
async function scroll(state, rows) {
  const { context, page } = await newPage(pages.calls.ready, state);
  await arrive(page, pages.calls.path);
  await page.mouse.move(600, 500);
  await page.evaluate(() => {
    const seen = window.__measured;
    seen.tasks.length = 0;
    Object.assign(seen, { most: 0, gaps: [], last: performance.now() });
    const frame = (now) => {
      seen.gaps.push(now - seen.last);
      seen.last = now;
      seen.most = Math.max(seen.most, document.querySelectorAll(".calls-body .calls-row").length);
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  });
  const before = await cpu();
  let [at, steps] = [0, 0];
  for (; at < rows && steps < 3_000; steps++) {
    await page.mouse.wheel(0, 700);
    await sleep(16);
    if (steps % 10 === 0) at = await page.evaluate(() => Math.max(0, ...[...document.querySelectorAll(".calls-body [aria-rowindex]")].map((r) => Number(r.getAttribute("aria-rowindex")))));
  }
  const { tasks, most, gaps } = await measured(page);
  const worked = spent(before, await cpu());
  await context.close();
  gaps.sort((a, b) => a - b);
  return { at, most, longest: Math.max(0, ...tasks.map((t) => t[1])), long: tasks.length, frame: gaps[Math.floor(gaps.length * 0.99)], worked: worked / steps };
}

const wants = (section) => asked.sections.includes(section);
const out = { browser: browser.version() };
try {
  if (wants("bundle")) out.signIn = await scripts("/sign-in", () => document.querySelector("form") !== null);
  const state = await signIn();
  if (wants("bundle")) out.routes = await scripts("/", pages.routes.ready, state);
  if (wants("pages")) {
    out.pages = {};
    for (const kind of Object.keys(pages)) out.pages[kind] = await times(kind, state);
  }
  if (wants("interactions")) out.interactions = await interactions(state);
  // Whatever else the machine does makes tasks longer, never shorter: the best of three.
  for (let i = 0; wants("scroll") && i < 3; i++) {
    const found = await scroll(state, 5_000);
    if (!out.scroll || found.longest < out.scroll.longest) out.scroll = found;
  }
} finally {
  await browser.close();
}
process.stdout.write(JSON.stringify(out));
