package tandem

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Agent is a voice agent: a draft that is edited freely and the versions that
// were published from it.
type Agent struct {
	ID   ID     `json:"id" readOnly:"true"`
	Name string `json:"name" doc:"Unique among agents; letters, digits, space, dot, dash and underscore" example:"front-desk"`
	// Draft is what the next Publish freezes.
	Draft Content `json:"draft"`
	// LatestVersion is the number of the newest published version; 0 before
	// the first.
	LatestVersion int       `json:"latest_version" readOnly:"true"`
	Revision      int64     `json:"revision" readOnly:"true" doc:"Grows with each change; given back in If-Match"`
	CreatedAt     time.Time `json:"created_at" readOnly:"true"`
	UpdatedAt     time.Time `json:"updated_at" readOnly:"true"`
}

// Version is a published, immutable state of an agent. Number counts from 1
// within the agent.
type Version struct {
	ID          ID        `json:"id"`
	AgentID     ID        `json:"agent_id"`
	AgentName   string    `json:"agent_name"`
	Number      int       `json:"number" minimum:"1"`
	Note        string    `json:"note,omitempty" doc:"What changed, in the publisher's words"`
	PublishedAt time.Time `json:"published_at"`
	PublishedBy string    `json:"published_by"`
	Content     Content   `json:"content"`
}

// Ref is how people write a version: "front-desk@3".
func (v Version) Ref() string { return v.AgentName + "@" + strconv.Itoa(v.Number) }

// Content is everything that makes an agent behave as it does.
type Content struct {
	Prompt      string          `json:"prompt,omitempty"`
	Greeting    string          `json:"greeting,omitempty"`
	LLM         *LLM            `json:"llm,omitempty"`
	Voice       *Speech         `json:"voice,omitempty"`
	Transcriber *Speech         `json:"transcriber,omitempty"`
	Tools       []Tool          `json:"tools,omitempty"`
	Flow        json.RawMessage `json:"flow,omitempty" doc:"Conversation flow, any JSON"`
	Fields      []Field         `json:"fields,omitempty" doc:"What post-call analysis fills in"`
	Extra       json.RawMessage `json:"extra,omitempty" doc:"Any further configuration, a JSON object"`
	Target      Target          `json:"target,omitzero" doc:"How a call reaches this version"`
}

// LLM names the language model of an agent.
type LLM struct {
	Provider    string   `json:"provider" example:"openai"`
	Model       string   `json:"model" example:"gpt-4.1-mini"`
	Temperature *float64 `json:"temperature,omitempty" minimum:"0" maximum:"2"`
}

// Speech names a voice (text to speech) or a transcriber (speech to text).
type Speech struct {
	Provider string          `json:"provider"`
	Model    string          `json:"model,omitempty"`
	Voice    string          `json:"voice,omitempty" doc:"Voices only: the provider's name or id of the voice"`
	Language string          `json:"language,omitempty" example:"en-US"`
	Settings json.RawMessage `json:"settings,omitempty" doc:"Provider's further settings, a JSON object"`
}

// Tool is a function that the agent may call.
type Tool struct {
	Name        string          `json:"name"`
	Description string          `json:"description,omitempty"`
	Parameters  json.RawMessage `json:"parameters,omitempty" doc:"JSON Schema of the arguments"`
	Settings    json.RawMessage `json:"settings,omitempty" doc:"Platform's further settings, a JSON object"`
}

// TargetKind says how a call reaches a version. More kinds come with
// connectors.
type TargetKind string

// TargetSIP reaches a version by a SIP URI.
const TargetSIP TargetKind = "sip"

// Target is how a call reaches a version.
type Target struct {
	Kind TargetKind `json:"kind" enum:"sip"`
	SIP  *SIPTarget `json:"sip,omitempty"`
}

// SIPTarget is a SIP URI to send the call to, and headers to send along.
type SIPTarget struct {
	URI       string            `json:"uri" doc:"sip: or sips: URI; without a user part, the called number is filled in" example:"sip:agent@agent.example.com"`
	Transport string            `json:"transport,omitempty" enum:"udp,tcp,tls" doc:"Overrides the URI's transport parameter; default udp, tls for sips:"`
	Headers   map[string]string `json:"headers,omitempty" doc:"Extra headers on the INVITE; names start with X-"`
}

