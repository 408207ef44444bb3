// What a browser has to fetch before it shows a page, of what was built.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";

/** Bytes of script, gzipped. */
const limit = 250_000;

// Vitest runs where its configuration is.
const dist = "dist";
const absent = !existsSync(`${dist}/index.html`);

/** The script of the page itself, and what a chunk imports before it runs. */
function firstLoad(chunk: string): Map<string, string> {
  const found = new Map<string, string>();
  const take = (name: string) => {
    if (found.has(name)) return;
    const text = readFileSync(`${dist}/assets/${name}`, "utf8");
    found.set(name, text);
    for (const [, next] of text.matchAll(/(?:from|import)\s*"\.\/([^"]+\.js)"/g)) if (next) take(next);
  };
  for (const [, name] of readFileSync(`${dist}/index.html`, "utf8").matchAll(/"\/assets\/([^"]+\.js)"/g)) if (name) take(name);
  const page = readdirSync(`${dist}/assets`).find((name) => name.startsWith(`${chunk}-`) && name.endsWith(".js"));
  if (page === undefined) throw new Error(`no chunk is called ${chunk}`);
  take(page);
  return found;
}

describe.skipIf(absent)(`the first load${absent ? " (skipped: the console is not built)" : ""}`, () => {
  test.each([
    ["sign-in", "Door"],
    ["routes", "HomePage"],
  ])("of %s is at most 250 kB of script, gzipped", (_, chunk) => {
    const files = firstLoad(chunk);
    // React is in it, so that it cannot be next to nothing.
    expect(files.size).toBeGreaterThan(3);
    const sizes = [...files].map(([name, text]): [string, number] => [name, gzipSync(text).length]);
    const sum = sizes.reduce((all, [, bytes]) => all + bytes, 0);
    expect(sum).toBeGreaterThan(60_000);
    expect(sum, sizes.map(([name, bytes]) => `${name} ${bytes}`).join(", ")).toBeLessThanOrEqual(limit);
  });
});
