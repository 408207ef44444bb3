import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { Invitation } from "../pages/Invitation";
import { SetUp } from "../pages/SetUp";
import { SignIn } from "../pages/SignIn";

/** The pages in front of the console: they speak for nobody yet. */
export function Door() {
  const [client] = useState(() => new QueryClient({ defaultOptions: { queries: { retry: false, staleTime: Infinity } } }));
  return <QueryClientProvider client={client}>{page()}</QueryClientProvider>;
}

function page(): ReactNode {
  const path = location.pathname.replace(/\/$/, "");
  if (path === "/setup") return <SetUp />;
  if (path === "/invitation") return <Invitation />;
  return <SignIn />;
}
