package llm

import (
	"errors"
	"math"
	"net/url"
	"time"

	"tandem"
)

const (
	defaultTimeout = 60 * time.Second
	defaultInput   = 24_000
	defaultOutput  = 2_000
	// leastInput leaves some room for a transcript beside what the model is told.
	leastInput = 2_000
	// leastOutput is about what the standard fields need.
	leastOutput = 400
)

// Config says which model is asked, and how.
type Config struct {
	// BaseURL is the end point's address up to where chat/completions follows, such
	// as https://api.openai.com/v1, http://localhost:11434/v1 (Ollama) or
	// https://NAME.openai.azure.com/openai/deployments/DEPLOYMENT.
	BaseURL string
	// Key is sent as the bearer token; empty for end points that need none.
	Key string `json:"-"`
	// Model is the model's name at the end point.
	Model string
	// Headers and Query are sent with every request: Azure's deployments want the
	// key in the header api-key, and api-version in the query. Headers are kept as
	// secret as the key.
	Headers map[string]string `json:"-"`
	Query   map[string]string
	// Timeout bounds one request, to the end of its answer; 0 is 60 s.
	Timeout time.Duration
	// MaxInputTokens bounds what is sent of a call, by an estimate that is rather
	// too high (three bytes a token); 0 is 24,000. A longer transcript is cut in the
	// middle. The model's context has to hold it and MaxOutputTokens twice over:
	// some servers, Ollama with its default num_ctx among them, drop what is too
	// long without a word.
	MaxInputTokens int
	// MaxOutputTokens bounds an answer, with what the model thinks; 0 is 2,000.
	MaxOutputTokens int
	// InputPrice and OutputPrice are US dollars for a million tokens; 0 is unknown.
	InputPrice, OutputPrice float64
}

// String names the model and never the key.
func (c Config) String() string {
	host := "?"
	if u, err := url.Parse(c.BaseURL); err == nil {
		host = u.Host
	}
	return c.Model + " at " + host
}

// GoString is String.
func (c Config) GoString() string { return c.String() }

func (c Config) withDefaults() Config {
	if c.Timeout == 0 {
		c.Timeout = defaultTimeout
	}
	if c.MaxInputTokens == 0 {
		c.MaxInputTokens = defaultInput
	}
	if c.MaxOutputTokens == 0 {
		c.MaxOutputTokens = defaultOutput
	}
	return c
}

// validate checks a Config with its defaults. No message quotes the address or
// the headers, which may hold secrets.
func (c Config) validate() error {
	var errs []error
	refuse := func(field, format string, args ...any) {
		errs = append(errs, tandem.Errorf(tandem.Invalid, field, format, args...))
	}
	u, err := url.Parse(c.BaseURL)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		refuse("base_url", "is not an address of an end point; expected http or https, a host and a path, without user, query and fragment")
	}
	if c.Model == "" {
		refuse("model", "is empty; expected the model's name at the end point")
	}
	if !headerValue(c.Key) {
		refuse("key", "has characters that no key has; expected printable ASCII without spaces")
	}
	for name, value := range c.Headers {
		if name == "" || !headerValue(name) || !headerValue(value) {
			refuse("headers", "has a name or a value that cannot be sent; expected printable ASCII without spaces")
		}
	}
	if c.Timeout < time.Second {
		refuse("timeout", "is %v; expected 1s or more", c.Timeout)
	}
	if c.MaxInputTokens < leastInput {
		refuse("max_input_tokens", "is %d; expected %d or more", c.MaxInputTokens, leastInput)
	}
	if c.MaxOutputTokens < leastOutput {
		refuse("max_output_tokens", "is %d; expected %d or more", c.MaxOutputTokens, leastOutput)
	}
	for field, price := range map[string]float64{"input_price": c.InputPrice, "output_price": c.OutputPrice} {
		if !(price >= 0) || math.IsInf(price, 1) {
			refuse(field, "is %v; expected US dollars for a million tokens, 0 or more", price)
		}
	}
	return errors.Join(errs...)
}

func headerValue(s string) bool {
	for i := range len(s) {
		if s[i] <= ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}
