import { useQuery } from "@tanstack/react-query";
import { useState, type SubmitEvent } from "react";
import { admin } from "../api/admin";
import type { Invitation, User } from "../api/types";
import { moment } from "../format";
import { roleName, roles, useMe, type Role } from "../session";
import { Choice } from "../ui/Choice";
import { Dialog } from "../ui/Dialog";
import { TextField } from "../ui/Field";
import { MenuButton } from "../ui/MenuButton";
import { Failure, Loading } from "../ui/Notice";
import { say } from "../ui/toasts";
import { Confirm } from "./Confirm";
import { Copyable } from "./Once";
import { Part } from "./Part";
import { stored, useDoing } from "./queries";

type Doing = { what: "invite" } | { what: "link"; user: User; invitation: Invitation } | { what: "role" | "disable" | "reset" | "delete"; user: User };

/** Who may sign in, and what they may do. */
export function Users() {
  const users = useQuery(stored.users());
  const me = useMe();
  const [doing, setDoing] = useState<Doing>();
  const enable = useDoing((u: User) => admin.changeUser(u.id, { disabled: false }), ["users"], "They may sign in again.");
  const close = () => setDoing(undefined);
  return (
    <Part
      title="Users"
      about="Viewers read. Operators also change agents, routes and tests. Administrators may do everything."
      action={
        <button type="button" className="button primary small" onClick={() => setDoing({ what: "invite" })}>
          Invite
        </button>
      }
    >
      {users.isPending && <Loading what="users" />}
      {users.isError && <Failure error={users.error} retry={() => void users.refetch()} />}
      {enable.error && <Failure error={enable.error} />}
      <ul className="rows">
        {users.data?.map((u) => (
          <li key={u.id}>
            <div>
              <strong>{u.name}</strong> {u.id === me?.id && <span className="tag">you</span>} {u.disabled && <span className="tag">disabled</span>}{" "}
              {!u.has_way_in && <span className="tag">invited</span>}
              <span className="sub">
                {u.email} · {u.signed_in_at ? `signed in ${moment(u.signed_in_at)}` : "has not signed in yet"}
              </span>
            </div>
            <span className="row-end">
              <span>{roleName(u.role)}</span>
              <MenuButton
                className="button small"
                label={`Change ${u.name}`}
                actions={[
                  { id: "role", label: "Change role…", onAction: () => setDoing({ what: "role", user: u }) },
                  { id: "reset", label: u.has_way_in ? "Reset password, invite anew…" : "Make another invitation…", onAction: () => setDoing({ what: "reset", user: u }), disabled: u.disabled },
                  u.disabled ? { id: "enable", label: "Enable", onAction: () => enable.mutate(u) } : { id: "disable", label: "Disable…", onAction: () => setDoing({ what: "disable", user: u }) },
                  { id: "delete", label: "Delete…", onAction: () => setDoing({ what: "delete", user: u }) },
                ]}
              >
                ⋯
              </MenuButton>
            </span>
          </li>
        ))}
      </ul>
      {doing?.what === "invite" && <Invite onClose={close} onInvited={(user, invitation) => setDoing({ what: "link", user, invitation })} />}
      {doing?.what === "link" && <InvitationLink {...doing} onClose={close} />}
      {doing?.what === "role" && <ChangeRole user={doing.user} onClose={close} />}
      {doing?.what === "reset" && <Reset user={doing.user} onClose={close} onReset={(user, invitation) => setDoing({ what: "link", user, invitation })} />}
      {(doing?.what === "disable" || doing?.what === "delete") && <Exclude user={doing.user} forGood={doing.what === "delete"} onClose={close} />}
    </Part>
  );
}

const roleOptions = roles.map(({ id, label, detail }) => ({ id, label, detail }));

