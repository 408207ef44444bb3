import { useQuery } from "@tanstack/react-query";
import type { PairRating } from "../api/types";
import { count } from "../format";
import { reading } from "../reading/api";
import { useRater } from "../reading/Rubric";
import { ArmBadge, armTone } from "../ui/ArmBadge";

/** How one's own ratings of two arms have come out so far. */
export function Standing({ test }: { test: string }) {
  const me = useRater();
  const all = useQuery(reading.pairRatings(test));
  if (!all.data || me === undefined) return null;
  const own = all.data.filter((r) => r.rater === me && r.blind);
  const others = all.data.length - all.data.filter((r) => r.rater === me).length;
  return (
    <section className="panel standing" aria-labelledby="standing">
      <h2 id="standing">Your blind ratings</h2>
      {own.length === 0 ? (
        <p className="none">None yet. Each is kept as yours, and tells which version stood where only once it is given.</p>
      ) : (
        tally(own).map((t) => <Row key={t.first + t.second} {...t} />)
      )}
      <p className="hint">
        A description of what people prefer, beside the results and not part of the verdict.{others > 0 && ` Others rated ${count(others)} ${others === 1 ? "pair" : "pairs"}.`}
      </p>
    </section>
  );
}

export interface Tally {
  first: string;
  second: string;
  firstBetter: number;
  ties: number;
  secondBetter: number;
}

/** Counts ratings by the two arms they compare. */
export function tally(ratings: PairRating[]): Tally[] {
  const by = new Map<string, Tally>();
  for (const r of ratings) {
    const key = `${r.first.arm}\n${r.second.arm}`;
    const t = by.get(key) ?? { first: r.first.arm, second: r.second.arm, firstBetter: 0, ties: 0, secondBetter: 0 };
    if (r.winner === r.first.arm) t.firstBetter++;
    else if (r.winner === r.second.arm) t.secondBetter++;
    else t.ties++;
    by.set(key, t);
  }
  return [...by.values()].sort((a, b) => a.second.localeCompare(b.second));
}

function Row({ first, second, firstBetter, ties, secondBetter }: Tally) {
  const n = firstBetter + ties + secondBetter;
  return (
    <div className="standing-row">
      <p>
        <ArmBadge arm={first} /> better {count(firstBetter)}, as good {count(ties)}, <ArmBadge arm={second} /> better {count(secondBetter)} <span className="sub">of {count(n)} {n === 1 ? "pair" : "pairs"}</span>
      </p>
      <div className="standing-bar" aria-hidden="true">
        <span className={armTone(first)} style={{ flexGrow: firstBetter }} />
        <span className="tie" style={{ flexGrow: ties }} />
        <span className={armTone(second)} style={{ flexGrow: secondBetter }} />
      </div>
    </div>
  );
}
