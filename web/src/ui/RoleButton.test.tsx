import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import { signedInAs } from "../test/session";
import { RoleButton } from "./RoleButton";
import { Toasts } from "./toasts";
import { Toggle } from "./Toggle";

const why = /^Your role is viewer, which only reads/;

test("whoever may not reaches the button, is told why, and changes nothing", async () => {
  signedInAs("viewer");
  const done = vi.fn();
  render(
    <>
      <RoleButton onClick={done}>End test</RoleButton>
      <Toasts />
    </>,
  );
  const button = screen.getByRole("button", { name: "End test" });
  expect(button.getAttribute("aria-disabled")).toBe("true");
  const described = document.getElementById(button.getAttribute("aria-describedby") ?? "");
  expect(described?.textContent).toMatch(why);
  await userEvent.tab();
  expect(document.activeElement).toBe(button);
  expect((await screen.findByRole("tooltip")).textContent).toMatch(why);
  await userEvent.keyboard("{Enter}");
  await userEvent.keyboard("{Enter}");
  await waitFor(() => expect(screen.getAllByRole("alertdialog")).toHaveLength(1));
  expect(screen.getByRole("alertdialog").textContent).toMatch(why);
  expect(done).not.toHaveBeenCalled();
});

test("each scope is asked of the role that has it", async () => {
  signedInAs("operator");
  const changed = vi.fn();
  const gone = vi.fn();
  render(
    <>
      <RoleButton onClick={changed}>Change</RoleButton>
      <RoleButton needs="admin" onClick={gone}>
        Delete
      </RoleButton>
      <RoleButton onClick={changed} disabled>
        Busy
      </RoleButton>
    </>,
  );
  await userEvent.click(screen.getByRole("button", { name: "Change" }));
  await userEvent.click(screen.getByRole("button", { name: "Delete" }));
  await userEvent.click(screen.getByRole("button", { name: "Busy" }));
  expect(changed).toHaveBeenCalledOnce();
  expect(gone).not.toHaveBeenCalled();
});

test("a refused switch is reached, says why, and stays as it is", async () => {
  const changed = vi.fn();
  render(
    <Toggle on={false} onChange={changed} refused="Your role only reads.">
      A/B testing
    </Toggle>,
  );
  const toggle = screen.getByRole("switch", { name: "A/B testing", description: "Your role only reads." });
  await userEvent.tab();
  expect(document.activeElement).toBe(toggle);
  await userEvent.keyboard(" ");
  await userEvent.click(toggle);
  expect(changed).not.toHaveBeenCalled();
});
