import { useSyncExternalStore } from "react";

/** How far the first steps were followed in this browser. What exists on the server says the rest. */
export type Course = "new" | "begun" | "skipped" | "done";

const place = "tandem.start";
const listeners = new Set<() => void>();

function read(): Course {
  const stored = localStorage.getItem(place);
  return stored === "begun" || stored === "skipped" || stored === "done" ? stored : "new";
}

export function useCourse(): [Course, (course: Course) => void] {
  const course = useSyncExternalStore((tell) => {
    listeners.add(tell);
    return () => listeners.delete(tell);
  }, read);
  return [
    course,
    (next) => {
      localStorage.setItem(place, next);
      listeners.forEach((tell) => tell());
    },
  ];
}

/** Whether the guide shows: before there is a route, and until the first call of the route that it made. */
export const guides = (course: Course, routes: number): boolean => (routes === 0 ? course !== "skipped" : course === "begun");
