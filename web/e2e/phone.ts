// Telephones: SIPp, with the scenarios of the Go tests.
import { spawn, type ChildProcess } from "node:child_process";
import { createSocket } from "node:dgram";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const scenario = (name: string) => fileURLToPath(new URL(`../../e2e/testdata/${name}.xml`, import.meta.url));

/** A port that nobody has at the moment. */
const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const socket = createSocket("udp4");
    socket.once("error", reject);
    socket.bind(0, "127.0.0.1", () => {
      const { port } = socket.address();
      socket.close(() => resolve(port));
    });
  });

/** Whether somebody listens at a port. The kernel is asked: to try it out would take it from SIPp. */
const taken = async (port: number): Promise<boolean> => (await readFile("/proc/net/udp", "utf8")).includes(`:${port.toString(16).toUpperCase().padStart(4, "0")} `);

function sipp(name: string, port: number, args: string[]): { child: ChildProcess; gone: Promise<number | null> } {
  const child = spawn("sipp", [...args, "-sf", scenario(name), "-i", "127.0.0.1", "-p", String(port), "-nostdin"], { stdio: "ignore", env: { ...process.env, TERM: "dumb" } });
  const gone = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject); // these tests need SIPp
    child.once("exit", resolve);
  });
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  void gone.then(() => process.off("exit", kill), () => undefined);
  return { child, gone };
}

/** An agent that takes every call, until it is stopped. */
export async function agent(): Promise<{ uri: string; stop: () => Promise<unknown> }> {
  const port = await freePort();
  const { child, gone } = sipp("agent", port, []);
  while (!(await taken(port))) {
    const ended = await Promise.race([gone.then(() => true), new Promise<boolean>((resolve) => setTimeout(() => resolve(false), 50))]);
    if (ended) throw new Error("SIPp ended at its start");
  }
  return {
    uri: `sip:front-desk@127.0.0.1:${port}`,
    stop: () => {
      child.kill("SIGKILL");
      return gone;
    },
  };
}

/** Somebody who calls a number through a gateway, and hangs up after a second. */
export async function call(gateway: string, number: string): Promise<void> {
  const { gone } = sipp("caller-leaves", await freePort(), [gateway, "-s", number, "-m", "1", "-d", "1000", "-key", "script", "caller-leaves", "-timeout", "60", "-timeout_error"]);
  const code = await gone;
  if (code !== 0) throw new Error(`the call did not go through: SIPp ended with ${code}`);
}
