// The API key of this tab: kept in session storage, so that it ends with the
// tab and is never sent anywhere but to this server.

const place = "tandem.key";
const listeners = new Set<() => void>();

export const keys = {
  get: (): string | null => sessionStorage.getItem(place),

  set(key: string | null): void {
    if (key === null) sessionStorage.removeItem(place);
    else sessionStorage.setItem(place, key);
    listeners.forEach((tell) => tell());
  },

  subscribe(tell: () => void): () => void {
    listeners.add(tell);
    return () => listeners.delete(tell);
  },
};

/**
 * Takes a key out of the address (`#key=tdm_...`, as `tandem demo` prints it)
 * and removes it there, so that it stays out of history and of copied links.
 */
export function takeKeyFromAddress(): void {
  const given = new URLSearchParams(location.hash.slice(1)).get("key");
  if (given === null) return;
  history.replaceState(history.state, "", location.pathname + location.search);
  if (given !== "") keys.set(given);
}
