// Package api is Tandem's REST interface: OpenAPI 3.1 at /openapi.json, a
// readable reference at /docs, problem details (RFC 9457) for every error, and
// server-sent events that say what changed.
//
// Requests flow in; every change goes to the store through the pure rules of
// the root package, is put in force at once on this node (assign) and told to
// listeners (live). Events go to ingest and are acknowledged once committed.
// Everything under /v1 needs an API key; only health, the OpenAPI document and
// the reference are open. It never writes SQL and holds no state of its own but
// a cache of keys that lives for three seconds.
package api
