import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    root: import.meta.dirname,
    // Pictures are taken in place of tests where a folder for them is named.
    include: [process.env["TANDEM_PICTURES"] ? "pictures.ts" : "*.e2e.ts"],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    fileParallelism: false,
    expect: { poll: { timeout: 20_000 } },
  },
});
