import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { Analyzer, Retention } from "../api/types";
import { deed } from "./actions";
import { bodyOf, formOf, providerOf, secretsAstray } from "./analyzerForm";
import { browserName } from "./browser";
import { changed } from "./changes";
import { linesOf, shortened } from "./privacy";

const stored: Analyzer = { kind: "llm", base_url: "https://api.openai.com/v1", model: "gpt-4.1-mini", key_set: true, input_price: 0.4, output_price: 1.6, concurrency: 4, timeout_seconds: 60, budget: { day_cost: 5 }, fill_in: true };

test("the analyser's settings go through the form unchanged, and its key is neither shown nor sent", () => {
  const form = formOf(stored);
  expect(form.key).toBe("");
  expect(bodyOf(form)).toEqual({ kind: "llm", base_url: "https://api.openai.com/v1", model: "gpt-4.1-mini", input_price: 0.4, output_price: 1.6, concurrency: 4, timeout_seconds: 60, budget: { day_cost: 5 }, fill_in: true });
  expect(bodyOf({ ...form, key: "sk-new", dayCost: NaN })).toMatchObject({ key: "sk-new", budget: {} });
});

test("a stored key is asked for anew when the address leads to another host", () => {
  const form = formOf(stored);
  expect(secretsAstray(stored, { ...form, baseUrl: "https://api.openai.com/v2" })).toBe(false);
  expect(secretsAstray(stored, { ...form, baseUrl: "https://api.groq.com/openai/v1" })).toBe(true);
  expect(secretsAstray({ ...stored, key_set: false }, { ...form, baseUrl: "https://api.groq.com/openai/v1" })).toBe(false);
});

test("a provider is known by its address", () => {
  expect([undefined, "https://x.openai.azure.com/openai/deployments/d", "http://127.0.0.1:11434/v1", "https://llm.example.com/v1"].map(providerOf)).toEqual(["openai", "azure", "ollama", "other"]);
});

test("what is kept for a shorter time than before is what gets deleted", () => {
  const forEver: Retention = { transcripts_days: 0, analyses_days: 0, recordings_days: 0, callers_days: 0, records_days: 0 };
  expect(shortened(forEver, forEver)).toEqual([]);
  expect(shortened(forEver, { ...forEver, callers_days: 30 })).toEqual([{ id: "callers_days", days: 30 }]);
  expect(shortened({ ...forEver, callers_days: 30 }, { ...forEver, callers_days: 60 })).toEqual([]);
  expect(shortened({ ...forEver, callers_days: 30 }, forEver)).toEqual([]);
});

test("names are one a line, each once", () => expect(linesOf(" Ann Lee\n\nBo\nAnn Lee ")).toEqual(["Ann Lee", "Bo"]));

test("an entry of the audit log tells only what differs, leaf by leaf", () => {
  expect(changed({ name: "a", split: [50, 50], old: 1 }, { name: "a", split: [20, 80], note: "why" })).toEqual([
    { name: "split.0", before: "50", after: "20" },
    { name: "split.1", before: "50", after: "80" },
    { name: "old", before: "1", after: undefined },
    { name: "note", before: undefined, after: "why" },
  ]);
  expect(changed(null, { names: [] })).toEqual([{ name: "names", before: undefined, after: "[]" }]);
  expect(changed({}, null)).toEqual([]);
});

test("an action is told in words, one that has none as it is", () => {
  expect(["route.create", "user.sign_in", "test.reweight", "odd.thing"].map(deed)).toEqual(["created a route", "signed in", "changed the split of a test", "odd.thing"]);
});

test("a browser is called by its name and its system", () => {
  expect(browserName("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36")).toBe("Chrome on Linux");
  expect(browserName("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1 Version/17.0 Safari/604.1")).toBe("Safari on iPhone");
  expect(browserName("curl/8")).toBe("curl/8");
  expect(browserName("")).toBe("Unknown browser");
});

test("every action that the server writes into the audit log is told in words", () => {
  const internal = "../internal/";
  const sources = readdirSync(internal, { recursive: true, encoding: "utf8" }).filter((f) => f.endsWith(".go") && !f.endsWith("_test.go") && !f.includes("storetest"));
  const named = /"((?:agent|version|route|test|key|user|webhook|judging|privacy|settings)\.[a-z_]+)"/g;
  const actions = new Set(sources.flatMap((f) => [...readFileSync(internal + f, "utf8").matchAll(named)].map((m) => m[1] ?? "")));
  expect(actions.size).toBeGreaterThan(20);
  expect([...actions, "ticket.link", "ticket.setup", "ticket.invitation"].filter((a) => deed(a) === a)).toEqual([]);
});
