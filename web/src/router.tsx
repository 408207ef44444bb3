import { createRootRoute, createRoute, createRouter, type RouterHistory } from "@tanstack/react-router";
import { NotFound } from "./pages/NotFound";
import { RoutePage } from "./pages/RoutePage";
import { RoutesPage } from "./pages/RoutesPage";
import { SamplePage } from "./pages/SamplePage";
import { TestPage } from "./pages/TestPage";
import { readSearch } from "./sample/search";
import { Shell } from "./ui/Shell";

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound });

const routes = createRoute({ getParentRoute: () => root, path: "/", component: RoutesPage });

const route = createRoute({
  getParentRoute: () => root,
  path: "/routes/$route",
  component: function Page() {
    return <RoutePage id={route.useParams().route} />;
  },
});

const test = createRoute({
  getParentRoute: () => root,
  path: "/tests/$test",
  component: function Page() {
    return <TestPage id={test.useParams().test} />;
  },
});

const sample = createRoute({
  getParentRoute: () => root,
  path: "/tests/$test/sample",
  validateSearch: readSearch,
  component: function Page() {
    return <SamplePage id={sample.useParams().test} search={sample.useSearch()} />;
  },
});

const routeTree = root.addChildren([routes, route, test, sample]);

export function newRouter(history?: RouterHistory) {
  return createRouter({ routeTree, scrollRestoration: true, ...(history && { history }) });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof newRouter>;
  }
}
