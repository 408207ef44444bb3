import { useQueryClient } from "@tanstack/react-query";
import { Link, Outlet, useNavigate } from "@tanstack/react-router";
import { useLive, useStaleSince } from "../api/live";
import { moment } from "../format";
import { useMe, roleName } from "../session";
import { leave } from "../session/begin";
import { Mark } from "./Mark";
import { MenuButton } from "./MenuButton";
import { useTheme, type Theme } from "./theme";
import { say, Toasts } from "./toasts";

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
          <Link to="/settings">Settings</Link>
          <a href="/docs">API</a>
        </nav>
        <div className="bar-end">
          <LiveState />
          <ThemeChoice />
          <Me />
        </div>
      </header>
      <Stale />
      <main id="main" tabIndex={-1}>
        <Outlet />
      </main>
      <Toasts />
    </>
  );
}

/** Who one is, one's account, and the way out. */
function Me() {
  const me = useMe();
  const go = useNavigate();
  return (
    <MenuButton
      className="button quiet me"
      label={me ? `${me.name}, ${roleName(me.role)}` : "Account"}
      actions={[
        { id: "account", label: "My account", onAction: () => void go({ to: "/settings/$section", params: { section: "account" } }) },
        { id: "out", label: "Sign out", onAction: () => void leave().catch(() => say("Signing out did not reach the server. Try again.")) },
      ]}
    >
      <span className="me-initial" aria-hidden="true">
        {(me?.name ?? "?").charAt(0).toUpperCase()}
      </span>
      <span className="me-name">{me?.name ?? "Account"}</span>
    </MenuButton>
  );
}

/** Says on every page that what it shows may be out of date. */
function Stale() {
  const since = useStaleSince();
  const client = useQueryClient();
  return (
    <div role="status" className="stale">
      {since !== undefined && (
        <div className="notice notice-warn">
          <p>The server has sent nothing for a while. What is on this page is as of {moment(new Date(since).toISOString())}.</p>
          <button type="button" className="button small" onClick={() => void client.refetchQueries({ type: "active" })}>
            Ask again
          </button>
        </div>
      )}
    </div>
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
