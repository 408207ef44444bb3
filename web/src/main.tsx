import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode, useEffect, useSyncExternalStore } from "react";
import { createRoot } from "react-dom/client";
import { keys, takeKeyFromAddress } from "./api/key";
import { LiveProvider } from "./api/live";
import { newQueryClient } from "./api/queries";
import { SignIn } from "./pages/SignIn";
import { newRouter } from "./router";
import { applyTheme } from "./ui/theme";
import "./styles/base.css";
import "./styles/shell.css";
import "./styles/forms.css";
import "./styles/routes.css";
import "./styles/agents.css";
import "./styles/results.css";
import "./styles/change.css";
import "./styles/sample.css";
import "./styles/reading.css";

takeKeyFromAddress();
applyTheme();

const client = newQueryClient();
const router = newRouter();

function Console() {
  const key = useSyncExternalStore((tell) => keys.subscribe(tell), keys.get);
  // What one key could see is not for the next to find.
  useEffect(() => () => client.clear(), [key]);
  if (key === null) return <SignIn />;
  return (
    <QueryClientProvider client={client}>
      <LiveProvider key={key}>
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
