package llm

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// statusError is an HTTP answer other than 2xx.
type statusError struct {
	status int
	after  time.Duration
	// code, param and message are what the body says, whatever its shape. They may
	// quote what was sent and stay in this package.
	code, param, message string
	// attempt is what the model wrote when the server itself found that it does not
	// fit (Groq's failed_generation).
	attempt string
}

func (s *statusError) Error() string { return "HTTP status " + strconv.Itoa(s.status) }

// maxErrorText is how much of an error's text is looked at.
const maxErrorText = 4096

// newStatusError reads the shapes of errors that are about: OpenAI's object below
// error, vLLM's and Mistral's at the top, FastAPI's detail, a mere text.
func newStatusError(res *http.Response, body []byte) *statusError {
	s := &statusError{status: res.StatusCode, after: retryAfter(res.Header, time.Now()), message: string(body)}
	var top map[string]any
	if json.Unmarshal(body, &top) == nil {
		e := top
		switch x := top["error"].(type) {
		case map[string]any:
			e = x
		case string:
			s.message = x
		}
		text := func(name string) string {
			if v, ok := e[name]; ok && v != nil {
				return fmt.Sprint(v)
			}
			return ""
		}
		s.code, s.param, s.attempt = text("code"), text("param"), text("failed_generation")
		if s.code == "" {
			s.code = text("type")
		}
		if m := text("message"); m != "" {
			s.message = m
		} else if m := text("detail"); m != "" {
			s.message = m
		}
		if inner, ok := e["innererror"].(map[string]any); ok && s.code == "" {
			s.code = fmt.Sprint(inner["code"])
		}
	}
	s.message = clip(s.message, maxErrorText)
	return s
}

// badRequest says whether the server found fault with what it was sent.
func (s *statusError) badRequest() bool {
	return s.status == http.StatusBadRequest || s.status == http.StatusUnprocessableEntity
}

var tooLongForm = regexp.MustCompile(`(?i)context (length|window|size)|maximum context|(prompt|input|request) is too (long|large)|too many tokens|reduce the length`)

// tooLong says whether this call was too much for the model.
func (s *statusError) tooLong() bool {
	return s.status == http.StatusRequestEntityTooLarge ||
		s.badRequest() && (s.code == "context_length_exceeded" || tooLongForm.MatchString(s.message))
}

// filtered says whether what was said in this call keeps the provider from
// answering: Azure's content_filter, OpenAI's invalid_prompt and
// content_policy_violation.
func (s *statusError) filtered() bool {
	switch s.code {
	case "content_filter", "invalid_prompt", "content_policy_violation", "ResponsibleAIPolicyViolation":
		return s.badRequest()
	}
	return s.badRequest() && (strings.Contains(s.message, "content management policy") || strings.Contains(s.message, "ResponsibleAIPolicyViolation"))
}
