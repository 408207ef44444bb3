export const link: string;
export const user: { email: string; password: string };
export interface Fake {
  url: string;
  call(): void;
  edit(n: number): void;
  sessions(allowed: boolean): void;
  cut(): void;
  stop(): Promise<void>;
}
export function start(o?: { port?: number; live?: number; role?: "viewer" | "operator" | "admin" }): Promise<Fake>;
