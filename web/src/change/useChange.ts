import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ApiError } from "../api/client";
import { queries } from "../api/queries";
import type { Test } from "../api/types";

/**
 * Changes a test as it is now. The change is refused (412) when somebody else
 * changed the test since it was read; then it is read again, so that the next
 * try is made knowingly.
 */
export function useChange<Input>(id: string, change: (input: Input, test: Test) => Promise<Test>, done: () => void) {
  const client = useQueryClient();
  const test = useQuery({ ...queries.test(id), staleTime: 0 });
  const mutation = useMutation({
    mutationFn: (input: Input) => {
      if (!test.data) throw new ApiError(0, "The test has not been read yet.");
      return change(input, test.data);
    },
    onSuccess: async (changed) => {
      client.setQueryData(queries.test(id).queryKey, changed);
      done();
      await Promise.all([["results", id], ["tests"], ["route"], ["routes"]].map((queryKey) => client.invalidateQueries({ queryKey })));
    },
    onError: async (error) => {
      if (error instanceof ApiError && error.status === 412) await client.invalidateQueries({ queryKey: ["test", id] });
    },
  });
  return { test, mutation };
}

/** Somebody else was first. */
export const overtaken = (error: unknown): boolean => error instanceof ApiError && error.status === 412;
