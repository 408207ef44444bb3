import { Link, Outlet } from "@tanstack/react-router";
import { keys } from "../api/key";
import { useLive } from "../api/live";
import { useTheme, type Theme } from "./theme";
import { Toasts } from "./toasts";

/** The frame around every page. */
export function Shell() {
  return (
    <>
      <a className="skip" href="#main">
        Skip to content
      </a>
      <header className="bar">
        <Link to="/" className="brand">
          <Mark />
          Tandem
        </Link>
        <nav aria-label="Main">
          <Link to="/" activeOptions={{ exact: true }}>
            Routes
          </Link>
          <Link to="/calls">Calls</Link>
          <Link to="/agents">Agents</Link>
          <a href="/docs">API</a>
        </nav>
        <div className="bar-end">
          <LiveState />
          <ThemeChoice />
          <button type="button" className="button quiet" onClick={() => keys.set(null)}>
            Sign out
          </button>
        </div>
      </header>
      <main id="main" tabIndex={-1}>
        <Outlet />
      </main>
      <Toasts />
    </>
  );
}

/** One line that becomes two. */
export function Mark() {
  return (
    <svg className="mark" viewBox="0 0 28 20" aria-hidden="true" focusable="false">
      <path className="mark-in" d="M2 10h7" />
      <path className="mark-a" d="M9 10c6 0 5-7 11-7h6" />
      <path className="mark-b" d="M9 10c6 0 5 7 11 7h6" />
    </svg>
  );
}

function LiveState() {
  const state = useLive();
  const text = { live: "Live", connecting: "Connecting", away: "Reconnecting" }[state];
  return (
    <span className={`live live-${state}`} role="status" aria-label={`Updates: ${text}`}>
      {text}
    </span>
  );
}

const themes: Record<Theme, { next: Theme; label: string }> = {
  system: { next: "light", label: "System theme" },
  light: { next: "dark", label: "Light theme" },
  dark: { next: "system", label: "Dark theme" },
};

function ThemeChoice() {
  const [theme, choose] = useTheme();
  const { next, label } = themes[theme];
  return (
    <button type="button" className="button quiet icon-button" aria-label={`${label}. Change to ${themes[next].label.toLowerCase()}`} title={label} onClick={() => choose(next)}>
      <svg viewBox="0 0 16 16" aria-hidden="true" focusable="false">
        <circle cx="8" cy="8" r="6" />
        <path className={`theme-${theme}`} d={theme === "system" ? "M8 2a6 6 0 0 1 0 12z" : "M8 2a6 6 0 0 1 0 12 6 6 0 0 1 0-12z"} />
      </svg>
    </button>
  );
}
