import { useMutation, useQuery } from "@tanstack/react-query";
import { useState, type SubmitEvent } from "react";
import { account } from "../api/account";
import type { OwnSession, Whoami } from "../api/types";
import { moment } from "../format";
import { roleName, session, useMe } from "../session";
import { longEnough, PasswordField } from "../session/PasswordField";
import { TextField } from "../ui/Field";
import { Failure, Loading } from "../ui/Notice";
import { say } from "../ui/toasts";
import { browserName } from "./browser";
import { Part } from "./Part";
import { stored, useDoing } from "./queries";

const adopt = (who: Whoami) => session.set({ state: "in", who });

/** One's own name, password and sessions. */
export function Account() {
  const me = useMe();
  if (!me) return <p className="empty">You are not signed in as a user.</p>;
  return (
    <>
      <Name email={me.email} name={me.name} role={roleName(me.role)} />
      <Password />
      <Sessions />
    </>
  );
}

function Name({ email, name, role }: { email: string; name: string; role: string }) {
  const [text, setText] = useState(name);
  const rename = useMutation({
    mutationFn: () => account.rename(text.trim()),
    onSuccess: (who) => {
      adopt(who);
      say("Your name is changed.");
    },
  });
  function submit(event: SubmitEvent) {
    event.preventDefault();
    rename.mutate();
  }
  return (
    <Part title="You">
      <form className="form" onSubmit={submit}>
        <dl className="setting-facts">
          <div>
            <dt>E-mail</dt>
            <dd>{email}</dd>
          </div>
          <div>
            <dt>Role</dt>
            <dd>{role}</dd>
          </div>
        </dl>
        <TextField label="Name" value={text} onChange={setText} autoComplete="name" maxLength={100} />
        {rename.error && <Failure error={rename.error} />}
        <div className="form-actions">
          <button type="submit" className="button" disabled={rename.isPending || text.trim() === "" || text.trim() === name}>
            Save name
          </button>
        </div>
      </form>
    </Part>
  );
}

function Password() {
  const [old, setOld] = useState("");
  const [next, setNext] = useState("");
  const change = useDoing(
    () => account.changePassword(old, next),
    ["sessions"],
    (who: Whoami) => {
      adopt(who);
      setOld("");
      setNext("");
      say("Your password is changed. Other sessions have ended.");
    },
  );
  function submit(event: SubmitEvent) {
    event.preventDefault();
    change.mutate();
  }
  return (
    <Part title="Password" about="Changing it ends your sessions in all other browsers.">
      <form className="form" onSubmit={submit}>
        <div className="fields">
          <TextField label="Present password" type="password" autoComplete="current-password" value={old} onChange={setOld} />
          <PasswordField label="New password" value={next} onChange={setNext} />
        </div>
        {change.error && <Failure error={change.error} />}
        <div className="form-actions">
          <button type="submit" className="button" disabled={change.isPending || old === "" || !longEnough(next)}>
            Change password
          </button>
        </div>
      </form>
    </Part>
  );
}

function Sessions() {
  const sessions = useQuery(stored.sessions());
  const end = useDoing((s: OwnSession) => account.endSession(s.id), ["sessions"], "The session has ended.");
  return (
    <Part title="Your sessions" about="A session ends after 12 hours without use, or after seven days.">
      {sessions.isPending && <Loading what="your sessions" />}
      {sessions.isError && <Failure error={sessions.error} retry={() => void sessions.refetch()} />}
      {end.error && <Failure error={end.error} />}
      <ul className="rows">
        {sessions.data?.map((s) => (
          <li key={s.id}>
            <div>
              <strong>{browserName(s.browser)}</strong> {s.current && <span className="tag">this one</span>}
              <span className="sub">
                Since {moment(s.created_at)}; last used {moment(s.seen_at)}
              </span>
            </div>
            {!s.current && (
              <button type="button" className="button small" disabled={end.isPending} onClick={() => end.mutate(s)} aria-label={`End the session in ${browserName(s.browser)} since ${moment(s.created_at)}`}>
                End
              </button>
            )}
          </li>
        ))}
      </ul>
    </Part>
  );
}
