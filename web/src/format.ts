// Numbers as people read them. The console speaks English, so numbers follow
// English wherever the browser is; times follow the browser's clock.

import type { Comparison, Interval, Metric, Span } from "./api/types";

const minus = (text: string): string => text.replace("-", "\u2212");

const decimals = (digits: number) =>
  new Intl.NumberFormat("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
const places = [0, 1, 2, 3, 4].map(decimals);

function fixed(x: number, digits: number): string {
  const rounded = Math.abs(x) < 0.5 / 10 ** digits ? 0 : x; // never -0
  return minus((places[digits] ?? decimals(digits)).format(rounded));
}

/** Digits behind the point that show two or three that matter. */
function digitsFor(x: number): number {
  const size = Math.abs(x);
  if (size >= 100) return 0;
  if (size >= 10) return 1;
  if (size >= 0.1 || size === 0) return 2;
  return size >= 0.01 ? 3 : 4;
}

export const count = (n: number): string => fixed(n, 0);

/** A share of 0 to 1 as a percentage. */
export const percent = (share: number): string => `${fixed(share * 100, 1)}%`;

/** A weight in percent, as short as it may be. */
export const weight = (w: number): string => `${minus(String(Math.round(w * 100) / 100))}%`;

type Measured = Pick<Metric, "kind" | "unit" | "arms">;

const largest = (values: (number | undefined)[]): number => Math.max(0, ...values.map((v) => Math.abs(v ?? 0)));

/** One number of digits for a metric in all arms, so that they compare at a glance. */
const digitsOf = (m: Measured): number => unitDigits(m) ?? digitsFor(largest(m.arms.map((s) => s.value)));

const unitDigits = (m: Measured): number | undefined => (m.unit === "s" ? 1 : m.unit === "ms" ? 0 : undefined);

const withUnit = (text: string, unit: string | undefined): string => (unit ? `${text}\u00a0${unit}` : text);

/** A metric's value in one arm. */
export function value(x: number, m: Measured): string {
  return m.kind === "count" ? count(x) : withUnit(plain(x, m), m.unit);
}

/** The same without its unit, to stand beside one that has it. */
export function plain(x: number, m: Measured): string {
  return m.kind === "proportion" ? percent(x) : fixed(x, digitsOf(m));
}

/** A quantile, which is known within 1 %: two digits that matter, whole numbers whole. */
export const quantile = (x: number): string => fixed(x, Math.abs(x) >= 10 || x === 0 ? 0 : Math.abs(x) >= 1 ? 1 : 2);

/** An interval of a metric's value in one arm. */
export const between = (i: Interval, m: Measured): string => `${plain(i.low, m)} to ${plain(i.high, m)}`;

const signed = (x: number, text: string): string => (x > 0 && /[1-9]/.test(text) ? `+${text}` : text);

/** How an arm differs from the first: of shares, in percentage points; with the interval without unit. */
export function difference(c: Pick<Comparison, "value"> & { interval?: Span | undefined }, m: Measured): { value: string; range?: string } {
  const share = m.kind === "proportion";
  const digits = share ? 1 : (unitDigits(m) ?? digitsFor(largest([c.value, c.interval?.low, c.interval?.high])));
  const text = (x: number) => signed(x, fixed(share ? x * 100 : x, digits));
  return {
    value: withUnit(text(c.value ?? 0), share ? "pp" : m.unit),
    ...(c.interval && { range: `${text(c.interval.low)} to ${text(c.interval.high)}` }),
  };
}

/** A p-value; the smallest ones by their power of ten. */
export function pValue(p: number, log10?: number): string {
  if (p >= 0.1) return fixed(p, 2);
  if (p >= 0.001) return fixed(p, 3);
  if (log10 !== undefined && log10 < -4) return `< 10${superscript(Math.ceil(log10))}`;
  return "< 0.001";
}

const superscript = (n: number): string =>
  Array.from(String(n), (c) => (c === "-" ? "\u207b" : "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079"[Number(c)] ?? "")).join("");

/** Seconds as minutes and seconds: 1:05. */
export function clock(seconds: number): string {
  const s = Math.max(0, Math.round(seconds));
  return `${Math.floor(s / 60)}:${String(s % 60).padStart(2, "0")}`;
}

const short = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
export const moment = (at: string): string => short.format(new Date(at));

/** An analysis value as people filter by it. */
export function fieldValue(v: string | number | boolean | null): string {
  if (v === null) return "unknown";
  if (typeof v === "boolean") return v ? "yes" : "no";
  return typeof v === "number" ? minus(String(v)) : v;
}

/** A name in code as words: appointment_booked is "appointment booked". */
export const words = (name: string): string => name.replaceAll("_", " ");

/** An E.164 number, spaced for reading where its plan is known. */
export function phone(number: string): string {
  const us = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(number);
  return us ? `+1 ${us[1]} ${us[2]} ${us[3]}` : number;
}
