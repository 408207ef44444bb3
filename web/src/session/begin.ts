import { account } from "../api/account";
import { ApiError } from "../api/client";
import type { Whoami } from "../api/types";
import { session } from "./index";

/** A secret that came in the address behind the #, where no server's log has it. */
export const secretInAddress = (name: string): string | undefined => new URLSearchParams(location.hash.slice(1)).get(name) ?? undefined;

/** A path of this console, "/" for anything that would lead away from it. */
export function homeward(to: string | null): string {
  if (to === null || !/^\/(?![/\\])/.test(to)) return "/";
  const url = new URL(to, location.origin);
  return url.origin === location.origin ? url.pathname + url.search : "/";
}

/** Whether the address is that of a page in front of the console. */
export const isDoor = (): boolean => /^\/(sign-in|setup|invitation)\/?$/.test(location.pathname);

/** Goes on as who one is: to where the sign-in page was told, else where one is. */
export function enter(who: Whoami): void {
  if (isDoor()) history.replaceState(null, "", homeward(new URLSearchParams(location.search).get("to")));
  session.set({ state: "in", who });
}

/** Asks who one is; a link in the address (`/sign-in#link=...`) signs in first. */
export async function begin(): Promise<void> {
  const link = location.pathname === "/sign-in" ? secretInAddress("link") : undefined;
  // An invitation is shown to whoever is signed in: it may be for somebody else.
  const come = (who: Whoami) => (isDoor() && location.pathname !== "/sign-in" ? session.set({ state: "in", who }) : enter(who));
  let refused: unknown;
  if (link !== undefined) {
    history.replaceState(null, "", location.pathname + location.search);
    try {
      come(await account.signInByLink(link));
      return;
    } catch (error) {
      refused = error; // one that was used leads on if one is signed in anyway
    }
  }
  try {
    come(await account.session());
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) session.set({ state: "out", why: "never", ...(refused !== undefined && { error: refused }) });
    else session.set({ state: "failed", error });
  }
}

/** Ends the session; the page stays where it is, for whoever comes next. */
export async function leave(): Promise<void> {
  await account.signOut();
  session.set({ state: "out", why: "left" });
}
