import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import type { BlindPair as Pair, PairRating, RevealedPair } from "../api/types";
import { ratePair, reading } from "../reading/api";
import { RubricForm, useRater } from "../reading/Rubric";
import { ArmBadge, armTone } from "../ui/ArmBadge";
import { Failure } from "../ui/Notice";
import { Turns } from "./CallCard";
import { useKeys } from "./useKeys";

interface Props {
  test: string;
  pair: Pair;
  version: (arm: string) => string;
  next: () => void;
}

type Side = "left" | "right";
type Choice = Side | "tie";

/** Two transcripts, the arms hidden until one is said to be better. */
export function BlindPair({ test, pair, version, next }: Props) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [note, setNote] = useState("");
  const [chosen, setChosen] = useState<Choice>();
  const [shown, setShown] = useState<RevealedPair>();
  const go = useRef<HTMLButtonElement>(null);
  const rate = useMutation({
    mutationFn: (winner: Choice) => ratePair(test, { token: pair.token, winner, ...(note.trim() && { note: note.trim() }) }),
    onSuccess: (told) => {
      setShown(told);
      client.setQueryData<PairRating[]>(reading.pairRatings(test).queryKey, (all) => all && [told, ...all.filter((r) => r.id !== told.id)]);
    },
    onError: () => setChosen(undefined),
  });
  useEffect(() => {
    if (shown) go.current?.focus();
  }, [shown]);
  function choose(winner: Choice) {
    if (shown || rate.isPending) return;
    setChosen(winner);
    rate.mutate(winner);
  }
  const idOf = (side: Side): string | undefined => (shown === undefined ? undefined : [shown.first, shown.second].find((c) => c.arm === shown[side])?.call_id);
  useKeys((key) => {
    if (key === "n") next();
    else if (key === "1" || key === "ArrowLeft") choose("left");
    else if (key === "2" || key === "ArrowRight") choose("right");
    else if (key === "0" || key === "ArrowUp") choose("tie");
    else if ((key === "o" || key === "p") && shown) {
      const id = idOf(key === "o" ? "left" : "right");
      if (id) void navigate({ to: "/calls/$call", params: { call: id } });
    } else return false;
    return true;
  });
  return (
    <section aria-label="A pair to compare" className="blind">
      <div className="pair" style={{ ["--arms" as string]: 2 }}>
        {(["left", "right"] as const).map((side) => {
          const arm = shown?.[side];
          const id = idOf(side);
          return (
            <article key={side} className={`call ${arm ? armTone(arm) : "arm-hidden"}${chosen === side ? " better" : ""}`} aria-label={side === "left" ? "Left call" : "Right call"}>
              <header className="call-head">
                <p className="call-facts">
                  {arm ? (
                    <>
                      <ArmBadge arm={arm} /> <strong>{version(arm)}</strong>
                    </>
                  ) : (
                    <strong>{side === "left" ? "Left" : "Right"}</strong>
                  )}
                  {chosen === side && <span className="tag">your choice</span>}
                </p>
                {id && (
                  <Link to="/calls/$call" params={{ call: id }} className="sub">
                    Open the call
                  </Link>
                )}
              </header>
              <Turns turns={pair[side].turns} />
            </article>
          );
        })}
      </div>
      <div className="rate-bar" role="group" aria-label="Which call is better?">
        {shown ? (
          <>
            <p role="status">
              <Said told={shown} version={version} />
            </p>
            <button type="button" className="button primary" ref={go} onClick={next}>
              Next pair <kbd>n</kbd>
            </button>
          </>
        ) : (
          <>
            <button type="button" className="button" disabled={rate.isPending} onClick={() => choose("left")}>
              Left is better <kbd>1</kbd>
            </button>
            <button type="button" className="button" disabled={rate.isPending} onClick={() => choose("tie")}>
              As good <kbd>0</kbd>
            </button>
            <button type="button" className="button" disabled={rate.isPending} onClick={() => choose("right")}>
              Right is better <kbd>2</kbd>
            </button>
            <input className="rate-note" aria-label="Note, saved with the rating" placeholder="Note (optional)" value={note} maxLength={2000} onChange={(event) => setNote(event.target.value)} />
            <button type="button" className="button quiet" onClick={next}>
              Skip <kbd>n</kbd>
            </button>
          </>
        )}
      </div>
      {rate.isError && <Failure error={rate.error} />}
      {shown && (
        <details className="panel rubric-more">
          <summary>Rate each call by the rubric</summary>
          <div className="pair" style={{ ["--arms" as string]: 2 }}>
            {(["left", "right"] as const).map((side) => {
              const id = idOf(side);
              return id && <OwnRubric key={id} call={id} label={`Rate the ${side} call`} />;
            })}
          </div>
        </details>
      )}
    </section>
  );
}

function OwnRubric({ call, label }: { call: string; label: string }) {
  const ratings = useQuery(reading.ratings(call));
  const me = useRater();
  if (!ratings.data) return null;
  return <RubricForm key={me} call={call} own={ratings.data.find((r) => r.rater === me)} label={label} />;
}

function Said({ told, version }: { told: RevealedPair; version: (arm: string) => string }) {
  const which = (
    <>
      Left was <ArmBadge arm={told.left ?? "?"} /> {version(told.left ?? "")}, right <ArmBadge arm={told.right ?? "?"} /> {version(told.right ?? "")}.
    </>
  );
  return (
    <>
      {told.winner === "tie" ? "You found both as good. " : <>You prefer <ArmBadge arm={told.winner} />. </>}
      {which}
      {!told.blind && " You had rated this pair before, so the rating is no longer counted as blind."}
    </>
  );
}
