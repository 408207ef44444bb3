import { scaleLinear } from "d3-scale";
import type { KeyboardEvent } from "react";
import type { Turn } from "../api/types";
import { clock } from "../format";
import { useWidth } from "../ui/useWidth";
import { shortestSilence, slowReply, type TimeLine } from "./timeline";

interface Props {
  line: TimeLine;
  turns: Turn[];
  selected: number;
  onSelect: (turn: number) => void;
  /** Where the recording plays, in seconds. */
  playing?: number | undefined;
}

const lane = 26;
const lanes = { caller: 22, agent: 22 + lane + 6, tool: 22 + lane + 6 } as const;
const bottom = 22 + 2 * lane + 6;

/** Who spoke when. By mouse a turn is chosen where it stands; by keyboard with the arrows, one after another. */
export function TimeLineView({ line, turns, selected, onSelect, playing }: Props) {
  const [box, width] = useWidth<HTMLDivElement>(800);
  const x = scaleLinear([0, line.length], [56, Math.max(120, width - 4)]);
  const places = line.bars.map((b) => b.turn);
  const at = places.indexOf(selected);
  function keys(event: KeyboardEvent) {
    const to = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: places.length - 1 }[event.key];
    const turn = to === undefined ? undefined : places[Math.max(0, Math.min(places.length - 1, to))];
    if (turn === undefined) return;
    event.preventDefault();
    onSelect(turn);
  }
  const said = turns[selected];
  const slow = line.replies.filter((r) => r.to - r.from >= slowReply);
  return (
    <div className="time-line">
      <div
        ref={box}
        className="time-line-box"
        role="slider"
        tabIndex={0}
        aria-label="Turns in time"
        aria-valuemin={1}
        aria-valuemax={places.length}
        aria-valuenow={at + 1}
        aria-valuetext={said ? `${said.role}, ${clock((said.start_ms ?? 0) / 1000)}: ${said.text}` : "no turn chosen"}
        onKeyDown={keys}
      >
        <svg width={width} height={bottom + 22} aria-hidden="true" focusable="false">
          <text x={0} y={lanes.caller + 17} className="lane-name">Caller</text>
          <text x={0} y={lanes.agent + 17} className="lane-name">Agent</text>
          {x.ticks(Math.max(2, Math.min(8, width / 110))).map((t) => (
            <g key={t} className="tick">
              <line x1={x(t)} x2={x(t)} y1={18} y2={bottom + 4} />
              <text x={x(t)} y={bottom + 18} textAnchor={x(t) > width - 30 ? "end" : "middle"}>{clock(t)}</text>
            </g>
          ))}
          {line.silences.map((s) => (
            <g key={`s${s.from}`} className="silence">
              <rect x={x(s.from)} y={18} width={Math.max(1, x(s.to) - x(s.from))} height={bottom - 16} />
              {x(s.to) - x(s.from) > 34 && <text x={(x(s.from) + x(s.to)) / 2} y={12} textAnchor="middle">{(s.to - s.from).toFixed(1)} s</text>}
            </g>
          ))}
          {line.replies.map((r) => (
            <line key={`r${r.turn}`} className={r.to - r.from >= slowReply ? "reply slow" : "reply"} x1={x(r.from)} x2={x(r.to)} y1={lanes.agent + lane / 2} y2={lanes.agent + lane / 2} />
          ))}
          {line.bars.map((b) => (
            <rect
              key={b.turn}
              className={`bar-${b.role}${b.turn === selected ? " chosen" : ""}${b.open ? " open" : ""}`}
              x={x(b.start)}
              y={lanes[b.role] + (b.role === "tool" ? 8 : 0)}
              width={Math.max(3, x(b.end) - x(b.start))}
              height={b.role === "tool" ? lane - 16 : lane}
              rx={3}
              onClick={() => onSelect(b.turn)}
            >
              <title>{`${clock(b.start)} ${turns[b.turn]?.text ?? ""}`}</title>
            </rect>
          ))}
          {line.interruptions.map((i) => (
            <path key={`i${i.turn}`} className="cut-mark" d={`M${x(i.at) - 5} ${lanes.agent - 6}h10l-5 8z`} />
          ))}
          {playing !== undefined && <line className="playing" x1={x(playing)} x2={x(playing)} y1={14} y2={bottom + 4} />}
        </svg>
      </div>
      <ul className="legend">
        <li><span className="key key-cut" />{line.interruptions.length === 0 ? "Nobody was interrupted" : `Caller cut in ${times(line.interruptions.length)}`}</li>
        <li><span className="key key-silence" />{line.silences.length === 0 ? `No silence of ${shortestSilence} s` : `${line.silences.length} ${line.silences.length === 1 ? "silence" : "silences"} of ${shortestSilence} s or more`}</li>
        <li><span className="key key-reply" />{line.replies.length === 0 ? "Reply times unknown" : `${slow.length} of ${line.replies.length} replies took ${slowReply} s or more`}</li>
        {line.untimed > 0 && <li>{line.untimed} {line.untimed === 1 ? "turn has" : "turns have"} no time and {line.untimed === 1 ? "is" : "are"} not drawn</li>}
      </ul>
    </div>
  );
}

const times = (n: number): string => (n === 1 ? "once" : n === 2 ? "twice" : `${n} times`);
