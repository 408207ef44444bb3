/** One thing that an edit changed. */
export interface Changed {
  name: string;
  before: string | undefined;
  after: string | undefined;
}

/** What differs between two documents, leaf by leaf; undefined is nothing there. */
export function changed(before: unknown, after: unknown): Changed[] {
  const was = leaves(before);
  const is = leaves(after);
  return [...new Set([...was.keys(), ...is.keys()])].filter((name) => was.get(name) !== is.get(name)).map((name) => ({ name, before: was.get(name), after: is.get(name) }));
}

function leaves(value: unknown, path = "", into = new Map<string, string>()): Map<string, string> {
  if (value === null || value === undefined) {
    if (path !== "" && value === null) into.set(path, "null");
  } else if (typeof value === "object" && Object.keys(value).length > 0) {
    for (const [key, part] of Object.entries(value)) leaves(part, path === "" ? key : `${path}.${key}`, into);
  } else if (path !== "" || typeof value !== "object") {
    into.set(path === "" ? "value" : path, typeof value === "string" ? value : JSON.stringify(value));
  }
  return into;
}
