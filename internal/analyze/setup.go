package analyze

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"tandem"
	"tandem/internal/analyze/llm"
)

// Secrets are what of the settings nobody reads again.
type Secrets struct {
	Key     string            `json:"key,omitempty"`
	Headers map[string]string `json:"headers,omitempty"`
}

// Stored is the setting as it is stored.
type Stored struct {
	tandem.AnalyzerSettings
	// KeySet and HeaderNames tell what Sealed holds.
	KeySet      bool     `json:"key_set,omitempty"`
	HeaderNames []string `json:"header_names,omitempty"`
	// Sealed holds the Secrets, readable only with the server's secrets key.
	Sealed []byte `json:"sealed,omitempty"`
}

// SecretsPurpose is what they are sealed for.
const SecretsPurpose = "settings.analyzer"

// Sealer opens what was sealed for a purpose.
type Sealer interface {
	Open(sealed []byte, purpose string) ([]byte, error)
}

// Settings is where the analyser's settings are.
type Settings interface {
	// ConfigVersion grows with every change to what Setting gives.
	ConfigVersion(ctx context.Context) (int64, error)
	// Setting gives a setting and its revision; nil and 0 when nobody chose.
	Setting(ctx context.Context, name tandem.SettingName) (json.RawMessage, int64, error)
}

// Model is a language model. Errors of Analyze are those of [llm.Analyzer].
type Model interface {
	Analyze(ctx context.Context, task tandem.AnalysisTask) (tandem.Analysis, error)
	Estimate(task tandem.AnalysisTask) tandem.AnalysisUsage
}

// NewModel makes the model that settings name. Errors are [tandem.Invalid] by the
// settings' names, but for timeout.
func NewModel(s tandem.AnalyzerSettings, secrets Secrets, client *http.Client) (Model, error) {
	return llm.New(llm.Config{
		BaseURL: s.BaseURL, Key: secrets.Key, Model: s.Model, Headers: secrets.Headers, Query: s.Query, Timeout: s.Timeout(),
		MaxInputTokens: s.MaxInputTokens, MaxOutputTokens: s.MaxOutputTokens, InputPrice: s.InputPrice, OutputPrice: s.OutputPrice,
	}, client)
}

// setup is who reads calls at present.
type setup struct {
	settings tandem.AnalyzerSettings
	version  int64 // of the configuration that it was read with
	revision int64 // of the setting
	readAt   time.Time
	model    Model // nil when there is none
	fault    error // why there is none, though there should be
}

func (s *setup) offline() bool { return s.settings.Kind == tandem.AnalyzerOffline }

// rereadEvery is how often settings that do not work are read anew: their key may
// have been put in its place.
const rereadEvery = time.Minute

// refresh takes up settings that changed, and forgets pauses with them.
func (r *Runner) refresh(ctx context.Context) error {
	version, err := r.settings.ConfigVersion(ctx)
	if err != nil {
		return err
	}
	now := time.Now()
	if s := r.setup; s != nil && s.version == version && (s.fault == nil || now.Sub(s.readAt) < rereadEvery) {
		return nil
	}
	next, err := r.read(ctx)
	if err != nil {
		return err
	}
	next.version, next.readAt = version, now
	r.mu.Lock()
	defer r.mu.Unlock()
	if s := r.setup; s != nil && s.revision == next.revision && s.fault == nil && next.fault == nil {
		s.version = version // what the model has learnt of its end point is kept
		return nil
	}
	if next.fault != nil && (r.setup == nil || r.setup.fault == nil) {
		r.log.Warn("the analyser's settings do not work", "error", next.fault)
	}
	r.setup, r.gate = next, gate{}
	return nil
}

// read gives the settings as they are stored now.
func (r *Runner) read(ctx context.Context) (*setup, error) {
	body, revision, err := r.settings.Setting(ctx, tandem.SettingAnalyzer)
	if err != nil {
		return nil, err
	}
	var stored Stored
	if body != nil {
		if err := json.Unmarshal(body, &stored); err != nil {
			return nil, tandem.Errorf(tandem.Internal, "", "the analyser's settings cannot be read: %w", err)
		}
	}
	s := &setup{revision: revision, settings: stored.WithDefaults()}
	if s.offline() {
		return s, nil
	}
	secrets, fault := r.unseal(stored)
	if s.fault = fault; fault == nil {
		s.model, s.fault = r.newModel(s.settings, secrets)
	}
	return s, nil
}

func (r *Runner) unseal(stored Stored) (secrets Secrets, err error) {
	if stored.Sealed == nil {
		return secrets, nil
	}
	raw, err := r.box.Open(stored.Sealed, SecretsPurpose)
	if err == nil {
		err = json.Unmarshal(raw, &secrets)
	}
	return secrets, err
}
