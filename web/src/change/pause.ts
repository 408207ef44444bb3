import type { Test } from "../api/types";

// A test is paused by a split that gives every call to A. Nothing else remembers
// it: the phase before says what to go back to, to everybody and after a reload.

const allToFirst = (weights: number[]): boolean => weights[0] === 100 && weights.slice(1).every((w) => w === 0);

type Split = Pick<Test, "status" | "arms" | "phases">;

/** Whether all calls go to A since a split that gave others some. */
export const paused = (t: Split): boolean => t.status === "running" && allToFirst(t.arms.map((a) => a.weight)) && resumed(t) !== undefined;

/** The split that a paused test goes back to: the last one that gave others than A some calls. */
export const resumed = (t: Pick<Test, "phases">): number[] | undefined => t.phases.findLast((p) => !allToFirst(p.weights))?.weights;

/** All calls to A. */
export const pause = (arms: number): number[] => Array.from({ length: arms }, (_, i) => (i === 0 ? 100 : 0));

/** A split as people say it: 50/50. */
export const splitText = (weights: number[]): string => weights.join("/");
