import { useState } from "react";
import { ApiError } from "../api/client";
import { keys } from "../api/key";
import { Failure } from "../ui/Notice";
import { Mark } from "../ui/Shell";
import { useTitle } from "../ui/useTitle";

/** Asks for an API key and tries it before it is kept. */
export function SignIn() {
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  useTitle("Sign in");

  async function signIn(key: string) {
    setBusy(true);
    setError(undefined);
    try {
      const response = await fetch("/v1/status", { headers: { Authorization: `Bearer ${key}` }, cache: "no-store" });
      if (response.ok) {
        keys.set(key);
        return;
      }
      const problem = (await response.json().catch(() => ({}))) as { detail?: string };
      setError(new ApiError(response.status, problem.detail ?? `The server answered ${response.status}.`));
    } catch {
      setError(new ApiError(0, "The server cannot be reached."));
    }
    setBusy(false);
  }

  return (
    <main className="sign-in">
      <form
        action={(form) => {
          const key = form.get("key");
          if (typeof key === "string" && key.trim() !== "") void signIn(key.trim());
        }}
      >
        <p className="brand">
          <Mark />
          Tandem
        </p>
        <h1>Sign in</h1>
        <label htmlFor="key">API key</label>
        <input id="key" name="key" type="password" required autoComplete="off" spellCheck={false} placeholder="tdm_…" aria-describedby="key-hint" />
        <p id="key-hint" className="hint">
          With the scope read you can look; changing a test takes write. On the server, <code>tandem key create NAME --scope read --scope write</code> makes one. It
          is kept until this tab closes.
        </p>
        {error !== undefined && <Failure error={error} />}
        <button type="submit" className="button primary" disabled={busy}>
          {busy ? "Checking…" : "Sign in"}
        </button>
      </form>
    </main>
  );
}
