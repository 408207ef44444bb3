import type { RoutePatch } from "../api/steer";
import type { Route } from "../api/types";

/** A route's settings as they are edited. */
export interface Edited {
  name: string;
  number: string;
  live: string;
  fallback: string;
  mode: Route["sip_mode"];
  /** Seconds; NaN is empty. */
  longest: number;
  /** Calls at once per version; NaN is no limit. */
  limit: number;
}

export const editedOf = (r: Route): Edited => ({
  name: r.name,
  number: r.number ?? "",
  live: r.live_version_id,
  fallback: r.fallback_uri ?? "",
  mode: r.sip_mode,
  longest: r.max_call_seconds,
  limit: (r.version_limit ?? 0) > 0 ? Number(r.version_limit) : NaN,
});

/** What of the settings changed, as the API takes it. */
export function patchOf(r: Route, e: Edited): RoutePatch {
  const before = editedOf(r);
  const number = (x: number) => (Number.isFinite(x) ? x : null);
  return {
    ...(e.name.trim() !== before.name && { name: e.name.trim() }),
    ...(e.number.trim() !== before.number && { number: e.number.trim() }),
    ...(e.live !== before.live && { live_version: e.live }),
    ...(e.fallback.trim() !== before.fallback && { fallback_uri: e.fallback.trim() || null }),
    ...(e.mode !== before.mode && { sip_mode: e.mode }),
    ...(!Object.is(e.longest, before.longest) && Number.isFinite(e.longest) && { max_call_seconds: e.longest }),
    ...(!Object.is(e.limit, before.limit) && { version_limit: number(e.limit) }),
  };
}
