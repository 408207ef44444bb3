import type { Analyzer, AnalyzerBudget, PutAnalyzerBody } from "../api/types";

/** Where a language model is asked, as providers document it. */
export interface Provider {
  id: string;
  label: string;
  baseUrl: string;
  model: string;
  /** How it is opened: a key, a header, or nothing. */
  opens: "key" | "api-key" | "nothing";
  query?: Record<string, string>;
  maxInput?: number;
  note?: string;
}

export const providers: Provider[] = [
  { id: "openai", label: "OpenAI", baseUrl: "https://api.openai.com/v1", model: "gpt-4.1-mini", opens: "key" },
  { id: "azure", label: "Azure OpenAI", baseUrl: "https://NAME.openai.azure.com/openai/deployments/DEPLOYMENT", model: "DEPLOYMENT", opens: "api-key", query: { "api-version": "2024-10-21" }, note: "Put the names of your resource and of your deployment in place of NAME and DEPLOYMENT." },
  { id: "groq", label: "Groq", baseUrl: "https://api.groq.com/openai/v1", model: "", opens: "key" },
  { id: "vllm", label: "vLLM", baseUrl: "http://HOST:8000/v1", model: "", opens: "nothing", note: "The model’s name is the one that it is served under." },
  { id: "ollama", label: "Ollama", baseUrl: "http://127.0.0.1:11434/v1", model: "qwen3:8b", opens: "nothing", maxInput: 6000, note: "Give Ollama a num_ctx that holds what is sent and the answer, or it drops the beginning of calls without a word." },
  { id: "other", label: "Another", baseUrl: "", model: "", opens: "key", note: "Any end point that speaks OpenAI’s chat completions." },
];

/** The provider whose end point an address is. */
export function providerOf(address: string | undefined): string {
  if (!address) return "openai";
  const found = [
    ["openai", "//api.openai.com"],
    ["azure", ".openai.azure.com"],
    ["groq", "//api.groq.com"],
    ["ollama", ":11434"],
  ].find(([, part]) => address.includes(part ?? ""));
  return found?.[0] ?? "other";
}

export interface AnalyzerForm {
  kind: "offline" | "llm";
  provider: string;
  baseUrl: string;
  model: string;
  /** Empty: as it is stored. */
  key: string;
  apiKey: string;
  query: Record<string, string>;
  timeout: number;
  maxInput: number;
  maxOutput: number;
  inputPrice: number;
  outputPrice: number;
  concurrency: number;
  dayCost: number;
  dayTokens: number;
  callCost: number;
  callTokens: number;
  fillIn: boolean;
}

/** 0 is the default or no limit, which the form shows as empty. */
const shown = (n: number | undefined): number => (n === undefined || n === 0 ? NaN : n);

export const formOf = (s: Analyzer): AnalyzerForm => ({
  kind: s.kind ?? "offline",
  provider: providerOf(s.base_url),
  baseUrl: s.base_url ?? providers[0]?.baseUrl ?? "",
  model: s.model ?? providers[0]?.model ?? "",
  key: "",
  apiKey: "",
  query: s.query ?? {},
  timeout: shown(s.timeout_seconds),
  maxInput: shown(s.max_input_tokens),
  maxOutput: shown(s.max_output_tokens),
  inputPrice: shown(s.input_price),
  outputPrice: shown(s.output_price),
  concurrency: shown(s.concurrency),
  dayCost: shown(s.budget?.day_cost),
  dayTokens: shown(s.budget?.day_tokens),
  callCost: shown(s.budget?.call_cost),
  callTokens: shown(s.budget?.call_tokens),
  fillIn: s.fill_in ?? false,
});

const some = (name: keyof PutAnalyzerBody | keyof AnalyzerBudget, n: number): object => (Number.isFinite(n) && n > 0 ? { [name]: n } : {});

/** What is stored of it. Secrets that were not given anew are left out, and stay. */
export function bodyOf(f: AnalyzerForm): PutAnalyzerBody {
  return {
    kind: f.kind,
    ...(f.baseUrl.trim() && { base_url: f.baseUrl.trim() }),
    ...(f.model.trim() && { model: f.model.trim() }),
    ...(f.key && { key: f.key }),
    ...(f.apiKey && { headers: { "api-key": f.apiKey } }),
    ...(Object.keys(f.query).length > 0 && { query: f.query }),
    ...some("timeout_seconds", f.timeout),
    ...some("max_input_tokens", f.maxInput),
    ...some("max_output_tokens", f.maxOutput),
    ...some("input_price", f.inputPrice),
    ...some("output_price", f.outputPrice),
    ...some("concurrency", f.concurrency),
    budget: { ...some("day_cost", f.dayCost), ...some("day_tokens", f.dayTokens), ...some("call_cost", f.callCost), ...some("call_tokens", f.callTokens) },
    fill_in: f.fillIn,
  };
}

/** Whether secrets are kept that would go to another host than the one they were given for. */
export function secretsAstray(s: Analyzer, f: AnalyzerForm): boolean {
  const host = (address: string | undefined) => {
    try {
      return new URL(address ?? "").origin;
    } catch {
      return "";
    }
  };
  return (s.key_set || (s.header_names ?? []).length > 0) && host(s.base_url) !== host(f.baseUrl);
}
