// What of an agent's page is in its address.

export type AgentTab = "versions" | "draft" | "compare";

export interface AgentSearch {
  tab?: AgentTab;
  from?: string;
  to?: string;
}

export function readAgentSearch(search: Record<string, unknown>): AgentSearch {
  const tab = search["tab"];
  const text = (v: unknown) => (typeof v === "string" || typeof v === "number" ? String(v) : undefined);
  const from = text(search["from"]);
  const to = text(search["to"]);
  return { ...((tab === "draft" || tab === "compare") && { tab }), ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
}
