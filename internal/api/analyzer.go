package api

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"

	"tandem"
	"tandem/internal/analyze"
)

// Box seals secrets for a purpose, and opens them.
type Box interface {
	Seal(text []byte, purpose string) ([]byte, error)
	Open(sealed []byte, purpose string) ([]byte, error)
}

// Analyzer is the analyser's settings as they are shown: never their secrets.
type Analyzer struct {
	tandem.AnalyzerSettings
	KeySet      bool     `json:"key_set" doc:"Whether there is a key. It cannot be read"`
	HeaderNames []string `json:"header_names,omitempty" doc:"Headers that are sent with every request. Their values cannot be read"`
}

type putAnalyzer struct {
	IfMatch
	Body struct {
		tandem.AnalyzerSettings
		Key     *string           `json:"key,omitempty" doc:"Bearer token of the end point. Left out: as it is; empty: none. Given anew when base_url leads to another host"`
		Headers map[string]string `json:"headers,omitempty" doc:"Sent with every request and as secret as the key, such as Azure's api-key. Left out: as they are; an empty object: none"`
	}
}

// analyzerWords: the model's client calls it timeout.
func analyzerWords(field string) string {
	if field == "timeout" {
		return "timeout_seconds"
	}
	return field
}

func (a *api) analyzer() {
	const path = "/v1/settings/analyzer"
	register(a, operation{
		id: "get-analyzer", method: http.MethodGet, path: path, tag: tagAnalyses, scope: tandem.ScopeAdmin,
		summary: "Read who analyses calls", description: "Never the key. For administrators alone, as it tells the end point's address; GET /v1/analyses/status tells everybody the analyser, its model and the budget.",
	}, func(ctx context.Context, _ *struct{}) (*one[Analyzer], error) {
		stored, revision, err := readSetting[analyze.Stored](ctx, a, tandem.SettingAnalyzer)
		if err != nil {
			return nil, err
		}
		out := &one[Analyzer]{Body: shownAnalyzer(stored)}
		if revision > 0 {
			out.ETag = etag(revision)
		}
		return out, nil
	})
	register(a, operation{
		id: "put-analyzer", method: http.MethodPut, path: path, tag: tagAnalyses, scope: tandem.ScopeAdmin,
		summary: "Say who analyses calls", refusals: []int{412}, words: analyzerWords,
		description: "In force within a second on every node, for calls that are not in hand. Everything that is left out is as if never set, but for key and headers.",
	}, a.putAnalyzer)
	register(a, operation{
		id: "try-analyzer", method: http.MethodPost, path: path + "/try", tag: tagAnalyses, scope: tandem.ScopeAdmin,
		summary: "Try the model", description: "Asks the model of the settings about a short conversation that is built in, and tells what came back or what is wrong. Nothing of it is stored.",
	}, func(ctx context.Context, _ *struct{}) (*plain[analyze.Trial], error) {
		return onePlain(a.Analysis.Try(ctx))
	})
}

func shownAnalyzer(s analyze.Stored) Analyzer {
	return Analyzer{AnalyzerSettings: s.WithDefaults(), KeySet: s.KeySet, HeaderNames: s.HeaderNames}
}

func (a *api) putAnalyzer(ctx context.Context, in *putAnalyzer) (*one[Analyzer], error) {
	told := func(s analyze.Stored) any { return shownAnalyzer(s) }
	doc, revision, err := editSetting(ctx, a, tandem.SettingAnalyzer, in.IfMatch, told, func(s *analyze.Stored) error {
		return a.changeAnalyzer(s, in)
	})
	if err != nil {
		return nil, err
	}
	return &one[Analyzer]{ETag: etag(revision), Body: shownAnalyzer(doc)}, nil
}

// changeAnalyzer makes s what in says. What it keeps of the secrets never goes to
// another host than the one that they were given for.
func (a *api) changeAnalyzer(s *analyze.Stored, in *putAnalyzer) error {
	var secrets analyze.Secrets
	keepsKey, keepsHeaders := in.Body.Key == nil && s.KeySet, in.Body.Headers == nil && len(s.HeaderNames) > 0
	if keepsKey || keepsHeaders {
		if host(s.BaseURL) != host(in.Body.BaseURL) {
			field := "key"
			if !keepsKey {
				field = "headers"
			}
			return tandem.Errorf(tandem.Invalid, field, "is missing; give it anew, or empty, when base_url leads to another host")
		}
		raw, err := a.Box.Open(s.Sealed, analyze.SecretsPurpose)
		if err == nil {
			err = json.Unmarshal(raw, &secrets)
		}
		if err != nil {
			return err
		}
	}
	if in.Body.Key != nil {
		secrets.Key = *in.Body.Key
	}
	if in.Body.Headers != nil {
		secrets.Headers = in.Body.Headers
	}
	if err := a.Analysis.Check(in.Body.AnalyzerSettings, secrets); err != nil {
		return err
	}
	*s = analyze.Stored{AnalyzerSettings: in.Body.AnalyzerSettings, KeySet: secrets.Key != "", HeaderNames: slices.Sorted(maps.Keys(secrets.Headers))}
	if !s.KeySet && len(s.HeaderNames) == 0 {
		return nil
	}
	raw, err := json.Marshal(secrets)
	if err != nil {
		return err
	}
	s.Sealed, err = a.Box.Seal(raw, analyze.SecretsPurpose)
	return err
}

func host(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Scheme + "://" + u.Host
}
