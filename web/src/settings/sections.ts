import type { Scope } from "../session";

export interface Section {
  id: string;
  title: string;
  /** What one needs to see it. */
  scope: Scope;
}

/** The settings, in the order in which they are listed. */
export const sections = [
  { id: "account", title: "My account", scope: "read" },
  { id: "users", title: "Users and roles", scope: "admin" },
  { id: "sign-in", title: "Single sign-on", scope: "admin" },
  { id: "keys", title: "API keys", scope: "admin" },
  { id: "ways-in", title: "Ways in", scope: "read" },
  { id: "analyzer", title: "Analysis of calls", scope: "read" },
  { id: "privacy", title: "Personal data", scope: "read" },
  { id: "notifications", title: "Notifications", scope: "admin" },
  { id: "audit", title: "Audit log", scope: "admin" },
] as const satisfies Section[];

export type SectionId = (typeof sections)[number]["id"];
