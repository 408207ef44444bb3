import { vi } from "vitest";

export interface Asked {
  method: string;
  path: string;
  headers: Headers;
  body: unknown;
}

type Answer = { status?: number; body: unknown } | undefined;

/** Answers the API's requests in a test and keeps what was asked. */
export function answer(how: (asked: Asked) => Answer): Asked[] {
  const all: Asked[] = [];
  vi.stubGlobal("fetch", (path: string, init: RequestInit = {}) => {
    const asked: Asked = {
      method: init.method ?? "GET",
      path,
      headers: new Headers(init.headers),
      body: typeof init.body === "string" ? JSON.parse(init.body) : undefined,
    };
    all.push(asked);
    const a = how(asked) ?? { status: 404, body: { detail: `nothing at ${path}` } };
    return Promise.resolve(new Response(JSON.stringify(a.body), { status: a.status ?? 200 }));
  });
  return all;
}