var (
	nameForm   = regexp.MustCompile(`^[\pL\pN][\pL\pN ._-]{0,99}$`)
	headerForm = regexp.MustCompile(`^[Xx]-[A-Za-z0-9-]{1,60}$`)
)

const maxContentBytes = 1 << 20 // a prompt or flow past this is a mistake, not a configuration

// ValidateName checks the name of an agent, route, test or key: 1 to 100
// letters, digits, spaces, dots, dashes or underscores, starting with a letter
// or a digit.
func ValidateName(field, name string) error {
	if !nameForm.MatchString(name) || strings.TrimSpace(name) != name {
		return Errorf(Invalid, field, "is %q; expected 1 to 100 letters, digits, spaces, dots, dashes or underscores, starting with a letter or digit", clip(name))
	}
	return nil
}

// Validate says everything that keeps content from being published, as a join
// of Invalid errors. A draft may be invalid; a version never is.
func (c Content) Validate() error {
	return errors.Join(c.ValidateDraft(), under("target", c.Target.Validate()))
}

// ValidateDraft checks what must hold even of a draft: well-formed JSON, field
// definitions that make sense, sizes within limits.
func (c Content) ValidateDraft() error {
	var errs []error
	if n := len(c.Prompt) + len(c.Greeting) + len(c.Flow) + len(c.Extra); n > maxContentBytes {
		errs = append(errs, Errorf(Invalid, "prompt", "with greeting, flow and extra takes %d bytes; expected at most %d", n, maxContentBytes))
	}
	if c.LLM != nil {
		if t := c.LLM.Temperature; t != nil && !(*t >= 0 && *t <= 2) {
			errs = append(errs, Errorf(Invalid, "llm.temperature", "is %v; expected 0 to 2", *t))
		}
		if c.LLM.Provider == "" || c.LLM.Model == "" {
			errs = append(errs, Errorf(Invalid, "llm", "needs a provider and a model"))
		}
	}
	errs = append(errs, jsonValue("flow", c.Flow, false), jsonValue("extra", c.Extra, true))
	if c.Voice != nil {
		errs = append(errs, under("voice", c.Voice.validate()))
	}
	if c.Transcriber != nil {
		errs = append(errs, under("transcriber", c.Transcriber.validate()))
	}
	seen := map[string]bool{}
	for i, t := range c.Tools {
		at := "tools" + index(i)
		if t.Name == "" || seen[t.Name] {
			errs = append(errs, Errorf(Invalid, at+".name", "is %q; expected a name that no other tool has", t.Name))
		}
		seen[t.Name] = true
		errs = append(errs, jsonValue(at+".parameters", t.Parameters, true), jsonValue(at+".settings", t.Settings, true))
	}
	errs = append(errs, under("fields", validateFields(c.Fields)))
	return errors.Join(errs...)
}

func (s Speech) validate() error {
	var errs []error
	if s.Provider == "" {
		errs = append(errs, Errorf(Invalid, "provider", "is empty; expected the provider's name"))
	}
	errs = append(errs, jsonValue("settings", s.Settings, true))
	return errors.Join(errs...)
}

// Validate checks that a call can be sent to the target.
func (t Target) Validate() error {
	switch {
	case t.Kind != TargetSIP:
		return Errorf(Invalid, "kind", "is %q; expected %q", t.Kind, TargetSIP)
	case t.SIP == nil:
		return Errorf(Invalid, "sip", "is missing; expected the SIP URI that reaches this version")
	}
	return under("sip", t.SIP.validate())
}

func (t SIPTarget) validate() error {
	errs := []error{ValidateSIPURI("uri", t.URI)}
	switch t.Transport {
	case "", "udp", "tcp", "tls":
	default:
		errs = append(errs, Errorf(Invalid, "transport", "is %q; expected udp, tcp or tls", t.Transport))
	}
	for name, value := range t.Headers {
		if !headerForm.MatchString(name) || strings.EqualFold(name, "X-Tandem-Call") {
			errs = append(errs, Errorf(Invalid, "headers", "has %q; expected names that start with X- and are not X-Tandem-Call", clip(name)))
		}
		if len(value) > 512 || strings.ContainsFunc(value, func(r rune) bool { return r < ' ' || r == 0x7f }) {
			errs = append(errs, Errorf(Invalid, "headers."+name, "holds control characters or more than 512 bytes"))
		}
	}
	return errors.Join(errs...)
}

