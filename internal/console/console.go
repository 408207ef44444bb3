// Package console serves the web console that is embedded in the binary.
package console

import (
	"io"
	"io/fs"
	"net/http"

	"tandem/web"
)

// Handler serves the console. A binary that was built without one says so.
func Handler() http.Handler {
	dist, err := fs.Sub(web.Dist, "dist")
	if err == nil {
		if _, err = fs.Stat(dist, "index.html"); err == nil {
			return http.FileServerFS(dist)
		}
	}
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = io.WriteString(w, "console not built: run make console\n")
	})
}
