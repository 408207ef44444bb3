import { useMutation } from "@tanstack/react-query";
import { useEffect, useState, type SubmitEvent } from "react";
import { steer, type TestCall } from "../api/steer";
import type { Agent, Content } from "../api/types";
import { Dialog } from "../ui/Dialog";
import { Fact } from "../ui/Fact";
import { TextField } from "../ui/Field";
import { Failure } from "../ui/Notice";

interface Props {
  agent: Agent;
  /** Number of the version to call; undefined is the draft. */
  version?: number;
  content: Content;
  /** A number that it answers for, to fill in where the target needs one. */
  number?: string | undefined;
  /** The draft is edited and not saved: the call goes to what is saved. */
  unsaved?: boolean;
  onClose: () => void;
}

/** Whether a target needs the number that is called: it has no user part. */
export const needsNumber = (uri: string): boolean => !/^sips?:[^@;]+@/i.test(uri);

/** Calls the agent once from the server and shows what happened, step by step. */
export function TestCallDialog({ agent, version, content, number: usual, unsaved, onClose }: Props) {
  const uri = content.target?.sip?.uri ?? "";
  const [number, setNumber] = useState(usual ?? "");
  const asks = uri !== "" && needsNumber(uri);
  const call = useMutation({
    retry: false,
    mutationFn: () => steer.testCall(agent.id, { ...(version !== undefined && { version }), ...(asks && { number: number.trim() }) }),
  });
  const name = version === undefined ? `the draft of ${agent.name}` : `${agent.name}@${version}`;
  function submit(event: SubmitEvent) {
    event.preventDefault();
    call.mutate();
  }
  return (
    <Dialog title="Place a test call" onClose={onClose}>
      <form className="form" noValidate onSubmit={submit}>
        {uri === "" ? (
          <p>{version === undefined ? "The draft has no target yet: say where the agent answers, save, and try again." : "This version has no SIP target."}</p>
        ) : (
          <>
            <p>
              The server calls {name} at <code>{uri}</code> once, holds the line for three seconds without a word, and hangs up. The call is on no route and in no results.
            </p>
            {unsaved && <p className="notice notice-warn">The draft has changes that are not saved. The call goes to the target that is saved.</p>}
            {asks && <TextField label="Called number" value={number} onChange={setNumber} placeholder="+14155550100" hint="The target has no user part, so the number that people call is filled in." />}
          </>
        )}
        <div role="status" className="call-outcome">
          {call.isPending && <Calling />}
          {call.data && <Outcome call={call.data} />}
        </div>
        {call.error && <Failure error={call.error} />}
        <div className="dialog-actions">
          <button type="button" className="button" onClick={onClose}>
            Close
          </button>
          {uri !== "" && (
            <button type="submit" className="button primary" disabled={call.isPending || (asks && number.trim() === "")}>
              {call.isPending ? "Calling…" : call.data ? "Call again" : "Call now"}
            </button>
          )}
        </div>
      </form>
    </Dialog>
  );
}

/** Time passing: the answer comes when the call is over. */
function Calling() {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setSeconds((s) => s + 1), 1000);
    return () => clearInterval(timer);
  }, []);
  return (
    <p className="call-pending">
      Calling, at most ten seconds… <span aria-hidden="true">{seconds} s</span>
    </p>
  );
}

const outcomes: Record<TestCall["outcome"], string> = { answered: "Answered", refused: "Refused", no_answer: "No answer", unreachable: "Not reached" };

function Outcome({ call }: { call: TestCall }) {
  return (
    <>
      <p className={call.outcome === "answered" ? "call-text call-good" : "call-text call-bad"}>
        <strong>{outcomes[call.outcome]}.</strong> {call.text}
      </p>
      <table className="plain steps" role="table" aria-label="What happened, in order">
        <thead role="rowgroup" className="hidden">
          <tr role="row">
            <th role="columnheader" scope="col">Second</th>
            <th role="columnheader" scope="col">What happened</th>
          </tr>
        </thead>
        <tbody role="rowgroup">
          {call.steps.map((s, i) => (
            <tr key={i} role="row">
              <td role="cell" className="number step-at">{s.seconds.toFixed(3)} s</td>
              <td role="cell">{s.status === undefined ? s.text : <code>{s.text}</code>}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <dl className="test-facts">
        <Fact name="Address">{call.address}</Fact>
        <Fact name="Transport">{call.transport.toUpperCase()}</Fact>
        <Fact name="Last answer">{call.status === undefined ? undefined : `${call.status} ${call.reason ?? ""}`}</Fact>
        <Fact name="Audio">{call.codec && `${call.codec}, ${call.packets} packets heard`}</Fact>
      </dl>
    </>
  );
}
