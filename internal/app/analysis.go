package app

import (
	"tandem/internal/analyze"
	"tandem/internal/ingest"
	"tandem/internal/secrets"
)

// startAnalysis has calls analysed until Stop.
func (a *App) startAnalysis(ingester *ingest.Ingester) {
	a.box = secrets.New(a.cfg.SecretsKeyFile)
	a.analysis = analyze.New(a.store, ingester, a.box, nil, a.log)
	a.background(a.analysis.Run, a.analysis.Redo)
}
