// Servers for the browser tests: the real binary on a folder of its own, what
// the command line and other programs do with it meanwhile, and a wire to it
// that can be cut.
import { execFile, spawn, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, connect, type AddressInfo, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Event } from "../src/api/schema/types.gen";
import type { List } from "../src/api/types";
import type { Role } from "../src/session";

const binary = fileURLToPath(new URL("../../bin/tandem", import.meta.url));

/** The number that the demo's callers call. */
export const number = "+1 415 555 0100";

interface DemoOptions {
  /** Calls a second. */
  rate?: number;
  /** How many times faster than in life. */
  speed?: number;
  /** Who calls. */
  seed?: number;
  /** A folder with data, to go on there. */
  data?: string;
}

/** A server with an agent of two versions, a number under test, and callers who call it by SIP. */
export const demo = ({ rate = 6, speed = 60, seed = 3, data }: DemoOptions = {}): Promise<Tandem> =>
  Tandem.start(data, (dir) => ["demo", "--data", dir, "--http", "127.0.0.1:0", "--rate", String(rate), "--speed", String(speed), "--seed", String(seed)], {
    url: /console +(http:\S+?)\/sign-in/,
    way: /(\/sign-in#link=[\w-]+)/,
    sip: /SIP gateway +(\S+)/,
    ready: /Ctrl-C stops/,
  });

/** A server with nothing in it yet. */
export const bare = (): Promise<Tandem> =>
  Tandem.start(undefined, (dir) => ["serve", "--data", dir, "--http", "127.0.0.1:0", "--sip", "udp:127.0.0.1:0"], {
    url: /http=(http:\S+)/,
    way: /(\/setup#code=[\w-]+)/,
    sip: /udp:([\d.:]+)/,
    ready: /Tandem serves.*\n/,
  });

/** How a server says where it is. */
interface Words {
  url: RegExp;
  way: RegExp;
  sip: RegExp;
  ready: RegExp;
}

export interface User {
  email: string;
  password: string;
}

/** What may be asked besides reading. */
interface Ask {
  method?: "POST" | "PUT" | "PATCH" | "DELETE";
  body?: unknown;
}

export class Tandem {
  readonly #users = new Map<Role, Promise<User>>();
  #key: Promise<string> | undefined;

  private constructor(
    readonly url: string,
    /** The way in that it says at its start: path and secret, good once. */
    readonly way: string,
    /** Where its SIP gateway listens. */
    readonly sip: string,
    readonly data: string,
    private readonly child: ChildProcess,
    private readonly gone: Promise<unknown>,
  ) {}

  static async start(data: string | undefined, args: (dir: string) => string[], words: Words): Promise<Tandem> {
    if (!existsSync(binary)) throw new Error("the browser tests need bin/tandem: make build");
    const dir = data ?? (await mkdtemp(join(tmpdir(), "tandem-console-")));
    const child = spawn(binary, args(dir), { stdio: ["ignore", "pipe", "pipe"] });
    const gone = new Promise((resolve) => child.once("exit", resolve));
    // Whatever becomes of the tests, it does not outlive them.
    const kill = () => child.kill("SIGKILL");
    process.once("exit", kill);
    void gone.then(() => process.off("exit", kill));
    return new Promise((resolve, reject) => {
      let said = "";
      let ready = false;
      const hear = (chunk: Buffer) => {
        said = (said + chunk.toString()).slice(-10_000);
        if (ready) return;
        ready = words.ready.test(said);
        if (!ready) return;
        const [url, way, sip] = [words.url, words.way, words.sip].map((w) => w.exec(said)?.[1]);
        if (url === undefined || sip === undefined) reject(new Error(`the server did not say where it is: ${said}`));
        else resolve(new Tandem(url, way ?? "", sip, dir, child, gone));
      };
      child.stdout.on("data", hear);
      child.stderr.on("data", hear);
      child.once("error", reject);
      child.once("exit", (code, signal) => {
        if (child.killed) return; // by the tests
        const ended = `the server ended by itself (${signal ?? `code ${code}`}); it said last:\n${said}`;
        reject(new Error(ended)); // or, once it was ready, whoever asks it next tells too little
        process.stderr.write(`${ended}\n`);
      });
    });
  }

  /** Ends it, and its data with it. */
  async stop(): Promise<void> {
    this.child.kill("SIGINT");
    await this.gone;
    await rm(this.data, { recursive: true, force: true });
  }

  /** Ends it as a power cut would; its data stays. */
  async kill(): Promise<void> {
    this.child.kill("SIGKILL");
    await this.gone;
  }

  /** Runs a command on the server's machine. */
  async run(args: string[], input = ""): Promise<string> {
    const env = { ...process.env, TANDEM_DATA: this.data, TANDEM_URL: this.url, ...(this.#key && { TANDEM_KEY: await this.#key }) };
    const running = promisify(execFile)(binary, args, { env });
    running.child.stdin?.end(input);
    return (await running).stdout;
  }

  /** Somebody of that role, who signs in with a password. */
  user(role: Role): Promise<User> {
    const before = this.#users.get(role);
    if (before) return before;
    const user = { email: `${role}@example.com`, password: `a long one for the ${role}` };
    const made = this.run(["user", "create", user.email, "--role", role], `${user.password}\n`).then(() => user);
    this.#users.set(role, made);
    return made;
  }

  /** Asks the API as another program does, that may do everything. */
  async ask<T>(path: string, { method, body }: Ask = {}): Promise<T> {
    this.#key ??= this.run(["key", "create", "browser tests", "--scope", "admin"]).then((said) => said.trim());
    const response = await fetch(this.url + path, {
      method: method ?? "GET",
      headers: { Authorization: `Bearer ${await this.#key}`, "Content-Type": "application/json" },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method ?? "GET"} ${path} was answered ${response.status}: ${text}`);
    return (text === "" ? undefined : JSON.parse(text)) as T;
  }

  /** The first of a list of the API. */
  async first<T>(path: string): Promise<T> {
    const [item] = (await this.ask<List<T>>(path)).items;
    if (item === undefined) throw new Error(`${path} lists nothing`);
    return item;
  }
}

/** Places calls on a route as a dialler does, which asks which version takes each, and says what the analysis of each found, if anything. */
export async function dial(server: Tandem, route: string, calls: number, found: (arm: string, nth: number) => Event["analysis"]): Promise<void> {
  const nth = new Map<string, number>();
  for (let i = 0; i < calls; i++) {
    const call = { origin: "dialler", foreign_id: `${route} ${i}` };
    const { call_id, arm } = await server.ask<{ call_id: string; arm: string }>("/v1/assignments", { method: "POST", body: { route, call, caller: `+1415557${String(i).padStart(4, "0")}` } });
    const n = nth.get(arm) ?? 0;
    nth.set(arm, n + 1);
    const analysis = found(arm, n);
    const events: Event[] = [{ id: `${i}/end`, kind: "ended", ended: { by: "caller", duration_ms: 20_000 + (n % 7) * 4_000, answered: true } }];
    if (analysis) events.push({ id: `${i}/analysis`, kind: "analysis", analysis });
    await server.ask(`/v1/calls/${call_id}/events`, { method: "POST", body: events });
  }
}

export interface Wire {
  url: string;
  /** Leads elsewhere from now on. */
  lead: (to: string) => void;
  /** Breaks every connection and takes none until it is mended. */
  cut: () => void;
  mend: () => void;
  stop: () => Promise<void>;
}

/** A way to a server that can be cut. */
export async function wire(to: string): Promise<Wire> {
  const sockets = new Set<Socket>();
  let whole = true;
  let port = Number(new URL(to).port);
  const keep = (socket: Socket, other: () => Socket | undefined) => {
    sockets.add(socket);
    socket.on("error", () => undefined); // that it broke is told by its close
    socket.on("close", () => {
      sockets.delete(socket);
      other()?.destroy();
    });
  };
  const server = createServer((near) => {
    if (!whole) {
      near.resetAndDestroy();
      return;
    }
    const far = connect(port, "127.0.0.1");
    keep(near, () => far);
    keep(far, () => near);
    near.pipe(far).pipe(near);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const cut = () => {
    whole = false;
    sockets.forEach((socket) => socket.destroy());
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    lead: (elsewhere) => void (port = Number(new URL(elsewhere).port)),
    cut,
    mend: () => void (whole = true),
    stop: () => {
      cut();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
