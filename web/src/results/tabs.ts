export const tabs = ["overview", "distributions", "groups", "people", "quality", "history"] as const;
export type Tab = (typeof tabs)[number];

/** The tab that an address names; the overview where it names none. */
export const readTab = (raw: unknown): Tab => tabs.find((t) => t === raw) ?? "overview";
