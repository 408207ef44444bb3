import { useNavigate, useSearch } from "@tanstack/react-router";
import { readTab, type Tab } from "./tabs";

/** The tab on show, kept in the address. Changing it leaves the page where it is. */
export function useTab(): [Tab, (tab: Tab) => void] {
  const search: Record<string, unknown> = useSearch({ strict: false });
  const navigate = useNavigate();
  const set = (tab: Tab) =>
    void navigate({
      to: ".",
      search: ((before: Record<string, unknown>) => ({ ...before, tab: tab === "overview" ? undefined : tab })) as never,
      replace: true,
      resetScroll: false,
    });
  return [readTab(search["tab"]), set];
}
