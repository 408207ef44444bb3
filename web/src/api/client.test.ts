import { afterEach, expect, test, vi } from "vitest";
import { answer } from "../test/server";
import { api, ApiError } from "./client";
import { session } from "../session";
import { signedInAs } from "../test/session";

afterEach(() => vi.unstubAllGlobals());

test("a change carries the revision it was made for, and no key", async () => {
  const asked = answer(() => ({ body: {} }));
  await api.split("t/1", [80, 20], 4);
  expect(asked[0]).toMatchObject({ method: "PUT", path: "/v1/tests/t%2F1/split", body: { weights: [80, 20] } });
  expect(asked[0]?.headers.get("Authorization")).toBeNull();
  expect(asked[0]?.headers.get("If-Match")).toBe('"4"');
});

test("a refusal says what the API says", async () => {
  const errors = [{ location: "body.weights[0]", message: "is -1; expected a percentage from 0 to 100" }];
  answer(() => ({ status: 422, body: { status: 422, detail: "the weights are wrong", errors } }));
  const error = await api.split("t1", [-1, 101], 1).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(ApiError);
  expect(error).toMatchObject({ status: 422, message: "the weights are wrong", parts: errors });
});

test("a session that has ended leads to sign-in; one that began meanwhile goes on", async () => {
  answer(() => ({ status: 401, body: { detail: "sign in" } }));
  await expect(api.test("t1")).rejects.toMatchObject({ status: 401 });
  expect(session.get()).toEqual({ state: "out", why: "ended" });

  signedInAs("viewer");
  answer(() => {
    signedInAs("operator");
    return { status: 401, body: { detail: "sign in" } };
  });
  await expect(api.test("t1")).rejects.toMatchObject({ status: 401 });
  expect(session.get()).toMatchObject({ state: "in", who: { user: { role: "operator" } } });
});

test("a server that is away is told apart from one that refuses", async () => {
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("network")));
  await expect(api.test("t1")).rejects.toMatchObject({ status: 0 });
});

test("a sample is asked for by its filters, empty ones left out", async () => {
  const asked = answer(() => ({ body: {} }));
  await api.sample("t1", { seed: 7, per_arm: 3, goal: "not_met", ended_by: "", as_of: "A:10,B:9" });
  const q = new URL(asked[0]?.path ?? "", "http://x").searchParams;
  expect(Object.fromEntries(q)).toEqual({ seed: "7", per_arm: "3", goal: "not_met", as_of: "A:10,B:9", has_transcript: "true" });
});
