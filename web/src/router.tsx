import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect, type RouterHistory } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { readAgentSearch } from "./agents/search";
import { Broken, codeOf } from "./pages/Broken";
import { NotFound } from "./pages/NotFound";
import { readCallSearch } from "./reading/callSearch";
import { readSearch } from "./sample/search";
import { session } from "./session";
import { Shell } from "./ui/Shell";

// Each page is fetched when it is first opened, so that the first one is soon there.

/** A page that hands what is in the address to one that is fetched: the router fetches that ahead, too. */
const fetched = (page: Preloaded, show: () => ReactNode) => Object.assign(show, { preload: () => page.preload?.() });
interface Preloaded {
  preload?: (() => Promise<void> | undefined) | undefined;
}

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound });

const routes = createRoute({ getParentRoute: () => root, path: "/", component: lazyRouteComponent(() => codeOf(import("./pages/HomePage")), "HomePage") });

const RoutePage = lazyRouteComponent(() => codeOf(import("./pages/RoutePage")), "RoutePage");
const route = createRoute({
  getParentRoute: () => root,
  path: "/routes/$route",
  component: fetched(RoutePage, function Page() {
    return <RoutePage id={route.useParams().route} />;
  }),
});

const TestPage = lazyRouteComponent(() => codeOf(import("./pages/TestPage")), "TestPage");
const test = createRoute({
  getParentRoute: () => root,
  path: "/tests/$test",
  component: fetched(TestPage, function Page() {
    return <TestPage id={test.useParams().test} />;
  }),
});

const SamplePage = lazyRouteComponent(() => codeOf(import("./pages/SamplePage")), "SamplePage");
const sample = createRoute({
  getParentRoute: () => root,
  path: "/tests/$test/sample",
  validateSearch: readSearch,
  component: fetched(SamplePage, function Page() {
    return <SamplePage id={sample.useParams().test} search={sample.useSearch()} />;
  }),
});

const agents = createRoute({ getParentRoute: () => root, path: "/agents", component: lazyRouteComponent(() => codeOf(import("./pages/AgentsPage")), "AgentsPage") });

const AgentPage = lazyRouteComponent(() => codeOf(import("./pages/AgentPage")), "AgentPage");
const agent = createRoute({
  getParentRoute: () => root,
  path: "/agents/$agent",
  validateSearch: readAgentSearch,
  component: fetched(AgentPage, function Page() {
    return <AgentPage id={agent.useParams().agent} search={agent.useSearch()} />;
  }),
});

const CallsPage = lazyRouteComponent(() => codeOf(import("./pages/CallsPage")), "CallsPage");
const calls = createRoute({
  getParentRoute: () => root,
  path: "/calls",
  validateSearch: readCallSearch,
  component: fetched(CallsPage, function Page() {
    return <CallsPage search={calls.useSearch()} />;
  }),
});

const CallPage = lazyRouteComponent(() => codeOf(import("./pages/CallPage")), "CallPage");
const call = createRoute({
  getParentRoute: () => root,
  path: "/calls/$call",
  component: fetched(CallPage, function Page() {
    const { call: id } = call.useParams();
    return <CallPage key={id} id={id} />;
  }),
});

const settings = createRoute({
  getParentRoute: () => root,
  path: "/settings",
  beforeLoad: () => redirect({ to: "/settings/$section", params: { section: session.may("admin") ? "users" : "account" }, replace: true, throw: true }),
});

const SettingsPage = lazyRouteComponent(() => codeOf(import("./pages/SettingsPage")), "SettingsPage");
const settingsSection = createRoute({
  getParentRoute: () => root,
  path: "/settings/$section",
  validateSearch: (search: Record<string, unknown>): { object?: string } => (typeof search["object"] === "string" ? { object: search["object"] } : {}),
  component: fetched(SettingsPage, function Page() {
    return <SettingsPage section={settingsSection.useParams().section} />;
  }),
});

const routeTree = root.addChildren([routes, route, test, sample, agents, agent, calls, call, settings, settingsSection]);

export function newRouter(history?: RouterHistory) {
  return createRouter({ routeTree, scrollRestoration: true, defaultPreload: "intent", defaultErrorComponent: Broken, ...(history && { history }) });
}

/** Begins to fetch the page of the present address, while it is still being asked who has come. */
export function ahead(router: ReturnType<typeof newRouter>): void {
  void router.preloadRoute({ to: location.pathname } as never).catch(() => undefined);
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof newRouter>;
  }
}
