// Package web holds the built web console. A checkout without a build holds
// only a placeholder, so that plain `go build` always works; `make console`
// fills it.
package web

import "embed"

// Dist is what the build wrote, beneath "dist".
//
//go:embed all:dist
var Dist embed.FS
