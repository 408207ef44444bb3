import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { defaultRangeExtractor, useWindowVirtualizer } from "@tanstack/react-virtual";
import { memo, useEffect, useLayoutEffect, useRef, useState, type KeyboardEvent } from "react";
import { queries } from "../api/queries";
import { clock, count, phone } from "../format";
import { ArmBadge } from "../ui/ArmBadge";
import { enders, stages, type CallRow } from "./row";
import { mostRows, type Joined } from "./useCalls";

interface Props {
  list: Joined;
  more: boolean;
  loading: boolean;
  loadMore: () => void;
  goOn: (before: string) => void;
}

const columns = ["Time", "Route", "Arm and version", "Length", "Ended by", "Goal", "Sentiment", "Stage"];

/** Rows of a list of any length; only those on show are in the page. */
export function CallList({ list, more, loading, loadMore, goOn }: Props) {
  const navigate = useNavigate();
  const box = useRef<HTMLDivElement>(null);
  const narrow = useNarrow();
  const height = narrow ? 84 : 46;
  const [top, setTop] = useState(0);
  const [held, setHeld] = useState<{ place: number; id: string | undefined }>({ place: 0, id: undefined });
  const current = placeOf(list, held);
  // Keys may come faster than the page is drawn.
  const next = useRef(current);
  useEffect(() => void (next.current = current), [current]);
  const setCurrent = (place: number) => setHeld({ place, id: list.at(place)?.id });
  useLayoutEffect(() => setTop(box.current?.offsetTop ?? 0), [narrow, list.count > 0]); // eslint-disable-line react-hooks/exhaustive-deps -- where it stands changes with those
  const rows = useWindowVirtualizer({
    count: list.count,
    estimateSize: () => height,
    overscan: 12,
    scrollMargin: top,
    getItemKey: (i) => list.at(i)?.id ?? i,
    // The row that has the focus stays, wherever the page is scrolled to.
    rangeExtractor: (range) => [...new Set([...defaultRangeExtractor(range), current])].sort((a, b) => a - b),
  });
  useEffect(() => rows.measure(), [height, rows]);
  useAnchor(list, height, top);

  const shown = rows.getVirtualItems();
  const last = rows.range?.endIndex ?? 0;
  const full = list.count >= mostRows;
  useEffect(() => {
    if (more && !loading && !full && last >= list.count - 60) loadMore();
  }, [more, loading, full, last, list.count, loadMore]);

  function go(to: number) {
    const place = Math.max(0, Math.min(list.count - 1, to));
    next.current = place;
    setCurrent(place);
    rows.scrollToIndex(place, { align: "auto" });
    requestAnimationFrame(() => requestAnimationFrame(() => box.current?.querySelector<HTMLElement>(`[data-place="${place}"]`)?.focus({ preventScroll: true })));
  }
  function keys(event: KeyboardEvent) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const screen = Math.max(1, Math.floor(window.innerHeight / height) - 3);
    const from = next.current;
    const to = { ArrowDown: from + 1, j: from + 1, ArrowUp: from - 1, k: from - 1, Home: 0, End: list.count - 1, PageDown: from + screen, PageUp: from - screen }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      go(to);
    } else if (event.key === "o") {
      const row = list.at(current);
      if (row) void navigate({ to: "/calls/$call", params: { call: row.id } });
    }
  }
  const oldest = list.at(list.count - 1)?.at;
  return (
    <>
      <p className="sub calls-keys">
        {count(list.count)}
        {more ? " read so far" : list.count === 1 ? " call" : " calls"}. In the list, <kbd>↓</kbd> <kbd>↑</kbd> or <kbd>j</kbd> <kbd>k</kbd> go from call to call, <kbd>Enter</kbd> or <kbd>o</kbd> opens one.
      </p>
      <div className="calls" role="table" aria-label="Calls" aria-rowcount={more ? -1 : list.count + 1} aria-colcount={columns.length}>
        <div role="rowgroup" className="calls-head">
          <div role="row" className="calls-row" aria-rowindex={1}>
            {columns.map((c) => (
              <span role="columnheader" key={c}>
                {c}
              </span>
            ))}
          </div>
        </div>
        <div role="rowgroup" ref={box} className="calls-body" style={{ height: rows.getTotalSize() }} onKeyDown={keys}>
          {shown.map((item) => {
            const row = list.at(item.index);
            if (!row) return null;
            return (
              <div role="row" key={item.key} aria-rowindex={item.index + 2} className="calls-row" style={{ height, transform: `translateY(${item.start - top}px)` }}>
                <Cells row={row} place={item.index} current={item.index === current} onFocus={setCurrent} />
              </div>
            );
          })}
        </div>
      </div>
      {loading && (
        <p className="loading" role="status">
          Loading more calls…
        </p>
      )}
      {full && more && oldest && (
        <div className="empty">
          <p>These are the {count(list.count)} newest calls that pass the filters. Older ones are a list of their own.</p>
          <button type="button" className="button" onClick={() => goOn(oldest)}>
            Go on from here
          </button>
        </div>
      )}
    </>
  );
}

