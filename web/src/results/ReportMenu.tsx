import type { ReactNode } from "react";
import { api, ApiError } from "../api/client";
import { MenuButton } from "../ui/MenuButton";
import { fileName, save } from "../ui/save";
import { say } from "../ui/toasts";

interface Props {
  /** The test's id. */
  test: string;
  /** What the file is called. */
  name: string;
  /** The button's name where its text does not say it. */
  label?: string;
  className?: string;
  children: ReactNode;
}

/** Saves a test's report to pass on. */
export function ReportMenu({ test, name, children, ...button }: Props) {
  async function write(format: "html" | "markdown", ending: string) {
    try {
      save(await api.report(test, format), `${fileName(name)}.${ending}`);
    } catch (error) {
      say(error instanceof ApiError ? `The report could not be saved: ${error.message}` : "The report could not be saved.");
    }
  }
  return (
    <MenuButton
      {...button}
      actions={[
        { id: "html", label: "As a page (HTML)", onAction: () => void write("html", "html") },
        { id: "markdown", label: "As text (Markdown)", onAction: () => void write("markdown", "md") },
      ]}
    >
      {children}
    </MenuButton>
  );
}
