import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { someResults } from "../test/results";
import { outcomesGap } from "./QualityTable";
import { Report } from "./Report";

const row = (name: RegExp) => within(screen.getByRole("table", { name: "Metrics" })).getByRole("row", { name });
const texts = (r: HTMLElement) => within(r).getAllByRole("cell").map((c) => c.textContent);

test("the verdict comes before any number", () => {
  render(<Report results={someResults()} />);
  const verdict = screen.getByRole("region", { name: "No conclusion yet" });
  expect(verdict.textContent).toContain("Collecting: 1000 calls so far, 700 with a known completion.");
  expect(verdict.compareDocumentPosition(screen.getByRole("table", { name: "Metrics" })) & Node.DOCUMENT_POSITION_FOLLOWING).toBeTruthy();
});

test("each arm has its version, its share of calls and its primary metric", () => {
  render(<Report results={someResults()} />);
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
  render(<Report results={someResults()} />);
  expect(texts(row(/^Completion rate/))).toEqual(["50.6%n 620", "57.5%n 80", "+6.9\u00a0pp\u22124.7 to +17.8", "", "0.24"]);
  expect(texts(row(/^Duration/))).toEqual([
    "67.6\u00a0smedian 60, p90 120n 890", "60.3\u00a0smedian 53, p90 100n 100", "\u22127.3\u00a0s\u221210.9 to \u22123.7", "", "< 10\u207b\u2074",
  ]);
  expect(screen.getByRole("columnheader", { name: /only if you look once/ })).toBeTruthy();
});

test("the primary metric leads the table", () => {
  render(<Report results={someResults()} />);
  expect(within(screen.getByRole("table", { name: "Metrics" })).getAllByRole("row")[1]?.textContent).toMatch(/^Completion rate/);
});

test("a category shows what comes up most and, beneath, everything", () => {
  render(<Report results={someResults()} />);
  expect(texts(row(/^Reason/)).slice(0, 3)).toEqual(["opening hours 75.0%n 880", "book 60.0%n 100", "see below"]);
  const table = within(screen.getByRole("table", { name: "Reason" }));
  expect(table.getAllByRole("row").slice(1).map((r) => r.textContent)).toEqual(["opening hours75.0%0.0%", "book25.0%60.0%", "pain0.0%40.0%"]);
});

test("what is not known yet is said, not drawn as zero", () => {
  const r = someResults();
  for (const m of r.metrics) {
    m.arms = m.arms.map(({ arm }) => ({ arm, n: 0, unknown: 0 }));
    m.against_a = [{ arm: "B", against: "A", phases: 0, note: "not enough data in both arms yet" }];
  }
  render(<Report results={r} />);
  expect(texts(row(/^Completion rate/))).toEqual(["none yetn 0", "none yetn 0", "not enough data in both arms yet", "", "none"]);
  expect(screen.getAllByText("not known yet")).toHaveLength(2);
});

test("with three arms one chooses which to compare with A", async () => {
  const r = someResults();
  r.arms.push({ key: "C", version_id: "v3", version: "front-desk@3", weight: 0 });
  for (const m of r.metrics) {
    m.arms.push({ arm: "C", n: 0, unknown: 0 });
    m.against_a?.push({ arm: "C", against: "A", value: 0.5, p: 0.5, phases: 1 });
  }
  render(<Report results={r} />);
  expect(texts(row(/^Completion rate/))[3]).toBe("+6.9\u00a0pp\u22124.7 to +17.8");
  await userEvent.selectOptions(screen.getByRole("combobox", { name: "Compare A with" }), "C");
  expect(texts(row(/^Completion rate/))[3]).toBe("+50.0\u00a0pp");
});

test("data quality tells lost calls and those counted apart", () => {
  render(<Report results={someResults()} />);
  const table = within(within(screen.getByRole("region", { name: "Data quality" })).getByRole("table"));
  const rows = table.getAllByRole("row").map((r) => r.textContent);
  expect(rows).toContain("Lost: no end was reported3 (0.3%)0 (0.0%)");
  expect(rows).toContain("Counted apart: target down50");
});

test("a gap in known outcomes is pointed out once it is more than chance", () => {
  const [a, b] = someResults().quality;
  if (!a || !b) throw new Error("two arms");
  expect(outcomesGap([a, b])).toBeUndefined(); // 69.7 % of 890 and 80 % of 100
  const many = { ...b, ended: 900, outcomes: 720 };
  expect(outcomesGap([a, many])).toContain("80.0% of B\u2019s ended calls and of 69.7% of A\u2019s");
  expect(outcomesGap([a, { ...many, outcomes: 630, outcome_share: 0.7 }])).toBeUndefined();
});
