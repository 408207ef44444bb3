import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { lazy, StrictMode, Suspense, useEffect } from "react";
import { createRoot } from "react-dom/client";
import { LiveProvider } from "./api/live";
import { newQueryClient } from "./api/queries";
import { ahead, newRouter } from "./router";
import { useSession } from "./session";
import { begin, isDoor } from "./session/begin";
import { Failure } from "./ui/Notice";
import { applyTheme } from "./ui/theme";
import "./styles/base.css";
import "./styles/shell.css";
import "./styles/forms.css";
import "./styles/routes.css";
import "./styles/door.css";
import "./styles/settings.css";
import "./styles/start.css";
import "./styles/agents.css";
import "./styles/results.css";
import "./styles/change.css";
import "./styles/sample.css";
import "./styles/reading.css";

applyTheme();
void begin();

const client = newQueryClient();
const router = newRouter();
const fetchDoor = () => import("./session/Door").then((m) => ({ default: m.Door }));
const Door = lazy(fetchDoor);
// Of the page of a link that signs in nothing is known yet: it leads on.
if (isDoor()) void fetchDoor().catch(() => undefined);
else ahead(router);

function Console() {
  const session = useSession();
  const user = session.state === "in" ? (session.who.session?.id ?? "") : undefined;
  // What one user could see is not for the next to find.
  useEffect(() => () => client.clear(), [user]);
  if (session.state === "asking") return null;
  if (session.state === "failed") return <main className="page"><h1>Tandem</h1><Failure error={session.error} retry={() => void begin()} /></main>;
  if (session.state === "out" || isDoor()) {
    return (
      <Suspense fallback={null}>
        <Door />
      </Suspense>
    );
  }
  return (
    <QueryClientProvider client={client}>
      <LiveProvider key={user}>
        <RouterProvider router={router} />
      </LiveProvider>
    </QueryClientProvider>
  );
}

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <Console />
    </StrictMode>,
  );
}
