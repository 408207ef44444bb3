import type { ArmHeader } from "../api/types";
import type { Key } from "../ui/drawing";

/** What each colour stands for. */
export const keysOf = (arms: Pick<ArmHeader, "key" | "version">[]): Key[] => arms.map((a) => ({ arm: a.key, text: `${a.key} ${a.version}` }));
