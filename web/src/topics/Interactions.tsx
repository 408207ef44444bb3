import type { Interaction } from "../api/types";
import { pValue, words } from "../format";

/** Whether the difference between two arms is another in some groups than in others. */
export function Interactions({ list, against, of }: { list: Interaction[]; against: string; of: "groups" | "situations" }) {
  const shown = list.filter((i) => i.arm === against);
  if (shown.length === 0) return null;
  const known = shown.filter((i) => i.p !== undefined);
  const telling = known.filter((i) => (i.adjusted ?? i.p ?? 1) < 0.05);
  return (
    <details className="interactions">
      <summary>
        Does the difference of {against} and {shown[0]?.against} differ {of === "groups" ? "among groups" : "in a situation"}?{" "}
        {known.length === 0 ? "Too few calls to tell." : telling.length === 0 ? "Nothing here says so." : `Perhaps: ${[...new Set(telling.map((i) => i.label.toLowerCase()))].join(", ")}.`} Exploratory.
      </summary>
      <table className="plain">
        <thead>
          <tr>
            <th scope="col">{of === "groups" ? "Metric" : "Situation, metric"}</th>
            <th scope="col" className="number">Groups</th>
            <th scope="col" className="number">Q</th>
            <th scope="col" className="number">p</th>
            <th scope="col" className="number">p, adjusted</th>
            <th scope="col">Note</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((i) => (
            <tr key={`${i.situation} ${i.metric}`}>
              <th scope="row">
                {i.situation && `${words(i.situation.replace(/^situation\./, ""))}: `}
                {i.label}
              </th>
              <td className="number">{i.groups}</td>
              <td className="number">{i.q?.toFixed(1)}</td>
              <td className="number">{i.p === undefined ? "" : pValue(i.p)}</td>
              <td className="number">{i.adjusted === undefined ? "" : pValue(i.adjusted)}</td>
              <td className="sub">
                {i.note}
                {(i.left_out?.length ?? 0) > 0 && ` Left out, too few calls: ${i.left_out?.join(", ")}.`}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
