import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { lazy, Suspense, useRef, useState } from "react";
import { usePolling } from "../api/live";
import { queries } from "../api/queries";
import { steerQueries } from "../api/steer";
import type { Route, Test } from "../api/types";
import { EndDialog } from "../change/EndDialog";
import { count, phone } from "../format";
import { PastTests } from "../routes/PastTests";
import { Running } from "../routes/Running";
import { Trend } from "../routes/Trend";
import { useMay, useRefusal } from "../session";
import { proposal, setupOf, type Setup } from "../setup/form";
import { Failure, Loading, NotShown } from "../ui/Notice";
import { Toggle } from "../ui/Toggle";
import { useTitle } from "../ui/useTitle";
import { TestView } from "./TestPage";

const TestSetup = lazy(async () => ({ default: (await import("../setup/TestSetup")).TestSetup }));
const RouteSettings = lazy(async () => ({ default: (await import("../routes/RouteSettings")).RouteSettings }));

/** A route: what takes its calls, the A/B test that runs on it or can be set up, and the tests before. */
export function RoutePage({ id }: { id: string }) {
  const polling = usePolling();
  const route = useQuery({ ...queries.route(id), refetchInterval: polling });
  const tests = useQuery({ ...queries.tests(id), refetchInterval: polling });
  const [again, setAgain] = useState<Test>();
  const may = useMay("write");
  const error = route.error ?? tests.error;
  useTitle(route.data && nameOf(route.data));
  if (error && !(route.data && tests.data)) return <div className="page"><NotShown what="The route" error={error} retry={() => void Promise.all([route.refetch(), tests.refetch()])} /></div>;
  if (!route.data || !tests.data) return <div className="page"><Loading what="the route" /></div>;
  const all = tests.data.items;
  const running = all.find((t) => t.status === "running");
  function setUpLike(test: Test) {
    setAgain(test);
    window.scrollTo({ top: 0 });
  }
  return (
    <div className="page">
      <nav className="crumbs" aria-label="Where you are">
        <Link to="/">Routes</Link>
      </nav>
      <Head route={route.data} running={running !== undefined} />
      <Testing key={`${running?.id ?? ""} ${again?.id ?? ""}`} route={route.data} running={running} before={all.find((t) => t.status === "ended")} again={again} onDone={() => setAgain(undefined)} />
      {running && <TestView id={running.id} within />}
      <PastTests tests={all.filter((t) => t !== running)} onAgain={may && !running ? setUpLike : undefined} />
    </div>
  );
}

const nameOf = (route: Route): string => (route.number ? phone(route.number) : route.name);

/** The route's name, how busy it is, and its settings. */
function Head({ route, running }: { route: Route; running: boolean }) {
  const [open, setOpen] = useState(false);
  const volume = useQuery(steerQueries.volume());
  const days = volume.data?.days.length ?? 0;
  const calls = volume.data && (volume.data.routes.find((r) => r.route_id === route.id)?.calls ?? Array.from({ length: days }, () => 0));
  return (
    <div className="heading">
      <div>
        <h1>{nameOf(route)}</h1>
        <p className="sub">{[route.kind === "outbound" ? "Campaign" : route.number && `+${route.name}` !== route.number ? route.name : "Phone number", route.sip_mode === "redirect" ? "calls are redirected" : undefined].filter(Boolean).join(", ")}</p>
      </div>
      <div className="head-end">
        {calls && (
          <p className="head-calls">
            <Trend calls={calls} />
            <span>
              <strong>{count(calls.at(-1) ?? 0)}</strong> {calls.at(-1) === 1 ? "call" : "calls"} today
            </span>
          </p>
        )}
        <button type="button" className="button" onClick={() => setOpen(true)}>
          Settings
        </button>
      </div>
      {open && (
        <Suspense fallback={null}>
          <RouteSettings route={route} running={running} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </div>
  );
}

interface TestingProps {
  route: Route;
  running: Test | undefined;
  /** The test before. */
  before: Test | undefined;
  /** A test to set up again. */
  again: Test | undefined;
  onDone: () => void;
}

/** The A/B testing section: the switch, and what is behind it. */
function Testing({ route, running, before, again, onDone }: TestingProps) {
  const live = useQuery(queries.version(route.live_version_id));
  const [setting, setSetting] = useState(again !== undefined && !running);
  const [ending, setEnding] = useState(false);
  const refused = useRefusal("write");
  const results = useQuery({ ...queries.results(running?.id ?? ""), enabled: running !== undefined });
  const box = useRef<HTMLElement>(null);
  function toggle(on: boolean) {
    if (running) setEnding(!on);
    else if (on) setSetting(true);
    else cancel();
  }
  function cancel() {
    setSetting(false);
    onDone();
    box.current?.querySelector<HTMLElement>('[role="switch"]')?.focus();
  }
  return (
    <section ref={box} className="panel testing" aria-labelledby="testing">
      <div className="panel-head wrap">
        <div>
          <h2 id="testing">A/B testing</h2>
          <p className="sub">
            {running ? "Calls are split by this test. Without it they go to" : "Off: every call goes to"} <strong>{live.data ?? "the live version"}</strong>.
          </p>
        </div>
        <Toggle on={running !== undefined || setting} onChange={toggle} refused={refused}>
          {running ? "On" : setting ? "Setting up" : "Off"}
          <span className="hidden"> A/B testing</span>
        </Toggle>
      </div>
      {running && <Running test={running} />}
      {setting && !running && (
        <Suspense fallback={<Loading what="the versions" />}>
          <Setting route={route} before={before} again={again} onCancel={cancel} />
        </Suspense>
      )}
      {ending && results.data && <EndDialog results={results.data} onClose={() => setEnding(false)} />}
    </section>
  );
}

/** The set-up once it is known what to propose. */
function Setting({ route, before, again, onCancel }: { route: Route; before: Test | undefined; again: Test | undefined; onCancel: () => void }) {
  const choices = useQuery(queries.choices());
  if (choices.isError) return <Failure error={choices.error} retry={() => void choices.refetch()} />;
  if (!choices.data) return <Loading what="the versions" />;
  const initial: Setup = again ? setupOf(again) : proposal(route, choices.data.flatMap((c) => c.versions), before);
  return <TestSetup route={route} initial={initial} onCancel={onCancel} />;
}
