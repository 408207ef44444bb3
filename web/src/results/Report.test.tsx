import { QueryClientProvider } from "@tanstack/react-query";
import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState, type ReactNode } from "react";
import { expect, test } from "vitest";
import type { EvidenceHeader, Results } from "../api/types";
import { newQueryClient } from "../api/queries";
import { someResults } from "../test/results";
import { answer } from "../test/server";
import { checked } from "./QualityTable";
import { Report } from "./Report";
import type { Tab } from "./tabs";

/** Answers nothing: what a tab asks for itself is absent. */
function Asking({ children }: { children: ReactNode }) {
  answer(() => undefined);
  return <QueryClientProvider client={newQueryClient()}>{children}</QueryClientProvider>;
}

/** The report with its tab kept as a page does. */
function Shown({ results, at = "overview" }: { results: Results; at?: Tab }) {
  const [tab, setTab] = useState<Tab>(at);
  return <Report results={results} tab={tab} onTab={setTab} />;
}

const row = (name: RegExp) => within(screen.getByRole("table", { name: "Metrics" })).getByRole("row", { name });
const texts = (r: HTMLElement) => within(r).getAllByRole("cell").map((c) => c.textContent);

test("the verdict comes before any number", () => {
  render(<Shown results={someResults()} />);
  const verdict = screen.getByRole("region", { name: "No conclusion yet" });
  expect(verdict.textContent).toContain("Collecting: 1000 calls so far, 700 with a known completion.");
  expect(verdict.compareDocumentPosition(screen.getByRole("table", { name: "Metrics" })) & Node.DOCUMENT_POSITION_FOLLOWING).toBeTruthy();
});

test("each arm has its version, its share of calls and its primary metric", () => {
  render(<Shown results={someResults()} />);
  const arms = within(screen.getByRole("region", { name: "Versions" }));
  expect(arms.getByRole("img", { name: "Split: A 90%, B 10%" })).toBeTruthy();
  const cards = arms.getAllByRole("listitem").map((c) => c.textContent);
  expect(cards[0]).toContain("front-desk@1");
  expect(cards[0]).toContain("50.6%");
  expect(cards[0]).toContain("46.6% to 54.5%, of 620 ended calls whose goal is known");
  expect(cards[0]).toContain("900 calls, 7 in progress");
  expect(cards[1]).toContain("57.5%");
});

test("a metric shows both arms, the difference with its interval, p and what each rests on", () => {
  render(<Shown results={someResults()} />);
  expect(texts(row(/^Completion rate/))).toEqual(["50.6%n 620 of 890", "57.5%n 80 of 100", "+6.9\u00a0pp\u221211.0 to +24.0", "", "0.60"]);
  expect(texts(row(/^Duration/))).toEqual([
    "67.6\u00a0smedian 60, p90 120n 890 of 893", "60.3\u00a0smedian 53, p90 100n 100", "\u22127.3\u00a0s\u221214.2 to \u22120.6", "", "0.060exploratoryany change 0.004",
  ]);
  expect(screen.getByRole("columnheader", { name: /^p valid at every look/ })).toBeTruthy();
});

test("the primary metric leads the table", () => {
  render(<Shown results={someResults()} />);
  expect(within(screen.getByRole("table", { name: "Metrics" })).getAllByRole("row")[2]?.textContent).toMatch(/^Completion rate/);
});

test("a category shows what comes up most and, under Distributions, everything", async () => {
  render(<Shown results={someResults()} />);
  expect(texts(row(/^Reason/)).slice(0, 3)).toEqual(["opening hours 75.0%n 880 of 890", "book 60.0%n 100", "see Distributions"]);
  await userEvent.click(screen.getByRole("tab", { name: "Distributions" }));
  expect(await screen.findByRole("img", { name: "Reason" })).toBeTruthy();
  expect(await tableOf("Reason")).toEqual(["opening hours75.0%6600.0%0", "book25.0%22060.0%60", "pain0.0%040.0%40"]);
});

/** The rows of a chart's table, opened. */
async function tableOf(chart: string) {
  const figure = screen.getByRole("figure", { name: chart });
  const details = figure.querySelector("details");
  if (!details) throw new Error("the chart has no table");
  details.open = true;
  const table = within(await within(figure).findByRole("table"));
  return table.getAllByRole("row").slice(1).map((r) => r.textContent);
}

