import { useEffect, useEffectEvent } from "react";

/** Keys of the page, while nothing is typed and no dialog or menu is open. */
export function useKeys(act: (key: string) => boolean) {
  const pressed = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    const at = event.target instanceof Element ? event.target : null;
    if (at?.closest('input, textarea, select, [contenteditable], [role="dialog"], [role="listbox"], [role="menu"], [role="slider"]')) return;
    if (act(event.key)) event.preventDefault();
  });
  useEffect(() => {
    document.addEventListener("keydown", pressed);
    return () => document.removeEventListener("keydown", pressed);
  }, []);
}
