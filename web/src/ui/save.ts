/** Has the browser save something as a file. */
export function save(content: Blob, name: string): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** A title as a file's name, without its ending. */
export const fileName = (title: string): string => title.replace(/[^\p{L}\p{N}+]+/gu, "-").replace(/^-+|-+$/g, "") || "chart";