function Invite({ onClose, onInvited }: { onClose: () => void; onInvited: (user: User, invitation: Invitation) => void }) {
  const [email, setEmail] = useState("");
  const [name, setName] = useState("");
  const [role, setRole] = useState<Role>("viewer");
  const invite = useDoing(
    () => admin.invite({ email: email.trim(), role, ...(name.trim() && { name: name.trim() }) }),
    ["users"],
    (user) => (user.invitation ? onInvited(user, user.invitation) : onClose()),
  );
  function submit(event: SubmitEvent) {
    event.preventDefault();
    invite.mutate();
  }
  return (
    <Dialog title="Invite somebody" onClose={onClose}>
      <form className="form" onSubmit={submit}>
        <TextField label="E-mail" type="email" value={email} onChange={setEmail} autoComplete="off" required autoFocus />
        <TextField label="Name" value={name} onChange={setName} hint="They can change it. Left out: what stands before the @." maxLength={100} autoComplete="off" />
        <Choice label="Role" options={roleOptions} value={role} onChange={(id) => setRole(id as Role)} />
        {invite.error && <Failure error={invite.error} />}
        <div className="dialog-actions">
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="button primary" disabled={invite.isPending || email.trim() === ""}>
            Make invitation
          </button>
        </div>
      </form>
    </Dialog>
  );
}

function InvitationLink({ user, invitation, onClose }: { user: User; invitation: Invitation; onClose: () => void }) {
  return (
    <Dialog title={`Invitation for ${user.name}`} onClose={onClose}>
      <div className="form">
        <p>
          Send this link to {user.email}; Tandem sends no mail. Whoever has it chooses the password, once, until {moment(invitation.expires_at)}. It is shown only now.
        </p>
        <Copyable label="Link" value={`${location.origin}/invitation#token=${invitation.token}`} />
        <div className="dialog-actions">
          <button type="button" className="button primary" onClick={onClose}>
            Done
          </button>
        </div>
      </div>
    </Dialog>
  );
}

function ChangeRole({ user, onClose }: { user: User; onClose: () => void }) {
  const [role, setRole] = useState<Role>(user.role);
  const change = useDoing(
    () => admin.changeUser(user.id, { role }),
    ["users"],
    () => {
      say(`${user.name} is ${roleName(role).toLowerCase()} now.`);
      onClose();
    },
  );
  function submit(event: SubmitEvent) {
    event.preventDefault();
    change.mutate();
  }
  return (
    <Dialog title={`Role of ${user.name}`} onClose={onClose}>
      <form className="form" onSubmit={submit}>
        <Choice label="Role" options={roleOptions} value={role} onChange={(id) => setRole(id as Role)} hint="Their sessions end; they sign in again with the new role." />
        {change.error && <Failure error={change.error} />}
        <div className="dialog-actions">
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="button primary" disabled={change.isPending || role === user.role}>
            Change role
          </button>
        </div>
      </form>
    </Dialog>
  );
}

function Reset({ user, onClose, onReset }: { user: User; onClose: () => void; onReset: (user: User, invitation: Invitation) => void }) {
  const reset = useDoing(() => admin.resetUser(user.id), ["users"], (answer) => onReset(answer, answer.invitation));
  return (
    <Confirm title={user.has_way_in ? `Reset ${user.name}’s password?` : `Invite ${user.name} again?`} does={user.has_way_in ? "Reset and invite anew" : "Make invitation"} onConfirm={() => reset.mutate()} onClose={onClose} busy={reset.isPending} error={reset.error}>
      <p>{user.has_way_in ? "Their password and their sessions are gone at once. You get a link for them to choose another." : "You get a new link. The earlier one stops working."}</p>
    </Confirm>
  );
}

function Exclude({ user, forGood, onClose }: { user: User; forGood: boolean; onClose: () => void }) {
  const exclude = useDoing(
    () => (forGood ? admin.deleteUser(user.id) : admin.changeUser(user.id, { disabled: true })),
    ["users"],
    () => {
      say(forGood ? `${user.name} is deleted.` : `${user.name} is disabled.`);
      onClose();
    },
  );
  return (
    <Confirm title={`${forGood ? "Delete" : "Disable"} ${user.name}?`} does={forGood ? "Delete" : "Disable"} onConfirm={() => exclude.mutate()} onClose={onClose} busy={exclude.isPending} error={exclude.error}>
      <p>{forGood ? `${user.email} can no longer sign in. The audit log keeps what they did.` : `${user.email} cannot sign in until enabled again, and their sessions end.`}</p>
    </Confirm>
  );
}
