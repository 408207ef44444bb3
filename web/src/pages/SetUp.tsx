import { useMutation, useQuery } from "@tanstack/react-query";
import { useState, type SubmitEvent } from "react";
import { account } from "../api/account";
import { enter, secretInAddress } from "../session/begin";
import { Card } from "../session/Card";
import { longEnough, PasswordField } from "../session/PasswordField";
import { TextField } from "../ui/Field";
import { Failure, Loading } from "../ui/Notice";

/** Makes the first administrator: /setup#code=... */
export function SetUp() {
  const setup = useQuery({ queryKey: ["setup"], queryFn: ({ signal }) => account.setup(signal) });
  const [given] = useState(() => secretInAddress("code") ?? "");
  const [code, setCode] = useState(given);
  const [email, setEmail] = useState("");
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const make = useMutation({
    mutationFn: () => account.setUp({ code: code.trim(), email: email.trim(), password, ...(name.trim() && { name: name.trim() }) }),
    onSuccess: enter,
  });
  function submit(event: SubmitEvent) {
    event.preventDefault();
    make.mutate();
  }
  if (setup.isPending) return <Card title="Set up Tandem"><Loading what="the setup" /></Card>;
  if (setup.data?.needed === false) {
    return (
      <Card title="Already set up">
        <p>There is an administrator. Whoever needs an account is invited by them.</p>
        <a className="button primary" href="/">
          Go to Tandem
        </a>
      </Card>
    );
  }
  return (
    <Card title="Set up Tandem">
      <p>You become the first administrator, who can invite everybody else.</p>
      <form className="form" onSubmit={submit}>
        {given === "" && <TextField label="Code" code value={code} onChange={setCode} placeholder="XXXXX-XXXXX-XXXXX-XXXXX" hint="From the server’s log, or made by tandem setup-code." required />}
        <TextField label="E-mail" type="email" autoComplete="username" value={email} onChange={setEmail} required autoFocus />
        <TextField label="Name" autoComplete="name" value={name} onChange={setName} hint="How others see you. Left out: what stands before the @." maxLength={100} />
        <PasswordField value={password} onChange={setPassword} />
        {setup.isError && <Failure error={setup.error} retry={() => void setup.refetch()} />}
        {make.error && <Failure error={make.error} />}
        <button type="submit" className="button primary" disabled={make.isPending || code.trim() === "" || email.trim() === "" || !longEnough(password)}>
          {make.isPending ? "Setting up…" : "Create administrator"}
        </button>
      </form>
    </Card>
  );
}
