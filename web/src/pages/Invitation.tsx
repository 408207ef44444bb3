import { useMutation, useQuery } from "@tanstack/react-query";
import { useState, type SubmitEvent } from "react";
import { account } from "../api/account";
import { ApiError } from "../api/client";
import { moment } from "../format";
import { useMe } from "../session";
import { enter, secretInAddress } from "../session/begin";
import { Card } from "../session/Card";
import { longEnough, PasswordField } from "../session/PasswordField";
import { TextField } from "../ui/Field";
import { Failure, Loading } from "../ui/Notice";

/** Accepts an invitation: /invitation#token=... */
export function Invitation() {
  const [token] = useState(() => secretInAddress("token") ?? "");
  const me = useMe();
  const invited = useQuery({ queryKey: ["invitation", token], queryFn: ({ signal }) => account.invited(token, signal), enabled: token !== "" });
  const [name, setName] = useState<string>();
  const [password, setPassword] = useState("");
  const accept = useMutation({ mutationFn: () => account.accept(token, password, name?.trim() ?? ""), onSuccess: enter });
  function submit(event: SubmitEvent) {
    event.preventDefault();
    accept.mutate();
  }
  if (token === "" || (invited.error instanceof ApiError && invited.error.status > 0 && invited.error.status < 500 && invited.error.status !== 429)) {
    return (
      <Card title="No such invitation">
        <p>It was used already, is older than seven days, or was replaced by a newer one. Ask an administrator for another.</p>
        <a className="button" href="/">
          Go to sign-in
        </a>
      </Card>
    );
  }
  if (invited.isError) return <Card title="Invitation"><Failure error={invited.error} retry={() => void invited.refetch()} /></Card>;
  if (!invited.data) return <Card title="Invitation"><Loading what="the invitation" /></Card>;
  return (
    <Card title={`Welcome, ${invited.data.name}`}>
      <p>
        Choose a password to sign in as <strong>{invited.data.email}</strong>. The invitation is good until {moment(invited.data.expires_at)}.
      </p>
      {me && (
        <p className="notice notice-warn">You are signed in as {me.email} here; going on signs you in as {invited.data.email} instead.</p>
      )}
      <form className="form" onSubmit={submit}>
        <input className="hidden" type="email" autoComplete="username" value={invited.data.email} readOnly tabIndex={-1} aria-hidden="true" />
        <TextField label="Name" autoComplete="name" value={name ?? invited.data.name} onChange={setName} maxLength={100} />
        <PasswordField value={password} onChange={setPassword} autoFocus />
        {accept.error && <Failure error={accept.error} />}
        <button type="submit" className="button primary" disabled={accept.isPending || !longEnough(password)}>
          {accept.isPending ? "Signing in…" : "Set password and sign in"}
        </button>
      </form>
    </Card>
  );
}
