import { useState } from "react";
import { api } from "../api/client";
import type { Results } from "../api/types";
import { Failure } from "../ui/Notice";
import { RoleButton } from "../ui/RoleButton";
import { say } from "../ui/toasts";
import { EndDialog } from "./EndDialog";
import { GoalDialog } from "./GoalDialog";
import { pause, paused, resumed, splitText } from "./pause";
import { SplitDialog } from "./SplitDialog";
import { overtaken, useChange } from "./useChange";

/** What can be done with a running test. */
export function Steering({ results: r }: { results: Results }) {
  const [open, setOpen] = useState<"split" | "goal" | "end">();
  const { test, mutation } = useChange(r.test_id, (w: number[], t) => api.split(t.id, w, t.revision), () => undefined);
  const t = test.data;
  const back = t && paused(t) ? resumed(t) : undefined;
  const onlyA = t?.arms.slice(1).every((a) => a.weight === 0) ?? false;
  const close = () => setOpen(undefined);
  function set(weights: number[], text: string) {
    mutation.mutate(weights, { onSuccess: () => say(text) });
  }
  return (
    <>
      <div className="actions">
        <RoleButton className="button" onClick={() => setOpen("split")}>
          Change split
        </RoleButton>
        {back ? (
          <RoleButton className="button primary" disabled={mutation.isPending} onClick={() => set(back, `Calls are split ${splitText(back)} again, from the next one on.`)}>
            Resume {splitText(back)}
          </RoleButton>
        ) : (
          <RoleButton className="button" disabled={!t || onlyA || mutation.isPending} onClick={() => t && set(pause(t.arms.length), "Paused: every call goes to A from the next one on.")}>
            Pause to A
          </RoleButton>
        )}
        <RoleButton className="button" onClick={() => setOpen("goal")}>
          Change goal
        </RoleButton>
        <RoleButton className="button" onClick={() => setOpen("end")}>
          End test
        </RoleButton>
      </div>
      {mutation.error &&
        (overtaken(mutation.error) ? (
          <p className="notice notice-warn" role="alert">
            Somebody else changed this test just now. Look at it again.
          </p>
        ) : (
          <Failure error={mutation.error} />
        ))}
      {open === "split" && <SplitDialog results={r} onClose={close} />}
      {open === "goal" && <GoalDialog results={r} onClose={close} />}
      {open === "end" && <EndDialog results={r} onClose={close} />}
    </>
  );
}
