import { bars, trendText } from "./trend";

const width = 112;
const height = 28;

/** Calls per day as small bars, with the same in words for who does not see them. */
export function Trend({ calls }: { calls: number[] }) {
  const text = trendText(calls);
  return (
    <svg className="trend" viewBox={`0 0 ${width} ${height}`} width={width} height={height} role="img" aria-label={text}>
      <title>{text}</title>
      {bars(calls, width, height).map((b, i) => (
        <rect key={i} className={b.today ? "trend-bar trend-today" : "trend-bar"} x={b.x} y={b.y} width={b.width} height={b.height} rx={1} />
      ))}
    </svg>
  );
}
