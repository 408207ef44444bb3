// A stand-in for Tandem's API, for looking at the console without a server and
// for browser tests: `node e2e/fake.mjs [PORT]`. It makes up calls with a fixed
// seed, counts them as the server would, and serves the built console with the
// same content security policy. It is never part of a build.
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { acknowledge, makeTest, results, sample, split, end, addCall, publicTest } from "./made-up.mjs";

const dist = fileURLToPath(new URL("../dist/", import.meta.url));
const policy = "default-src 'self'; media-src 'self' blob:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'";
const types = { ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml" };

/** Signs in, as often as wanted; so do the address and the password. */
export const link = "fake-link";
export const user = { email: "ada@example.com", password: "one made-up password" };

const cookie = "tandem_session=fake";
const who = (role) => ({
  scopes: role === "admin" ? ["read", "write", "ingest", "admin"] : role === "operator" ? ["read", "write"] : ["read"],
  user: { id: "0198f1b2-0000-7000-8000-000000000900", email: user.email, name: "Ada", role, disabled: false, has_way_in: true, created_at: "2026-11-01T08:00:00Z" },
  session: { id: "0198f1b2-0000-7000-8000-000000000901", browser: "a browser", created_at: "2026-11-20T08:00:00Z", seen_at: "2026-11-20T08:00:00Z", expires_at: "2026-11-27T08:00:00Z" },
});

function world() {
  const id = (n) => `0198f1b2-0000-7000-8000-${String(n).padStart(12, "0")}`;
  const versions = {};
  const version = (n, agent, number, note) => {
    versions[id(n)] = { id: id(n), agent_name: agent, number, ...(note && { note }), published_at: "2026-11-20T09:00:00Z", published_by: "ada", content: {} };
    return versions[id(n)];
  };
  const desk = [version(1, "front-desk", 1, "Full greeting, asks one thing at a time"), version(2, "front-desk", 2, "Short greeting, confirms back")];
  const triage = [version(3, "triage", 4), version(4, "triage", 5, "Slower voice"), version(5, "triage", 6, "Asks for the postcode first")];
  const win = [version(6, "win-back", 2), version(7, "win-back", 3)];
  const route = (n, fields) => ({ id: id(n), kind: "inbound", sip_mode: "proxy", max_call_seconds: 3600, revision: 1, created_at: "2026-11-19T08:00:00Z", updated_at: "2026-11-19T08:00:00Z", ...fields });
  const routes = [
    route(100, { number: "+14155550100", name: "Harbor Street Dental", live_version_id: desk[0].id }),
    route(101, { number: "+442079460123", name: "Triage line", live_version_id: triage[0].id }),
    route(102, { number: "+14155550177", name: "Reception after hours", live_version_id: desk[0].id }),
    route(103, { kind: "outbound", name: "win-back-november", live_version_id: win[1].id }),
  ];
  const tests = [
    makeTest({ id: id(200), route: routes[0], versions: desk, phases: [[90, 10], [50, 50]], calls: 1480, seed: 7 }),
    makeTest({ id: id(201), route: routes[1], versions: triage, phases: [[34, 33, 33]], calls: 420, seed: 11, unit: "caller" }),
    makeTest({ id: id(202), route: routes[3], versions: win, phases: [[50, 50]], calls: 2210, seed: 23 }),
    makeTest({ id: id(203), route: routes[0], versions: [desk[0], version(8, "front-desk", 3)], phases: [[50, 50]], calls: 60, seed: 5, name: "Slower voice" }),
  ];
  end(tests[2], "B", "");
  end(tests[3], "A", "");
  return { versions, routes, tests };
}

/** Starts the stand-in; live adds a call to the running tests so many times a second. */
export async function start({ port = 0, live = 0, role = "admin" } = {}) {
  const w = world();
  const listeners = new Set();
  let signedIn = true;
  let seq = 0;
  const tell = (kind, id) => {
    seq++;
    for (const l of listeners) l.write(`id: fake-${seq}\nevent: ${kind}\ndata: ${JSON.stringify({ kind, id, seq })}\n\n`);
  };
  const timer = live > 0 ? setInterval(() => {
    for (const t of w.tests) if (t.status === "running") { addCall(t); tell("results", t.id); }
  }, 1000 / live) : undefined;

  const server = createServer((req, res) => void serve(req, res).catch((e) => problem(res, e.status ?? 500, e.message)));
  async function serve(req, res) {
    const url = new URL(req.url, "http://fake");
    if (!url.pathname.startsWith("/v1/")) return file(res, url.pathname);
    if (url.pathname === "/v1/setup") return json(res, { needed: false, openid: false });
    if (url.pathname === "/v1/session" && req.method === "POST") {
      const given = await read(req);
      if (given.link !== link && (given.email !== user.email || given.password !== user.password)) return problem(res, 401, "the address or the password is wrong");
      res.setHeader("Set-Cookie", `${cookie}; Path=/; HttpOnly; SameSite=Lax`);
      return json(res, who(role));
    }
    if (!signedIn || !(req.headers.cookie ?? "").includes(cookie)) return problem(res, 401, "sign in, or send an API key");
    if (url.pathname === "/v1/session") {
      if (req.method !== "DELETE") return json(res, who(role));
      res.writeHead(204, { "Set-Cookie": `${cookie}; Path=/; Max-Age=0` });
      return void res.end();
    }
    const [, , kind, id, verb] = url.pathname.split("/").map(decodeURIComponent);
    if (kind === "events") {
      res.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-store" });
      res.write("retry: 200\n: listening\n\n");
      listeners.add(res);
      res.on("close", () => listeners.delete(res));
      return;
    }
    if (kind === "status") return json(res, { release: "fake", node: "fake", started_at: "2026-11-20T08:00:00Z", uptime_seconds: 60, sip_listeners: ["udp:0.0.0.0:5060"], calls_in_progress: 0, database_ok: true, spool_backlog: 0 });
    if (kind === "routes" && !id) return json(res, { items: w.routes });
    const found = { routes: w.routes.find((r) => r.id === id || r.number === id), versions: w.versions[id], tests: w.tests.find((t) => t.id === id) }[kind];
    if (kind === "tests" && !id) {
      const of = url.searchParams.get("route");
      return json(res, { items: w.tests.filter((t) => !of || t.route_id === of).map(publicTest) });
    }
    if (!found) return problem(res, 404, `no ${kind?.slice(0, -1)} has the id "${id}"`);
    if (kind !== "tests") return json(res, found);
    if (!verb) return json(res, publicTest(found));
    if (verb === "results") return json(res, results(found));
    if (verb === "report") {
      res.writeHead(200, { "Content-Type": "text/html; charset=utf-8" });
      return void res.end("<!doctype html><title>Report</title><h1>Report</h1>");
    }
    if (verb === "sample") return json(res, sample(found, url.searchParams));
    if (req.headers["if-match"] !== `"${found.revision}"`) return problem(res, 412, "the test has changed since it was read");
    const body = await read(req);
    if (verb === "split") split(found, body.weights);
    if (verb === "end") end(found, body.winner, body.note);
    if (verb === "acknowledge") acknowledge(found, body.check, body.note);
    tell("test", found.id);
    tell("route", found.route_id);
    return json(res, publicTest(found));
  }
  await new Promise((resolve) => server.listen(port, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    /** Another call comes in. */
    call() { for (const t of w.tests) if (t.status === "running") { addCall(t); tell("results", t.id); } },
    /** Somebody else edits a test. */
    edit(n) { w.tests[n].revision++; },
    /** All sessions end, or may begin again. */
    sessions(allowed) { signedIn = allowed; },
    /** Every listener is cut off. */
    cut() { for (const l of listeners) l.destroy(); },
    stop: () => new Promise((resolve) => { clearInterval(timer); server.close(resolve); server.closeAllConnections(); }),
  };
}

async function file(res, path) {
  const name = extname(path) ? normalize(path) : "/index.html";
  const body = await readFile(join(dist, name)).catch(() => null);
  if (!body) return problem(res, 404, "there is nothing at this address");
  res.writeHead(200, { "Content-Type": types[extname(name)] ?? "application/octet-stream", "Content-Security-Policy": policy });
  res.end(body);
}

function json(res, body) {
  res.writeHead(200, { "Content-Type": "application/json", "Content-Security-Policy": "default-src 'none'" });
  res.end(JSON.stringify(body));
}

function problem(res, status, detail) {
  res.writeHead(status, { "Content-Type": "application/problem+json" });
  res.end(JSON.stringify({ type: "about:blank", title: String(status), status, code: "invalid", detail }));
}

async function read(req) {
  let text = "";
  for await (const chunk of req) text += chunk;
  return JSON.parse(text || "{}");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const fake = await start({ port: Number(process.argv[2] ?? 8099), live: 2 });
  console.log(`${fake.url}/sign-in#link=${link}`);
}
