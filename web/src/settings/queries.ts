import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { account } from "../api/account";
import { admin } from "../api/admin";
import { all } from "../api/queries";
import type { List } from "../api/types";
import { say } from "../ui/toasts";

const paged = <T>(key: string[], read: (cursor: string, signal: AbortSignal) => Promise<List<T>>) =>
  infiniteQueryOptions({
    queryKey: key,
    queryFn: ({ pageParam, signal }) => read(pageParam, signal),
    initialPageParam: "",
    getNextPageParam: (last: List<T>) => last.next,
  });

export const stored = {
  users: () => queryOptions({ queryKey: ["users"], queryFn: ({ signal }) => all((cursor) => admin.users(cursor, signal)) }),
  keys: () => queryOptions({ queryKey: ["keys"], queryFn: async ({ signal }) => (await admin.keys(signal)).items }),
  sessions: () => queryOptions({ queryKey: ["sessions"], queryFn: async ({ signal }) => (await account.sessions(signal)).items }),
  // What is being edited does not change under the hands: a conflict is told when it is saved.
  oidc: () => queryOptions({ queryKey: ["oidc"], queryFn: ({ signal }) => admin.oidc(signal), refetchOnWindowFocus: false }),
  analyzer: () => queryOptions({ queryKey: ["analyzer"], queryFn: ({ signal }) => admin.analyzer(signal), refetchOnWindowFocus: false }),
  privacy: () => queryOptions({ queryKey: ["privacy"], queryFn: ({ signal }) => admin.privacy(signal), refetchOnWindowFocus: false }),
  analysisStatus: () => queryOptions({ queryKey: ["analyses", "status"], queryFn: ({ signal }) => admin.analysisStatus(signal), refetchInterval: 5_000 }),
  failed: () => paged(["analyses", "failed"], (cursor, signal) => admin.failedAnalyses(cursor, signal)),
  jobs: () =>
    queryOptions({
      queryKey: ["privacy-jobs"],
      queryFn: async ({ signal }) => (await admin.privacyJobs(signal)).items,
      refetchInterval: (query) => (query.state.data?.some((j) => j.finished_at === undefined) ? 1_500 : false),
    }),
  purges: () => paged(["purges"], (cursor, signal) => admin.purges(cursor, signal)),
  webhooks: () => queryOptions({ queryKey: ["webhooks"], queryFn: async ({ signal }) => (await admin.webhooks(signal)).items }),
  deliveries: (id: string) =>
    queryOptions({
      queryKey: ["deliveries", id],
      queryFn: async ({ signal }) => (await admin.deliveries(id, signal)).items,
      refetchInterval: (query) => (query.state.data?.some((d) => d.state === "pending") ? 2_000 : 10_000),
    }),
  audit: (object: string) => paged(["audit", object], (cursor, signal) => admin.audit(object, cursor, signal)),
};

/** Does something, has what it makes stale read anew, and says that it was done. */
export function useDoing<Input = void, Output = unknown>(does: (input: Input) => Promise<Output>, stale: string[], done?: string | ((output: Output, input: Input) => void)) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: does,
    onSuccess: async (output, input) => {
      if (typeof done === "string") say(done);
      else done?.(output, input);
      await Promise.all(stale.map((key) => client.invalidateQueries({ queryKey: [key] })));
    },
  });
}