test("what is not known yet is said, not drawn as zero", () => {
  const r = someResults();
  for (const m of r.metrics) {
    m.arms = m.arms.map(({ arm }) => ({ arm, n: 0, unknown: 0 }));
    m.against_a = [{ label: "fixed_horizon", arm: "B", against: "A", phases: 0, note: "not enough data in both arms yet" }];
  }
  render(<Shown results={r} />);
  expect(texts(row(/^Completion rate/))).toEqual(["none yetn 0", "none yetn 0", "not enough data in both arms yet", "", "none"]);
  expect(screen.getAllByText("not known yet")).toHaveLength(2);
});

test("with three arms one chooses which to compare with A", async () => {
  const r = someResults();
  r.arms.push({ key: "C", version_id: "v3", version: "front-desk@3", weight: 0 });
  for (const m of r.metrics) {
    m.arms.push({ arm: "C", n: 0, unknown: 0 });
    m.against_a?.push({ label: "fixed_horizon", arm: "C", against: "A", value: 0.5, p: 0.5, phases: 1 });
  }
  render(<Shown results={r} />);
  expect(texts(row(/^Completion rate/))[3]).toBe("+6.9\u00a0pp\u221211.0 to +24.0");
  await userEvent.selectOptions(screen.getByRole("combobox", { name: "Compare A with" }), "C");
  expect(texts(row(/^Completion rate/))[3]).toBe("+50.0\u00a0pp");
});

test("data quality tells lost calls and those counted apart", () => {
  render(<Shown results={someResults()} at="quality" />, { wrapper: Asking });
  const table = within(within(screen.getByRole("region", { name: "Data quality" })).getByRole("table"));
  const rows = table.getAllByRole("row").map((r) => r.textContent);
  expect(rows).toContain("Lost: no end was reported3 (0.3%)0 (0.0%)");
  expect(rows).toContain("Counted apart: target down50");
});

test("data quality says what the checks found", () => {
  const e = someResults().evidence;
  expect(checked(e)).toEqual(["The arms\u2019 sizes agree with the split.", "Outcomes are missing evenly.", "700 different callers; of 3 calls the caller is not known."]);
  const uneven: EvidenceHeader = { ...e, callers: 0, sample_ratio: { broken: true }, coverage: [{ kind: "coverage.lost", arm: "B", value: 0.05, p: 0.0001, alarm: true }] };
  const unknown = { ...e, callers: 0, sample_ratio: { broken: false, not_checked: "the intended shares are not known" } };
  expect(checked(unknown)[0]).toBe("Split not checked: the intended shares are not known.");
  expect(checked(uneven)).toEqual(["The arms\u2019 sizes contradict the split.", "Uneven between the arms: lost (B: +5.0 points)."]);
});

test("the verdict says what it covers, what would change it and how it is gathered", () => {
  render(<Shown results={someResults()} />);
  const text = screen.getByRole("region", { name: "No conclusion yet" }).textContent;
  expect(text).toContain("What would change it: About 900 more calls if the difference stays as it is.");
  expect(text).toMatch(/Covers 960 calls up to .*12 more wait behind the oldest call/);
  expect(text).toContain("Valid at every look");
});

test.each([
  ["better", "Conclusion"],
  ["no_practical_difference", "No practical difference"],
  ["guardrail_breached", "Guardrail breached"],
  ["split_broken", "The split is broken"],
  ["outcomes_missing", "Outcomes are missing"],
  ["not_randomised", "Too few calls were left to chance"],
  ["metric_broken", "Something is odd about the metric"],
] as const)("a verdict of %s is headed %s", (status, title) => {
  const r = someResults();
  render(<Shown results={{ ...r, verdict: { ...r.verdict, status } }} />);
  expect(screen.getByRole("region", { name: title })).toBeTruthy();
});

