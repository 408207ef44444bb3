import { request, revised } from "./client";
import type { Analyzer, AuditEntry, CallAnalysis, Delivery, Erasure, Export, Invitation, Key, List, NewKey, NewUser, NewWebhook, OidcSetting, PrivacyJob, PrivacySettings, Progress, Purge, PutAnalyzerBody, PutOidcBody, Trial, User, Webhook } from "./types";

const at = encodeURIComponent;
const post = <T>(path: string, body?: unknown) => request<T>(path, { method: "POST", ...(body !== undefined && { body }) });
const remove = (path: string) => request<undefined>(path, { method: "DELETE" });
const put = <T>(path: string, body: unknown, revision: number | undefined) => revised<T>(path, { method: "PUT", body, ...(revision !== undefined && { revision }) });
const page = <T>(path: string, cursor: string, signal?: AbortSignal, limit = 50) =>
  request<List<T>>(`${path}${path.includes("?") ? "&" : "?"}limit=${limit}${cursor && `&cursor=${at(cursor)}`}`, signal && { signal });

/** What the settings read and change. */
export const admin = {
  users: (cursor: string, signal?: AbortSignal) => page<User>("/v1/users", cursor, signal, 500),
  invite: (body: { email: string; name?: string; role: User["role"] }) => post<NewUser>("/v1/users", body),
  changeUser: (id: string, body: Partial<Pick<User, "name" | "role" | "disabled">>) => request<User>(`/v1/users/${at(id)}`, { method: "PATCH", body }),
  resetUser: (id: string) => post<NewUser & { invitation: Invitation }>(`/v1/users/${at(id)}/reset`),
  deleteUser: (id: string) => remove(`/v1/users/${at(id)}`),

  keys: (signal?: AbortSignal) => request<List<Key>>("/v1/keys", signal && { signal }),
  createKey: (name: string, scopes: string[]) => post<NewKey>("/v1/keys", { name, scopes }),
  revokeKey: (id: string) => remove(`/v1/keys/${at(id)}`),

  oidc: (signal?: AbortSignal) => revised<OidcSetting>("/v1/settings/oidc", signal && { signal }),
  putOidc: (body: PutOidcBody, revision: number | undefined) => put<OidcSetting>("/v1/settings/oidc", body, revision),
  deleteOidc: () => remove("/v1/settings/oidc"),

  analyzer: (signal?: AbortSignal) => revised<Analyzer>("/v1/settings/analyzer", signal && { signal }),
  putAnalyzer: (body: PutAnalyzerBody, revision: number | undefined) => put<Analyzer>("/v1/settings/analyzer", body, revision),
  tryAnalyzer: () => post<Trial>("/v1/settings/analyzer/try"),
  analysisStatus: (signal?: AbortSignal) => request<Progress>("/v1/analyses/status", signal && { signal }),
  failedAnalyses: (cursor: string, signal?: AbortSignal) => page<CallAnalysis>("/v1/analyses?state=failed", cursor, signal, 20),
  analyzeAgain: (call: string) => post<CallAnalysis>(`/v1/calls/${at(call)}/analysis`),

  privacy: (signal?: AbortSignal) => revised<PrivacySettings>("/v1/settings/privacy", signal && { signal }),
  putPrivacy: (body: PrivacySettings, revision: number | undefined) => put<PrivacySettings>("/v1/settings/privacy", body, revision),
  startPrivacy: (work: PrivacyJob["work"]) => post<PrivacyJob>(`/v1/privacy/${work}`),
  privacyJobs: (signal?: AbortSignal) => page<PrivacyJob>("/v1/privacy/jobs", "", signal, 5),
  purges: (cursor: string, signal?: AbortSignal) => page<Purge>("/v1/privacy/purges", cursor, signal, 20),
  exportCaller: (caller: string) => post<Export>("/v1/privacy/export", { caller }),
  eraseCaller: (caller: string) => post<Erasure>("/v1/privacy/erase", { caller }),

  webhooks: (signal?: AbortSignal) => request<List<Webhook>>("/v1/webhooks", signal && { signal }),
  createWebhook: (url: string, kinds: string[]) => post<NewWebhook>("/v1/webhooks", { url, ...(kinds.length > 0 && { kinds }) }),
  deleteWebhook: (id: string) => remove(`/v1/webhooks/${at(id)}`),
  ping: (id: string) => post<unknown>(`/v1/webhooks/${at(id)}/ping`),
  deliveries: (id: string, signal?: AbortSignal) => page<Delivery>(`/v1/webhooks/${at(id)}/deliveries`, "", signal, 10),

  audit: (object: string, cursor: string, signal?: AbortSignal) => page<AuditEntry>(`/v1/audit${object && `?object=${at(object)}`}`, cursor, signal),
};
