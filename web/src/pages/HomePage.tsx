import { useInfiniteQuery } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { queries } from "../api/queries";
import { useMay } from "../session";
import { guides, useCourse } from "../start/remembered";
import { Loading } from "../ui/Notice";
import { RoutesPage } from "./RoutesPage";

const Guide = lazy(() => import("../start/Guide").then((m) => ({ default: m.Guide })));

/** The routes, or the way to the first one for who may make it. */
export function HomePage() {
  const routes = useInfiniteQuery(queries.routes());
  const [course, follow] = useCourse();
  const may = useMay("write");
  const all = routes.data?.pages.flatMap((page) => page.items);
  if (may && all && guides(course, all.length)) {
    return (
      <Suspense fallback={<div className="page"><Loading what="the first steps" /></div>}>
        <Guide routes={all} />
      </Suspense>
    );
  }
  return (
    <>
      <RoutesPage />
      {may && all?.length === 0 && (
        <div className="page resume">
          <button type="button" className="button" onClick={() => follow("new")}>
            Take the first steps with the guide
          </button>
        </div>
      )}
    </>
  );
}
