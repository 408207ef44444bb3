import { useSyncExternalStore } from "react";

export type Theme = "system" | "light" | "dark";

const place = "tandem.theme";
const listeners = new Set<() => void>();

function read(): Theme {
  const stored = localStorage.getItem(place);
  return stored === "light" || stored === "dark" ? stored : "system";
}

export function applyTheme(theme: Theme = read()): void {
  if (theme === "system") document.documentElement.removeAttribute("data-theme");
  else document.documentElement.dataset["theme"] = theme;
}

export function useTheme(): [Theme, (theme: Theme) => void] {
  const theme = useSyncExternalStore((tell) => {
    listeners.add(tell);
    return () => listeners.delete(tell);
  }, read);
  return [
    theme,
    (next) => {
      if (next === "system") localStorage.removeItem(place);
      else localStorage.setItem(place, next);
      applyTheme(next);
      listeners.forEach((tell) => tell());
    },
  ];
}
