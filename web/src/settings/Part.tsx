import { useId, type ReactNode } from "react";

interface Props {
  title: string;
  /** What it is for, in a sentence or two. */
  about?: ReactNode;
  action?: ReactNode;
  children?: ReactNode;
}

/** One panel of a section. */
export function Part({ title, about, action, children }: Props) {
  const id = useId();
  return (
    <section className="panel" aria-labelledby={id}>
      <div className="panel-head wrap">
        <h3 id={id}>{title}</h3>
        {action}
      </div>
      {about !== undefined && <p className="sub part-about">{about}</p>}
      {children}
    </section>
  );
}
