import { cleanup, configure } from "@testing-library/react";
import { afterEach, beforeEach } from "vitest";
import { signedInAs } from "./session";

// A busy machine takes its time; what never comes fails all the same.
configure({ asyncUtilTimeout: 15_000 });

window.scrollTo = () => undefined;
// jsdom has no CSS.escape, which react-aria calls; the ids in tests need none.
Object.assign(globalThis, { CSS: { escape: (text: string) => text } });

beforeEach(() => {
  sessionStorage.clear();
  localStorage.clear();
  history.replaceState(null, "", "/");
  signedInAs("admin");
});
afterEach(cleanup);
