import { Link } from "@tanstack/react-router";
import type { ComponentType } from "react";
import { useSession, useRefusal } from "../session";
import { Account } from "../settings/Account";
import { Analysis } from "../settings/Analysis";
import { AuditLog } from "../settings/AuditLog";
import { Keys } from "../settings/Keys";
import { Notifications } from "../settings/Notifications";
import { PersonalData } from "../settings/PersonalData";
import { sections, type SectionId } from "../settings/sections";
import { SingleSignOn } from "../settings/SingleSignOn";
import { Users } from "../settings/Users";
import { WaysIn } from "../settings/WaysIn";
import { useTitle } from "../ui/useTitle";

const contents: Record<SectionId, ComponentType> = {
  account: Account,
  users: Users,
  "sign-in": SingleSignOn,
  keys: Keys,
  "ways-in": WaysIn,
  analyzer: Analysis,
  privacy: PersonalData,
  notifications: Notifications,
  audit: AuditLog,
};

/** The settings that one may see; which section shows is in the address. */
export function SettingsPage({ section }: { section: string }) {
  const session = useSession();
  const scopes = session.state === "in" ? session.who.scopes : [];
  const mine = sections.filter((s) => scopes.includes(s.scope));
  const found = sections.find((s) => s.id === section);
  useTitle(found ? `${found.title} · Settings` : "Settings");
  return (
    <div className="page settings">
      <h1>Settings</h1>
      <div className="settings-columns">
        <nav className="settings-nav" aria-label="Settings">
          {mine.map((s) => (
            <Link key={s.id} to="/settings/$section" params={{ section: s.id }}>
              {s.title}
            </Link>
          ))}
        </nav>
        <div className="settings-content">{found ? <Content section={found} /> : <p className="empty">There is no such section. Choose one from the list.</p>}</div>
      </div>
    </div>
  );
}

function Content({ section }: { section: (typeof sections)[number] }) {
  const refused = useRefusal(section.scope);
  const Section = contents[section.id];
  return (
    <>
      <h2 className="settings-title">{section.title}</h2>
      {refused !== undefined ? <p className="empty">{refused}</p> : <Section />}
    </>
  );
}
