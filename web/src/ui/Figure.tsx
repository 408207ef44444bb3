import { useId, useRef, useState, type ReactNode } from "react";
import { ArmBadge, armTone } from "./ArmBadge";
import { png, standalone, type Key } from "./drawing";
import { MenuButton } from "./MenuButton";
import { fileName, save } from "./save";
import { csv, textOf, type Table } from "./table";
import { say } from "./toasts";
import { useWidth } from "./useWidth";

interface Props {
  title: string;
  /** What the chart says, for those who do not see it. */
  description: string;
  /** The same figures; asked for when the table is opened or saved. */
  table: () => Table;
  height: number;
  /** What is drawn, in so many pixels' width. */
  children: (width: number) => ReactNode;
  /** Whose colours are in it. */
  keys?: Key[];
  /** What to know before reading it. */
  lead?: ReactNode;
  /** What stands below it: the unit of its axis. */
  foot?: ReactNode;
  level?: 2 | 3;
  /** Follows the pointer: its place from the left in pixels, or none. */
  onPoint?: (x: number | undefined, width: number) => void;
}

/** A chart with its title, the same figures as a table, and what it can be saved as. */
export function Figure({ title, description, table, height, children, keys = [], lead, foot, level = 2, onPoint }: Props) {
  const id = useId();
  const svg = useRef<SVGSVGElement>(null);
  const [box, width] = useWidth<HTMLDivElement>(640);
  const [open, setOpen] = useState(false);
  const Heading = level === 2 ? "h2" : "h3";
  const name = fileName(title);
  const drawn = () => (svg.current ? standalone(svg.current, title, keys) : "");
  const actions = [
    { id: "svg", label: "Save as SVG", onAction: () => save(new Blob([drawn()], { type: "image/svg+xml" }), `${name}.svg`) },
    { id: "png", label: "Save as PNG", onAction: () => void png(drawn()).then((image) => save(image, `${name}.png`), () => say("This browser could not make an image of the chart.")) },
    { id: "csv", label: "Save as CSV", onAction: () => save(new Blob(["\ufeff", csv(table())], { type: "text/csv" }), `${name}.csv`) },
  ];
  return (
    <figure className="chart-figure" aria-labelledby={`${id}-title`}>
      <div className="panel-head">
        <Heading id={`${id}-title`}>{title}</Heading>
        <MenuButton className="button quiet small" label={`Save ${title}`} actions={actions}>
          Save
        </MenuButton>
      </div>
      {lead}
      {keys.length > 0 && (
        <ul className="chart-keys">
          {keys.map((k) => (
            <li key={k.arm} className={armTone(k.arm)}>
              <ArmBadge arm={k.arm} /> {k.text.replace(new RegExp(`^${k.arm} `), "")}
            </li>
          ))}
        </ul>
      )}
      <div ref={box} className="chart">
        <svg
          ref={svg}
          width={width}
          height={height}
          role="img"
          aria-labelledby={`${id}-title`}
          aria-describedby={`${id}-says`}
          {...(onPoint && {
            onPointerMove: (event) => onPoint(event.clientX - event.currentTarget.getBoundingClientRect().left, width),
            onPointerLeave: () => onPoint(undefined, width),
          })}
        >
          {children(width)}
        </svg>
      </div>
      <p id={`${id}-says`} className="hidden">
        {description}
      </p>
      {foot && <p className="sub chart-unit">{foot}</p>}
      <details onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>As a table</summary>
        {open && <Rows table={table()} label={title} />}
      </details>
    </figure>
  );
}

function Rows({ table: { head, rows }, label }: { table: Table; label: string }) {
  return (
    <div className="scroll scroll-tall" role="region" aria-label={`${label}, as a table`} tabIndex={0}>
      <table className="plain">
        <thead>
          <tr>
            {head.map((h, i) => (
              <th key={h} scope="col" className={i > 0 ? "number" : undefined}>
                {h}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([first, ...rest], i) => (
            <tr key={i}>
              <th scope="row">{first !== undefined && textOf(first)}</th>
              {rest.map((c, k) => (
                <td key={k} className="number">
                  {textOf(c)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
