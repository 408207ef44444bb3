// Types of everything the API takes and sends, from its own OpenAPI document.
export default {
  input: process.env["TANDEM_OPENAPI"],
  output: { path: process.env["TANDEM_TYPES"], clean: true, header: ["// Made from the OpenAPI document by `make types`: do not edit."], entryFile: false },
  plugins: [{ name: "@hey-api/typescript", enums: false }],
  logs: { level: "warn", file: false },
};
