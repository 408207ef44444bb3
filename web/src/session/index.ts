// Who uses the console, and what they may do. The session itself is a cookie that
// no script reads; this is only what the server said about it.
import { useSyncExternalStore } from "react";
import type { Whoami } from "../api/types";

export type Scope = Whoami["scopes"][number];
export type Role = NonNullable<Whoami["user"]>["role"];

/** Why nobody is signed in. */
export type Absence = "never" | "ended" | "left";

export type Session = { state: "asking" } | { state: "failed"; error: unknown } | { state: "out"; why: Absence; error?: unknown } | { state: "in"; who: Whoami };

let now: Session = { state: "asking" };
const listeners = new Set<() => void>();

export const session = {
  get: (): Session => now,

  set(next: Session): void {
    now = next;
    listeners.forEach((tell) => tell());
  },

  /** The server refused a request that was made in this session; a newer one goes on. */
  lost(during: Session): void {
    if (during === now && now.state === "in") session.set({ state: "out", why: "ended" });
  },

  may: (scope: Scope): boolean => now.state === "in" && now.who.scopes.includes(scope),

  subscribe(tell: () => void): () => void {
    listeners.add(tell);
    return () => listeners.delete(tell);
  },
};

export const useSession = (): Session => useSyncExternalStore((tell) => session.subscribe(tell), session.get);

/** Who is signed in; undefined for nobody. */
export function useMe(): Whoami["user"] {
  const s = useSession();
  return s.state === "in" ? s.who.user : undefined;
}

/** Whether one's role allows reading, changing agents, routes and tests (write), or everything (admin). */
export function useMay(scope: Scope): boolean {
  const s = useSession();
  return s.state === "in" && s.who.scopes.includes(scope);
}

/** Why one's role does not allow it, for beside or in a disabled control; undefined when it does. */
export function useRefusal(scope: Scope): string | undefined {
  return useMay(scope) ? undefined : refusals[scope];
}

const refusals: Record<Scope, string> = {
  read: "You are not signed in.",
  write: "Your role is viewer, which only reads. An administrator can make you an operator.",
  ingest: "Only administrators may do this.",
  admin: "Only administrators may do this.",
};

/** The roles, from the least to the most. */
export const roles: { id: Role; label: string; detail: string }[] = [
  { id: "viewer", label: "Viewer", detail: "Reads everything but keys, users, the audit log and secrets" },
  { id: "operator", label: "Operator", detail: "Also changes agents, routes and tests" },
  { id: "admin", label: "Administrator", detail: "Everything, settings and users too" },
];

export const roleName = (role: Role): string => roles.find((r) => r.id === role)?.label ?? role;
