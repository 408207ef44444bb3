import { expect, test } from "vitest";
import { summaryOf } from "./Changes";
import { cleaned, objectOf } from "./draft";

const at = (...paths: string[]) => paths.map((path) => ({ path, before: null, after: 1 }));

test.each([
  ["nothing", at(), "Nothing changed."],
  ["one place", at("prompt"), "Changed: prompt."],
  ["places once each, by their first word", at("llm.model", "llm.temperature", "fields[reason].choices"), "Changed: llm and fields."],
  ["several", at("greeting", "prompt", "target.sip.uri"), "Changed: greeting, prompt and target."],
])("a summary of %s", (_, differences, text) => expect(summaryOf(differences)).toBe(text));

test("what was left empty is not part of a draft", () => {
  expect(
    cleaned({
      greeting: "", prompt: "Hello", llm: { provider: "", model: "", temperature: 1 }, voice: { provider: "", model: "" }, transcriber: { provider: "deepgram", model: "", language: "en" },
      tools: [{ name: "book", description: "" }], fields: [{ name: "reason", type: "selector", choices: ["a", ""] }],
      target: { kind: "sip", sip: { uri: "sip:a@example.com", headers: { "": "", "X-Tenant": "blue" } } },
    }),
  ).toEqual({
    prompt: "Hello", transcriber: { provider: "deepgram", language: "en" }, tools: [{ name: "book" }], fields: [{ name: "reason", type: "selector", choices: ["a"] }],
    target: { kind: "sip", sip: { uri: "sip:a@example.com", headers: { "X-Tenant": "blue" } } },
  });
});

test("what has no place in the form stays as it was", () => {
  const draft = { flow: { nodes: [1] }, extra: { timeout: 5 }, voice: { provider: "x", settings: { speed: 1.1 } }, tools: [{ name: "a", settings: { async: true }, parameters: { type: "object" } }] };
  expect(cleaned(draft)).toEqual(draft);
});

test.each([
  ["an object", '{"a": 1}', { a: 1 }, undefined],
  ["nothing", " ", undefined, undefined],
  ["a list", "[1]", undefined, /JSON object/],
  ["half of one", '{"a":', undefined, /JSON/],
])("JSON of %s", (_, text, value, fault) => {
  const read = objectOf(text);
  expect(read.value).toEqual(value);
  if (fault) expect(read.fault).toMatch(fault);
  else expect(read.fault).toBeUndefined();
});
