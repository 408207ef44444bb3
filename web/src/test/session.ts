import { session, type Role, type Scope } from "../session";

const scopes: Record<Role, Scope[]> = { viewer: ["read"], operator: ["read", "write"], admin: ["read", "write", "ingest", "admin"] };

/** Signs a made-up user in, for tests of what a role may do; every test begins as an administrator. */
export function signedInAs(role: Role): void {
  session.set({
    state: "in",
    who: {
      scopes: scopes[role],
      user: { id: "u1", email: "ann@example.com", name: "Ann Lee", role, disabled: false, has_way_in: true, created_at: "2026-11-01T09:00:00Z" },
      session: { id: "s1", browser: "Test", created_at: "2026-11-20T09:00:00Z", seen_at: "2026-11-20T09:00:00Z", expires_at: "2026-11-27T09:00:00Z" },
    },
  });
}
