import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useId, useLayoutEffect, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { ApiError } from "../api/client";
import { steerQueries, type GoalCheck } from "../api/steer";
import { place, put, standard, suggestions, typingAt, type Suggestion, type Typing } from "./goal";

interface Props {
  label: ReactNode;
  value: string;
  onChange: (goal: string) => void;
  /** The versions that it is for, as far as they are chosen. */
  versions: string[];
  /** What else is wrong with it, such as that it is missing. */
  error?: string | undefined;
  autoFocus?: boolean;
}

/** How long typing rests before a goal is checked. */
const rest = 250;

/** Most suggestions at once. */
const most = 8;

/** A goal: names are suggested while it is typed, and it is checked as soon as typing rests. */
export function GoalField({ label, value, onChange, versions, error, autoFocus }: Props) {
  const id = useId();
  const area = useRef<HTMLTextAreaElement>(null);
  const [caret, setCaret] = useState<number>(); // undefined: nothing is suggested
  const [active, setActive] = useState(0);
  const moveTo = useRef<number>(undefined);
  const settled = useSettled(value, rest);
  const check = useQuery({ ...steerQueries.goal(settled, versions), placeholderData: keepPreviousData });
  const typing = caret === undefined ? undefined : typingAt(value, caret);
  const all = suggestions(check.data?.names ?? [], typing).slice(0, most);
  const open = all.length > 0;
  const current = Math.min(active, all.length - 1);

  useEffect(() => {
    if (autoFocus) area.current?.focus();
  }, [autoFocus]);

  useLayoutEffect(() => {
    if (moveTo.current === undefined) return;
    area.current?.setSelectionRange(moveTo.current, moveTo.current);
    moveTo.current = undefined;
  });

  function take(s: Suggestion, at: Typing) {
    const next = put(value, caret ?? value.length, at, s);
    moveTo.current = next.caret;
    onChange(next.goal);
    setCaret(undefined);
    area.current?.focus();
  }
  function onKeyDown(event: KeyboardEvent<HTMLTextAreaElement>) {
    if (event.key === " " && event.ctrlKey) {
      event.preventDefault();
      setActive(0);
      setCaret(event.currentTarget.selectionStart);
      return;
    }
    if (!open || !typing) return;
    const chosen = all[current];
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      setActive((current + (event.key === "ArrowDown" ? 1 : all.length - 1)) % all.length);
    } else if ((event.key === "Enter" || event.key === "Tab") && !event.shiftKey && chosen) {
      event.preventDefault();
      take(chosen, typing);
    } else if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation(); // of the suggestions, not of a dialog around
      setCaret(undefined);
    }
  }

  const describedBy = [`${id}-hint`, `${id}-check`].join(" ");
  return (
    <div className="field goal-field">
      <label htmlFor={id}>{label}</label>
      <div className="goal-box">
        <textarea
          ref={area}
          id={id}
          className="code"
          rows={2}
          maxLength={2000}
          spellCheck={false}
          autoCapitalize="off"
          autoComplete="off"
          value={value}
          placeholder="fields.appointment_booked == true"
          aria-autocomplete="list"
          aria-controls={open ? `${id}-list` : undefined}
          aria-activedescendant={open ? `${id}-${current}` : undefined}
          aria-describedby={describedBy}
          aria-invalid={open ? undefined : error !== undefined || (check.data && !check.data.ok && value.trim() !== "") ? true : undefined}
          onChange={(event) => {
            onChange(event.target.value);
            setActive(0);
            setCaret(event.target.selectionStart);
          }}
          onKeyDown={onKeyDown}
          onBlur={() => setCaret(undefined)}
          onClick={() => setCaret(undefined)}
        />
        {open && typing && (
          <ul id={`${id}-list`} className="goal-names" role="listbox" tabIndex={-1} aria-label="Names that can be used">
            {all.map((s, i) => (
              <li
                key={s.text}
                id={`${id}-${i}`}
                role="option"
                aria-selected={i === current}
                className="goal-name"
                // The focus stays in the text.
                onMouseDown={(event) => {
                  event.preventDefault();
                  take(s, typing);
                }}
              >
                <code>{s.text}</code>
                <span className="sub">{s.detail}</span>
                {i === current && s.doc && <span className="sub goal-doc">{s.doc}</span>}
              </li>
            ))}
          </ul>
        )}
      </div>
      <p id={`${id}-hint`} className="hint">
        A condition such as <code>{example(check.data)}</code>. Type <code>fields.</code> or <code>call.</code> for names; Ctrl and space shows them too.
      </p>
      <div id={`${id}-check`} className="goal-check" role="status">
        {error !== undefined && value.trim() === "" ? <p className="field-error">{error}</p> : <Outcome goal={value} settled={settled === value} check={check.data} failure={check.error} />}
      </div>
      <span className="hidden" role="status">
        {open ? `${all.length} ${all.length === 1 ? "suggestion" : "suggestions"}` : ""}
      </span>
    </div>
  );
}

/** What the server says of the goal: where it is wrong, or what to know. */
function Outcome({ goal, settled, check, failure }: { goal: string; settled: boolean; check: GoalCheck | undefined; failure: Error | null }) {
  if (goal.trim() === "") return null;
  if (failure) return <p className="hint">{failure instanceof ApiError ? failure.message : "The goal cannot be checked now."}</p>;
  if (!settled || !check) return <p className="hint">Checking…</p>;
  return (
    <>
      {check.errors.map((fault) => {
        const at = place(goal, fault);
        return (
          <div key={`${fault.line}:${fault.column}:${fault.message}`} className="goal-fault">
            <p className="field-error">
              Line {fault.line}, column {fault.column}: {fault.message}
            </p>
            <pre aria-hidden="true">
              {at.line}
              {"\n"}
              {at.before}
              <b>^</b>
            </pre>
          </div>
        );
      })}
      {check.ok && check.warnings.length === 0 && <p className="goal-good">The goal is good.</p>}
      {check.warnings.map((w) => (
        <p key={w} className="goal-warning">
          {w}
        </p>
      ))}
    </>
  );
}

/** A condition over what these versions find out. */
function example(check: GoalCheck | undefined): string {
  const field = check?.names.find((n) => n.name.startsWith("fields.") && n.type === "bool" && !standard.has(n.name));
  return field ? `${field.name} == true` : "call.duration_seconds > 30 && !call.transferred";
}

/** A value once it has rested. */
function useSettled<T>(value: T, ms: number): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return settled;
}
