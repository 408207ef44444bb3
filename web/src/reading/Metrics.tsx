import type { Call } from "../api/types";
import { count, percent } from "../format";

/** How the conversation went, by its words and times alone. */
export function ConversationPanel({ call }: { call: Call }) {
  const c = call.conversation;
  const ms = (x: number | undefined) => (x === undefined ? undefined : `${(x / 1000).toFixed(1)} s`);
  const rows: [string, string | undefined][] = c
    ? [
        ["Turns", count(c.turns)],
        ["Reply time, median", ms(c.reply_p50_ms)],
        ["Reply time, 9 of 10 within", ms(c.reply_p90_ms)],
        ["Agent speaks", c.agent_talk_share === undefined ? undefined : percent(c.agent_talk_share)],
        ["Caller speaks", c.caller_talk_share === undefined ? undefined : percent(c.caller_talk_share)],
        ["Longest silence", c.longest_silence_seconds === undefined ? undefined : `${c.longest_silence_seconds.toFixed(1)} s`],
        ["Interruptions", c.interruptions === undefined ? undefined : count(c.interruptions)],
        ["Repeated prompts", count(c.repeated_prompts)],
        ["Misunderstandings", count(c.misunderstandings)],
        ["Ended in trouble", c.dead_end ? "yes" : "no"],
      ]
    : [];
  if (call.latency) rows.push(["Reply time as reported, median", ms(call.latency.value.p50_ms)]);
  if (call.cost) rows.push(["Cost", `${call.cost.value.amount} ${call.cost.value.currency}`]);
  return (
    <section className="panel" aria-labelledby="conversation">
      <h2 id="conversation">Conversation</h2>
      {rows.length === 0 ? (
        <p className="none">Nothing is known of how it went: there is no transcript.</p>
      ) : (
        <dl className="pairs-list">
          {rows.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value ?? <span className="none">unknown: no times</span>}</dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  );
}
