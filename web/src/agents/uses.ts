import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { queries } from "../api/queries";
import { phone, weight } from "../format";

export interface Use {
  route: string;
  name: string;
  /** The number that is called, of a route that has one. */
  number?: string;
  what: string;
}

/** Where each version is in use, by its id. */
export function useUses(): Map<string, Use[]> {
  const routes = useInfiniteQuery(queries.routes());
  const running = useQuery(queries.running());
  const uses = new Map<string, Use[]>();
  const add = (version: string, use: Use) => uses.set(version, [...(uses.get(version) ?? []), use]);
  for (const route of routes.data?.pages.flatMap((p) => p.items) ?? []) {
    const on = { route: route.id, name: route.number ? phone(route.number) : route.name, ...(route.number && { number: route.number }) };
    add(route.live_version_id, { ...on, what: "live" });
    for (const arm of running.data?.get(route.id)?.arms ?? []) add(arm.version_id, { ...on, what: `${arm.key} of a test, ${weight(arm.weight)}` });
  }
  return uses;
}
