import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Invitation } from "../pages/Invitation";
import { SetUp } from "../pages/SetUp";
import { SignIn } from "../pages/SignIn";
import { answer } from "../test/server";
import { signedInAs } from "../test/session";
import { begin, homeward } from "./begin";
import { session, useMay, useRefusal } from "./index";

const who = { scopes: ["read"], user: { id: "u2", email: "bo@example.com", name: "Bo", role: "viewer", disabled: false, has_way_in: true, created_at: "2026-11-01T09:00:00Z" } };

beforeEach(() => session.set({ state: "asking" }));
afterEach(() => vi.unstubAllGlobals());

const show = (page: React.ReactNode) => render(<QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>{page}</QueryClientProvider>);

test("a link signs in once, leaves the address at once, and leads to where it says", async () => {
  history.replaceState(null, "", "/sign-in?to=%2Ftests%2Ft1%3Fseed%3D4#link=abc");
  const asked = answer(() => {
    expect(location.hash).toBe("");
    return { body: who };
  });
  await begin();
  expect(asked).toHaveLength(1);
  expect(asked[0]).toMatchObject({ method: "POST", path: "/v1/session", body: { link: "abc" } });
  expect(location.pathname + location.search).toBe("/tests/t1?seed=4");
  expect(session.get()).toMatchObject({ state: "in", who: { user: { name: "Bo" } } });
});

test("a link that was used leads on for who is signed in, and says so to who is not", async () => {
  const used = { status: 401, body: { detail: "the link was used" } };
  history.replaceState(null, "", "/sign-in#link=abc");
  answer(({ method }) => (method === "POST" ? used : { body: who }));
  await begin();
  expect(session.get().state).toBe("in");
  expect(location.pathname).toBe("/");

  history.replaceState(null, "", "/sign-in#link=abc");
  answer(() => used);
  await begin();
  expect(session.get()).toMatchObject({ state: "out", error: { message: "the link was used" } });
});

test("without a session nobody is signed in; a server that is away is something else", async () => {
  answer(() => ({ status: 401, body: { detail: "sign in" } }));
  await begin();
  expect(session.get()).toEqual({ state: "out", why: "never" });
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("network")));
  await begin();
  expect(session.get()).toMatchObject({ state: "failed", error: { status: 0 } });
});

test.each([
  ["/tests/t1?seed=4", "/tests/t1?seed=4"],
  ["//elsewhere.example", "/"],
  ["/\\elsewhere.example", "/"],
  ["https://elsewhere.example/", "/"],
  ["javascript:alert(1)", "/"],
  [null, "/"],
])("%s leads to %s", (to, path) => expect(homeward(to)).toBe(path));

test("a role may what its scopes say, and hears why not", () => {
  const Told = () => <p>{`${useMay("read")} ${useMay("write")} ${useMay("admin")} ${useRefusal("write") ?? "-"}`}</p>;
  signedInAs("viewer");
  const { rerender, container } = render(<Told />);
  expect(container.textContent).toMatch(/^true false false Your role is viewer/);
  signedInAs("operator");
  rerender(<Told />);
  expect(container.textContent).toBe("true true false -");
  signedInAs("admin");
  rerender(<Told />);
  expect(container.textContent).toBe("true true true -");
});

test("signing in stays where one was; what is wrong is said, and the session that ended too", async () => {
  history.replaceState(null, "", "/routes/r1");
  session.set({ state: "out", why: "ended" });
  answer(({ path, body }) =>
    path === "/v1/setup" ? { body: { needed: false, openid: true } } : (body as { password: string }).password === "right" ? { body: who } : { status: 401, body: { detail: "the address or the password is wrong" } },
  );
  show(<SignIn />);
  await screen.findByText(/Your session has ended/);
  const sso = await screen.findByRole("link", { name: "Sign in with your organisation" });
  expect(sso.getAttribute("href")).toBe("/v1/oidc/start?to=%2Froutes%2Fr1");
  const user = userEvent.setup();
  await user.type(screen.getByLabelText("E-mail"), "bo@example.com");
  await user.type(screen.getByLabelText("Password"), "wrong{Enter}");
  await screen.findByText("The address or the password is wrong.");
  await user.clear(screen.getByLabelText("Password"));
  await user.type(screen.getByLabelText("Password"), "right{Enter}");
  await waitFor(() => expect(session.get().state).toBe("in"));
  expect(location.pathname).toBe("/routes/r1");
});

test("why an issuer's word did not let somebody in is said in words", async () => {
  history.replaceState(null, "", "/sign-in?error=unknown");
  session.set({ state: "out", why: "never" });
  answer(() => ({ body: { needed: false, openid: true } }));
  show(<SignIn />);
  expect((await screen.findByRole("alert")).textContent).toContain("Ask an administrator for an invitation");
});

test("before anybody can sign in, the page says how the first administrator is made", async () => {
  session.set({ state: "out", why: "never" });
  answer(() => ({ body: { needed: true, openid: false } }));
  show(<SignIn />);
  await screen.findByRole("heading", { name: "Nobody can sign in yet" });
});

test("the first administrator is made with the address's code", async () => {
  history.replaceState(null, "", "/setup#code=K3JQA-7PZ2M");
  const asked = answer(({ method }) => ({ body: method === "GET" ? { needed: true, openid: false } : who }));
  show(<SetUp />);
  const user = userEvent.setup();
  await user.type(await screen.findByLabelText("E-mail"), "ann@example.com");
  await user.type(screen.getByLabelText("Password"), "short");
  expect(screen.getByRole("button", { name: "Create administrator" })).toHaveProperty("disabled", true);
  await user.type(screen.getByLabelText("Password"), " no more");
  await user.click(screen.getByRole("button", { name: "Create administrator" }));
  await waitFor(() => expect(session.get().state).toBe("in"));
  expect(asked.at(-1)).toMatchObject({ method: "POST", path: "/v1/setup", body: { code: "K3JQA-7PZ2M", email: "ann@example.com", password: "short no more" } });
  expect(location.pathname + location.hash).toBe("/");
});

test("an invitation sets the password; one that is no longer good is told apart from a server that is away", async () => {
  history.replaceState(null, "", "/invitation#token=tok");
  const asked = answer(({ method }) => ({ body: method === "GET" ? { email: "bo@example.com", name: "bo", expires_at: "2026-11-27T09:00:00Z" } : who }));
  const { unmount } = show(<Invitation />);
  const user = userEvent.setup();
  await screen.findByRole("heading", { name: "Welcome, bo" });
  await user.type(screen.getByLabelText("Password"), "a long enough one{Enter}");
  await waitFor(() => expect(session.get().state).toBe("in"));
  expect(asked.at(-1)).toMatchObject({ path: "/v1/invitations/tok", body: { password: "a long enough one" } });
  unmount();

  history.replaceState(null, "", "/invitation#token=old");
  answer(() => ({ status: 401, body: { detail: "no such invitation" } }));
  show(<Invitation />);
  await screen.findByRole("heading", { name: "No such invitation" });
});
