export const key: string;
export interface Fake {
  url: string;
  call(): void;
  edit(n: number): void;
  cut(): void;
  stop(): Promise<void>;
}
export function start(o?: { port?: number; live?: number }): Promise<Fake>;
