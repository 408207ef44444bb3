import type { ReactNode } from "react";
import { Mark } from "../ui/Mark";
import { useTitle } from "../ui/useTitle";

/** A page in front of the console. */
export function Card({ title, children }: { title: string; children: ReactNode }) {
  useTitle(title);
  return (
    <main className="door">
      <p className="brand">
        <Mark />
        Tandem
      </p>
      <section className="door-card" aria-labelledby="door-title">
        <h1 id="door-title">{title}</h1>
        {children}
      </section>
    </main>
  );
}