// ValidateSIPURI checks that uri can be a target: scheme sip or sips, a host,
// no characters that could break out of a header.
func ValidateSIPURI(field, uri string) error {
	scheme, rest, _ := strings.Cut(uri, ":")
	scheme = strings.ToLower(scheme)
	bad := strings.ContainsFunc(uri, func(r rune) bool { return r <= ' ' || r >= 0x7f || strings.ContainsRune(`<>"\`, r) })
	host, at := rest, strings.IndexByte(rest, '@')
	if at >= 0 {
		host = rest[at+1:]
	}
	host, params, _ := strings.Cut(host, ";")
	bad = bad || at == 0 || strings.ContainsAny(host, "@?") || strings.Contains(params, "?") || !validTransport(params)
	if bad || scheme != "sip" && scheme != "sips" || len(uri) > 1024 || !validHostPort(host) {
		return Errorf(Invalid, field, "is %q; expected a SIP URI such as sip:agent@host.example.com:5060", clip(uri))
	}
	return nil
}

// validTransport says whether a URI's parameters leave it a transport that the
// gateway has.
func validTransport(params string) bool {
	for p := range strings.SplitSeq(strings.ToLower(params), ";") {
		if name, value, _ := strings.Cut(p, "="); name == "transport" && value != "udp" && value != "tcp" && value != "tls" {
			return false
		}
	}
	return true
}

// hostForm is a name or an IPv4 address, or an IPv6 address in brackets.
var hostForm = regexp.MustCompile(`^([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])$`)

func validHostPort(host string) bool {
	u, err := url.Parse("sip://" + host)
	if err != nil || u.Host != host || u.User != nil || !hostForm.MatchString(strings.TrimSuffix(host, ":"+u.Port())) {
		return false
	}
	if p := u.Port(); p != "" {
		n, err := strconv.Atoi(p)
		return err == nil && n > 0 && n < 65536
	}
	return !strings.HasSuffix(host, ":")
}

// Publish freezes the draft as the agent's next version. The draft stays as it
// is, ready to be edited towards the version after.
func (a *Agent) Publish(by, note string, now time.Time) (Version, error) {
	if err := a.Draft.Validate(); err != nil {
		return Version{}, under("draft", err)
	}
	a.LatestVersion++
	return Version{
		ID: NewID(now), AgentID: a.ID, AgentName: a.Name, Number: a.LatestVersion,
		Note: note, PublishedAt: now, PublishedBy: by, Content: a.Draft,
	}, nil
}

// Difference is one place where two versions differ. Path is in the words of
// the JSON form, such as "llm.temperature" or "fields[outcome].choices"; Before
// or After is null where one version lacks it.
type Difference struct {
	Path   string          `json:"path"`
	Before json.RawMessage `json:"before"`
	After  json.RawMessage `json:"after"`
}

// Diff lists where b differs from a, ordered by path. Lists whose elements
// have a "name" are compared by name, other lists element by element.
func Diff(a, b Content) []Difference {
	var out []Difference
	diff("", tree(a), tree(b), &out)
	return out
}

func tree(c Content) any {
	raw, err := json.Marshal(c)
	if err != nil {
		return nil // a Content that passed ValidateDraft always encodes
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var v any
	_ = dec.Decode(&v)
	return v
}

func jsonValue(field string, raw json.RawMessage, object bool) error {
	switch {
	case len(raw) == 0:
		return nil
	case !json.Valid(raw):
		return Errorf(Invalid, field, "is not valid JSON")
	case object && bytes.TrimLeft(raw, " \t\r\n")[0] != '{':
		return Errorf(Invalid, field, "is not a JSON object")
	}
	return nil
}

func index(i int) string { return "[" + strconv.Itoa(i) + "]" }

// clip keeps an echoed value short enough for an error message.
func clip(s string) string {
	if len(s) > 120 {
		return strings.ToValidUTF8(s[:117], "") + "..."
	}
	return s
}
