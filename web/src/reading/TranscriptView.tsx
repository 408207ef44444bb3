import { useEffect, useRef } from "react";
import type { Turn } from "../api/types";
import { clock } from "../format";
import type { TimeLine } from "./timeline";

interface Props {
  turns: Turn[];
  line: TimeLine | undefined;
  selected: number;
  onSelect: (turn: number) => void;
  playing: number;
}

const speakers: Record<Turn["role"], string> = { agent: "Agent", caller: "Caller", tool: "Tool" };

/** What was said, turn by turn. The chosen turn is brought into view. */
export function TranscriptView({ turns, line, selected, onSelect, playing }: Props) {
  const list = useRef<HTMLOListElement>(null);
  const shown = playing >= 0 ? playing : selected;
  useEffect(() => {
    const box = list.current;
    const item = box?.children[shown] as HTMLElement | undefined;
    // Only the list scrolls: the page stays where it is.
    if (box && item && box.scrollHeight > box.clientHeight) box.scrollTo({ top: item.offsetTop - box.offsetTop - 60, behavior: "auto" });
    else if (item && shown === selected && selected >= 0) item.scrollIntoView({ block: "nearest" });
  }, [shown, selected]);
  const waited = new Map(line?.replies.map((r) => [r.turn, r.to - r.from]));
  const cut = new Set(line?.interruptions.map((i) => i.turn));
  return (
    <ol className="turns transcript" ref={list} tabIndex={0} aria-label="What was said">
      {turns.map((t, i) => (
        <li key={i} className={`turn turn-${t.role}${i === selected ? " chosen" : ""}${i === playing ? " spoken" : ""}`} aria-current={i === shown ? "true" : undefined}>
          <span className="turn-who">
            {speakers[t.role]}
            {t.start_ms !== undefined && (
              <button type="button" className="turn-go" aria-label={`${speakers[t.role]} at ${clock(t.start_ms / 1000)}: show on the time line`} onClick={() => onSelect(i)}>
                {clock(t.start_ms / 1000)}
              </button>
            )}
            {(waited.get(i) ?? 0) >= 0.05 && <span className="turn-wait">after {(waited.get(i) ?? 0).toFixed(1)} s</span>}
          </span>
          <p>
            {t.text}
            {(t.interrupted === true || cut.has(i)) && <span className="cut"> caller cut in</span>}
          </p>
        </li>
      ))}
    </ol>
  );
}
