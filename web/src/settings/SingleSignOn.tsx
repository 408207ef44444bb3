import { useQuery } from "@tanstack/react-query";
import { useState, type SubmitEvent } from "react";
import { admin } from "../api/admin";
import type { Revised } from "../api/client";
import type { OidcSetting, PutOidcBody } from "../api/types";
import { roles, type Role } from "../session";
import { Choice } from "../ui/Choice";
import { TextField } from "../ui/Field";
import { Failure, Loading } from "../ui/Notice";
import { Confirm } from "./Confirm";
import { Conflict } from "./Conflict";
import { Copyable } from "./Once";
import { Part } from "./Part";
import { stored, useDoing } from "./queries";

/** Signing in by OpenID Connect. */
export function SingleSignOn() {
  const oidc = useQuery(stored.oidc());
  if (oidc.isError && !oidc.data) return <Failure error={oidc.error} retry={() => void oidc.refetch()} />;
  if (!oidc.data) return <Loading what="the settings" />;
  return <Form key={oidc.data.value.issuer + String(oidc.data.revision)} stored={oidc.data} />;
}

const nobody = "nobody";

function Form({ stored: { value: s, revision } }: { stored: Revised<OidcSetting> }) {
  const on = s.issuer !== "";
  const [issuer, setIssuer] = useState(s.issuer);
  const [client, setClient] = useState(s.client_id);
  const [secret, setSecret] = useState("");
  const [domains, setDomains] = useState(s.domains.join(", "));
  const [newcomers, setNewcomers] = useState<string>(s.default_role ?? nobody);
  const [claim, setClaim] = useState(s.role_claim ?? "");
  const [mapping, setMapping] = useState(() => Object.entries(s.roles ?? {}).map(([value, role]) => ({ value, role: role as Role })));
  const [ending, setEnding] = useState(false);
  const body = (): PutOidcBody => ({
    issuer: issuer.trim(),
    client_id: client.trim(),
    ...(secret !== "" && { client_secret: secret }),
    domains: domains.split(/[\s,;]+/).map((d) => d.toLowerCase()).filter(Boolean),
    ...(newcomers !== nobody && { default_role: newcomers as Role }),
    ...(claim.trim() && mapping.some((m) => m.value.trim()) && { role_claim: claim.trim(), roles: Object.fromEntries(mapping.filter((m) => m.value.trim()).map((m) => [m.value.trim(), m.role])) }),
  });
  // Before anybody chose there is no revision to keep to.
  const save = useDoing((over: boolean) => admin.putOidc(body(), over || !on ? undefined : revision), ["oidc"], "Saved. The sign-in page offers it from now on.");
  const end = useDoing(() => admin.deleteOidc(), ["oidc"], "Single sign-on is off. Sessions go on.");
  function submit(event: SubmitEvent) {
    event.preventDefault();
    save.mutate(false);
  }
  return (
    <Part title="OpenID Connect" about={on ? "The sign-in page offers it beside passwords." : "Have people sign in with your Google, Microsoft, Okta or other OpenID account. It is off until you fill this in."}>
      <form className="form" onSubmit={submit}>
        <Copyable label="Redirect address: register this with the issuer, as a web application" value={s.redirect_uri} />
        <div className="fields">
          <TextField label="Issuer" type="url" value={issuer} onChange={setIssuer} placeholder="https://accounts.example.com" required />
          <TextField label="Client id" value={client} onChange={setClient} required />
        </div>
        <TextField label="Client secret" type="password" autoComplete="off" value={secret} onChange={setSecret} placeholder={s.has_client_secret ? "Unchanged" : ""} hint={s.has_client_secret ? "One is stored; it cannot be read. Left empty, it stays." : "Stored sealed; it cannot be read again."} />
        <div className="fields">
          <TextField label="Domains of e-mail addresses" value={domains} onChange={setDomains} placeholder="example.com" hint="Only addresses in these may sign in. Empty: any." />
          <Choice
            label="Whoever is not a user yet"
            value={newcomers}
            onChange={setNewcomers}
            options={[{ id: nobody, label: "Is refused", detail: "Only who was invited gets in" }, ...roles.map((r) => ({ id: r.id, label: `Becomes ${r.label.toLowerCase()}`, detail: r.detail }))]}
          />
        </div>
        <details open={mapping.length > 0}>
          <summary>Roles by a claim</summary>
          <div className="form nested">
            <TextField label="Claim" value={claim} onChange={setClaim} placeholder="groups" hint="Of the ID token: a text or a list of texts. It says the role anew at each sign-in; of several the highest." />
            {mapping.map((m, i) => (
              <div key={i} className="fields">
                <TextField label="Value" value={m.value} onChange={(value) => setMapping(mapping.map((x, j) => (i === j ? { ...x, value } : x)))} placeholder="voice-leads" />
                <Choice label="Role" value={m.role} onChange={(role) => setMapping(mapping.map((x, j) => (i === j ? { ...x, role: role as Role } : x)))} options={roles} />
              </div>
            ))}
            <div className="form-actions">
              <button type="button" className="button small" onClick={() => setMapping([...mapping, { value: "", role: "viewer" }])}>
                Add a value
              </button>
              {mapping.length > 0 && (
                <button type="button" className="button small" onClick={() => setMapping(mapping.slice(0, -1))}>
                  Remove the last
                </button>
              )}
            </div>
          </div>
        </details>
        <Conflict error={save.error} over={() => save.mutate(true)} />
        <div className="form-actions">
          <button type="submit" className="button primary" disabled={save.isPending || issuer.trim() === "" || client.trim() === ""}>
            {save.isPending ? "Saving…" : "Save"}
          </button>
          {on && (
            <button type="button" className="button" onClick={() => setEnding(true)}>
              Turn off
            </button>
          )}
        </div>
      </form>
      {ending && (
        <Confirm title="Turn single sign-on off?" does="Turn off" onConfirm={() => end.mutate()} onClose={() => setEnding(false)} busy={end.isPending} error={end.error}>
          <p>Users without a password cannot sign in until they are invited anew. Make sure that you have one.</p>
        </Confirm>
      )}
    </Part>
  );
}
