import { cleanup } from "@testing-library/react";
import { afterEach, beforeEach } from "vitest";

// jsdom knows the dialog element but cannot show it.
HTMLDialogElement.prototype.showModal = function () {
  this.open = true;
};
HTMLDialogElement.prototype.close = function () {
  this.open = false;
};
window.scrollTo = () => undefined;

beforeEach(() => {
  sessionStorage.clear();
  localStorage.clear();
  history.replaceState(null, "", "/");
});
afterEach(cleanup);