/** Where the row is now that had the focus: calls that come in above move it down. */
export function placeOf(list: Joined, { place, id }: { place: number; id: string | undefined }): number {
  const last = Math.max(0, list.count - 1);
  if (id === undefined) return Math.min(place, last);
  for (let i = place; i <= Math.min(last, place + 500); i++) if (list.at(i)?.id === id) return i;
  return Math.min(place, last);
}

/** Keeps what is read where it is while new calls come in above. */
function useAnchor(list: Joined, height: number, top: number) {
  const before = useRef<{ first: string | undefined; count: number }>({ first: undefined, count: 0 });
  useLayoutEffect(() => {
    const first = list.at(0)?.id;
    const { first: was } = before.current;
    before.current = { first, count: list.count };
    if (was === undefined || was === first || window.scrollY <= top + height) return;
    for (let i = 1; i < Math.min(list.count, 500); i++) {
      if (list.at(i)?.id === was) {
        window.scrollBy({ top: i * height, behavior: "instant" });
        return;
      }
    }
  }, [list, height, top]);
}

const narrowQuery = "(max-width: 56rem)";

function useNarrow(): boolean {
  const [narrow, setNarrow] = useState(() => typeof matchMedia !== "undefined" && matchMedia(narrowQuery).matches);
  useEffect(() => {
    if (typeof matchMedia === "undefined") return;
    const media = matchMedia(narrowQuery);
    const tell = () => setNarrow(media.matches);
    media.addEventListener("change", tell);
    return () => media.removeEventListener("change", tell);
  }, []);
  return narrow;
}

const time = new Intl.DateTimeFormat(undefined, { month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", second: "2-digit" });

const Cells = memo(function Cells({ row: c, place, current, onFocus }: { row: CallRow; place: number; current: boolean; onFocus: (place: number) => void }) {
  return (
    <>
      <span role="rowheader" className="calls-time">
        <Link to="/calls/$call" params={{ call: c.id }} className="row-link" data-place={place} tabIndex={current ? 0 : -1} onFocus={() => onFocus(place)}>
          {c.at ? time.format(new Date(c.at)) : "time unknown"}
        </Link>
      </span>
      <span role="cell">{c.route ? <RouteName id={c.route} number={c.number} /> : <Unknown />}</span>
      <span role="cell" className="calls-arm">
        {c.arm && <ArmBadge arm={c.arm} />}
        {c.version ? <VersionName id={c.version} /> : <Unknown />}
        {c.apart && <span className="tag" title="Its arm was not left to chance: it is counted apart">apart</span>}
      </span>
      <span role="cell" className="number">
        {c.seconds === undefined ? <Unknown /> : clock(c.seconds)}
      </span>
      <span role="cell">
        {c.endedBy ? enders[c.endedBy] : <Unknown />}
        {c.transferred && <span className="tag">transferred</span>}
      </span>
      <span role="cell">{c.goal === undefined ? <Unknown what="goal" /> : <span className={c.goal ? "goal-met" : "goal-missed"}>{c.goal ? "met" : "not met"}</span>}</span>
      <span role="cell" className="calls-mood">
        {c.sentiment === undefined ? <Unknown what="sentiment" /> : <Mood value={c.sentiment} />}
      </span>
      <span role="cell">
        <span className={`stage stage-${c.stage}`}>{stages[c.stage]}</span>
      </span>
    </>
  );
});

function Unknown({ what }: { what?: string }) {
  return (
    <span className="none">
      <span aria-hidden="true">–</span>
      <span className="hidden">{what ? `${what} ` : ""}unknown</span>
    </span>
  );
}

/** -1 to 1, as a mark between sad and glad. */
function Mood({ value }: { value: number }) {
  const size = Math.abs(value).toFixed(1);
  const text = `${size === "0.0" ? "" : value > 0 ? "+" : "\u2212"}${size}`;
  return (
    <span className="mood">
      <span className="mood-line" aria-hidden="true">
        <span style={{ left: `${(Math.max(-1, Math.min(1, value)) + 1) * 50}%` }} />
      </span>
      {text}
    </span>
  );
}

export function VersionName({ id }: { id: string }) {
  const version = useQuery(queries.version(id));
  return <span className="name">{version.data ?? (version.isError ? id.slice(0, 8) : "…")}</span>;
}

export function RouteName({ id, number }: { id: string; number?: string | undefined }) {
  const route = useQuery({ ...queries.route(id), staleTime: 60_000 });
  const told = route.data?.number ?? number;
  return <span className="name">{told ? phone(told) : (route.data?.name ?? (route.isError ? "a route" : "…"))}</span>;
}
