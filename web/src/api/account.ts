import { request } from "./client";
import type { Invited, List, OwnSession, Setup, Whoami } from "./types";

const at = encodeURIComponent;
const post = <T>(path: string, body: unknown) => request<T>(path, { method: "POST", body });

/** Coming in, going out, and one's own account. */
export const account = {
  session: (signal?: AbortSignal) => request<Whoami>("/v1/session", signal && { signal }),

  setup: (signal?: AbortSignal) => request<Setup>("/v1/setup", signal && { signal }),

  signIn: (email: string, password: string) => post<Whoami>("/v1/session", { email, password }),

  signInByLink: (link: string) => post<Whoami>("/v1/session", { link }),

  signOut: () => request<undefined>("/v1/session", { method: "DELETE" }),

  setUp: (body: { code: string; email: string; name?: string; password: string }) => post<Whoami>("/v1/setup", body),

  invited: (token: string, signal?: AbortSignal) => request<Invited>(`/v1/invitations/${at(token)}`, signal && { signal }),

  accept: (token: string, password: string, name: string) => post<Whoami>(`/v1/invitations/${at(token)}`, { password, ...(name && { name }) }),

  rename: (name: string) => request<Whoami>("/v1/session", { method: "PATCH", body: { name } }),

  /** All sessions end and a new one begins. */
  changePassword: (old: string, next: string) => post<Whoami>("/v1/session/password", { old, new: next }),

  sessions: (signal?: AbortSignal) => request<List<OwnSession>>("/v1/sessions", signal && { signal }),

  endSession: (id: string) => request<undefined>(`/v1/sessions/${at(id)}`, { method: "DELETE" }),
};
