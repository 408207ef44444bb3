package app

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"tandem"
	"tandem/internal/phone"
	"tandem/internal/privacy"
	"tandem/internal/redact"
	"tandem/internal/store"
	"tandem/internal/topics"
)

// personal is what looks after personal data.
type personal struct {
	*privacy.Keeper
	*privacy.Worker
}

// newKeeper makes what applies the privacy settings, with those that are stored in
// force. region is where numbers without country code are from.
func newKeeper(ctx context.Context, s *store.Store, region string, a *App) (*privacy.Keeper, error) {
	secret, err := s.Secret(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the nodes' secret: %w", err)
	}
	k := privacy.NewKeeper(s, privacy.Options{
		Secret:   secret,
		Redactor: func(r tandem.RedactSettings) (privacy.Redactor, error) { return newRedactor(r, region) },
		Number:   func(caller string) string { return number(caller, region) },
		Forget:   topics.Forget, RedactGroups: topics.Redact,
	}, a.log)
	if err := k.Reload(ctx); err != nil {
		return nil, fmt.Errorf("read the privacy settings: %w", err)
	}
	return k, nil
}

// number gives a telephone number in E.164; other text, such as a name, as it is.
func number(caller, region string) string {
	caller = strings.TrimSpace(caller)
	if strings.Trim(caller, "+0123456789 ()-./") != "" && !strings.Contains(caller, ":") {
		return caller // letters on a telephone's keys are a name here
	}
	if n, err := phone.Normalise(caller, region); err == nil {
		return n
	}
	return caller
}

// redactor is redact's, in the domain's words.
type redactor struct{ *redact.Redactor }

func newRedactor(s tandem.RedactSettings, region string) (privacy.Redactor, error) {
	cfg := redact.Config{Names: s.Names, Region: s.Region}
	if cfg.Region == "" {
		cfg.Region = region
	}
	for _, k := range s.Kinds {
		cfg.Kinds = append(cfg.Kinds, redact.Kind(k))
	}
	r, err := redact.New(cfg)
	if e, ok := errors.AsType[*tandem.Error](err); ok {
		inSettings := *e
		inSettings.Field = "redact." + e.Field
		return nil, &inSettings
	}
	return redactor{r}, err
}

func (r redactor) Text(s string) (string, tandem.Redactions) {
	text, n := r.Redactor.Text(s)
	return text, redactions(n)
}

func (r redactor) Turns(turns []tandem.Turn) ([]tandem.Turn, tandem.Redactions) {
	out, n := r.Redactor.Turns(turns)
	return out, redactions(n)
}

func redactions(counts redact.Counts) tandem.Redactions {
	out := make(tandem.Redactions, len(counts))
	for k, n := range counts {
		out[string(k)] = n
	}
	return out
}
