import { useQueryClient } from "@tanstack/react-query";
import { api, ApiError } from "../api/client";
import { steer } from "../api/steer";
import type { Test } from "../api/types";
import { requestOf, setupOf } from "../setup/form";
import { say } from "../ui/toasts";

/**
 * Starts a test again as it was set up. With the version that was live before it
 * ended, that one is made live again too, so that ending is undone.
 */
export function useStartAgain() {
  const client = useQueryClient();
  return async (ended: Test, live?: string) => {
    try {
      const { route_id } = await api.test(ended.id);
      if (live !== undefined) await steer.patchRoute(route_id, { live_version: live });
      await api.startTest(route_id, requestOf(setupOf(ended)));
      say("A new test is on, set up as the one before. It takes effect on the next call.");
    } catch (error) {
      say(error instanceof ApiError ? `It could not be started: ${error.message}.`.replace("..", ".") : "It could not be started.");
    }
    await Promise.all([["tests"], ["route"], ["routes"]].map((queryKey) => client.invalidateQueries({ queryKey })));
  };
}