test("alarms and guardrails stand under the verdict; an open alarm can be acknowledged", () => {
  const r = someResults();
  r.verdict.alarms = [
    { check: "coverage", concerns: [], text: "Outcomes are missing unevenly." },
    { check: "sample_ratio", concerns: [], text: "The split is broken.", acknowledged: { check: "sample_ratio", at: "2026-11-21T08:15:00Z", by: "ops", note: "a trunk was down" } },
  ];
  r.verdict.guardrails = [{ metric: "transfer", worse: "higher", margin: 0.05, action: "rollback", arm: "B", breached: true, known: true, text: "Transfer rate is worse." }];
  render(<Shown results={r} />);
  const [open, settled] = within(screen.getByRole("list", { name: "Alarms" })).getAllByRole("listitem");
  expect(open && within(open).getByRole("button", { name: "Acknowledge" })).toBeTruthy();
  expect(settled?.textContent).toMatch(/Acknowledged by ops, .*: a trunk was down/);
  expect(screen.getByRole("list", { name: "Guardrails" }).textContent).toContain("Guardrail breached (rolls back to A): Transfer rate is worse.");
});

test("the difference over time is drawn, what decides at its end, and told in a table", async () => {
  render(<Shown results={someResults()} />);
  const chart = await screen.findByRole("img", { name: "Completion rate: the difference over time", description: /After 680 calls \+6\.9.*The interval that decides is / });
  expect(chart.querySelectorAll("path")).toHaveLength(3);
  expect(await tableOf("Completion rate: the difference over time")).toHaveLength(3);
});

test("figures for a single look are kept apart", () => {
  render(<Shown results={someResults()} />);
  const once = within(screen.getByRole("region", { name: "Classical figures", hidden: true }));
  const text = once.getByRole("row", { name: /^Completion rate/, hidden: true }).textContent;
  expect(text).toContain("\u22124.7 to +17.8");
  expect(text).toContain("0.24");
  expect(text).toContain("+13.6%");
  expect(text).toContain("87.0%");
});


test("calls over time are drawn for each arm, and what is not covered is said", async () => {
  const r = someResults();
  r.evidence.traffic = { seconds: 3600, stretches: [{ at: "2026-11-20T08:00:00Z", calls: [10, 1] }, { at: "2026-11-20T10:00:00Z", calls: [0, 3] }] };
  render(<Shown results={r} />);
  const chart = await screen.findByRole("img", { name: "Calls over time", description: /columns of hour.*A 10, B 4/ });
  expect(chart.querySelectorAll("path.column")).toHaveLength(2);
  expect(screen.getByRole("figure", { name: "Calls over time" }).textContent).toContain("12 more wait");
  expect((await tableOf("Calls over time")).map((t) => t.slice(-3))).toEqual([expect.stringMatching(/101$/), expect.stringMatching(/03$/)]);
});

test("while calls are counted anew it is said how far", () => {
  render(<Shown results={someResults({ recounting: { done: 12_000, total: 40_000, text: "No conclusion meanwhile." } })} />);
  expect(screen.getByText("Re-counting 12,000 of 40,000 calls")).toBeTruthy();
  expect(screen.getByRole("progressbar").getAttribute("aria-valuenow")).toBe("30");
});

test("the ramp says its step and what it waits for", () => {
  render(<Shown results={someResults({ ramp: { step: 2, steps: 3, next: [50, 50], waits: ["120 more calls in B"] } })} />);
  const text = screen.getByRole("region", { name: "No conclusion yet" }).textContent;
  expect(text).toContain("Ramp: step 2 of 3. Next: A 50%, B 50%. It waits for:120 more calls in B");
});

test("fields that the versions define differently are listed with the reason", () => {
  render(<Shown results={someResults({ not_comparable: [{ field: "visit_reason", arm: "B", against: "A", reason: "it is a number in one and text in the other" }] })} />);
  expect(screen.getByRole("region", { name: "Not compared" }).textContent).toContain("visit reason, B and A: it is a number in one and text in the other");
});

test("a field that is unknown more often in one arm is marked where it is compared", () => {
  const r = someResults();
  const reason = r.metrics.find((m) => m.name === "field.reason");
  if (reason) reason.unknown_gaps = [{ arm: "B", against: "A", uneven: true, value: 0.041, p: 0.001 }];
  render(<Shown results={r} />);
  expect(row(/^Reason/).textContent).toContain("unknown more often in B than in A (4.1% of analysed calls)");
});
