import { useMutation, useQuery } from "@tanstack/react-query";
import { useState, type SubmitEvent } from "react";
import { account } from "../api/account";
import { useSession } from "../session";
import { enter, homeward } from "../session/begin";
import { Card } from "../session/Card";
import { reasonText } from "../session/reasons";
import { TextField } from "../ui/Field";
import { Failure } from "../ui/Notice";

/** Signs in, and leaves the address so that one goes on where one was. */
export function SignIn() {
  const session = useSession();
  const setup = useQuery({ queryKey: ["setup"], queryFn: ({ signal }) => account.setup(signal) });
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const signIn = useMutation({ mutationFn: () => account.signIn(email.trim(), password), onSuccess: enter });
  const reason = location.pathname === "/sign-in" ? new URLSearchParams(location.search).get("error") : null;
  function submit(event: SubmitEvent) {
    event.preventDefault();
    signIn.mutate();
  }
  if (setup.data?.needed) return <FirstSteps />;
  return (
    <Card title="Sign in">
      {session.state === "out" && session.why === "ended" && <p className="notice notice-warn" role="status">Your session has ended. Sign in to go on where you were.</p>}
      {session.state === "out" && session.error !== undefined && signIn.isIdle && <Failure error={session.error} />}
      {reason !== null && signIn.isIdle && (
        <p className="notice notice-bad" role="alert">
          {reasonText(reason)}
        </p>
      )}
      {setup.isError && <Failure error={setup.error} retry={() => void setup.refetch()} />}
      {setup.data?.openid && (
        <>
          <a className="button primary" href={`/v1/oidc/start?to=${encodeURIComponent(onward())}`}>
            Sign in with your organisation
          </a>
          <p className="or">
            <span>or with a password</span>
          </p>
        </>
      )}
      <form className="form" onSubmit={submit}>
        <TextField label="E-mail" type="email" autoComplete="username" value={email} onChange={setEmail} required autoFocus />
        <TextField label="Password" type="password" autoComplete="current-password" value={password} onChange={setPassword} required />
        {signIn.error && <Failure error={signIn.error} />}
        <button type="submit" className={setup.data?.openid ? "button" : "button primary"} disabled={signIn.isPending || email.trim() === "" || password === ""}>
          {signIn.isPending ? "Signing in…" : "Sign in"}
        </button>
      </form>
      <details className="door-help">
        <summary>Lost your password?</summary>
        <p className="hint">
          An administrator can invite you anew in Settings. On the server, <code>tandem user link ADDRESS</code> makes a link that signs in once.
        </p>
      </details>
    </Card>
  );
}

/** Where one was, for the way back from elsewhere. */
const onward = () => (location.pathname === "/sign-in" ? homeward(new URLSearchParams(location.search).get("to")) : location.pathname + location.search);

function FirstSteps() {
  return (
    <Card title="Nobody can sign in yet">
      <p>The first administrator is made with a link that the server wrote into its log when it started. It begins with</p>
      <pre>
        <code>{location.origin}/setup#code=</code>
      </pre>
      <p className="hint">
        Not at hand? On the server, <code>tandem setup-code</code> makes another.
      </p>
      <a className="button primary" href="/setup">
        I have a code
      </a>
    </Card>
  );
}
