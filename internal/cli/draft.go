package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"

	"tandem"
)

type draftCommand struct {
	Show draftShow `cmd:"" help:"Write the draft as JSON."`
	Set  draftSet  `cmd:"" help:"Replace the draft from a JSON file."`
	Edit draftEdit `cmd:"" help:"Edit the draft in $EDITOR."`
}

type draftShow struct {
	Agent string `arg:"" help:"Name or id of the agent."`
}

func (c *draftShow) Run(s *session) error {
	api, err := s.client()
	if err != nil {
		return err
	}
	a, err := api.Agent(s.ctx, c.Agent)
	if err != nil {
		return err
	}
	return s.writeJSON(a.Draft, nil)
}

type draftSet struct {
	Agent string `arg:"" help:"Name or id of the agent."`
	File  string `arg:"" default:"-" help:"JSON file; - is standard input."`
}

func (*draftSet) Help() string {
	return `For example:

  tandem agent draft show front-desk > draft.json
  tandem agent draft set front-desk draft.json`
}

func (c *draftSet) Run(s *session) error {
	raw, err := s.readFile(c.File)
	if err != nil {
		return err
	}
	return s.putDraft(c.Agent, 0, raw)
}

func (s *session) putDraft(agent string, revision int64, raw []byte) error {
	api, err := s.client()
	if err != nil {
		return err
	}
	var draft tandem.Content
	if err := decodeStrictly(raw, &draft); err != nil {
		return err
	}
	a, err := api.PutDraft(s.ctx, agent, revision, draft)
	if err != nil {
		return err
	}
	return s.show(a, func() { s.printf("The draft of %s is changed.\n", a.Name) })
}

type draftEdit struct {
	Agent string `arg:"" help:"Name or id of the agent."`
}

func (c *draftEdit) Run(s *session) error {
	api, err := s.client()
	if err != nil {
		return err
	}
	a, err := api.Agent(s.ctx, c.Agent)
	if err != nil {
		return err
	}
	before, err := json.MarshalIndent(a.Draft, "", "  ")
	if err != nil {
		return fmt.Errorf("write the draft: %w", err)
	}
	after, err := s.edit(before)
	if err != nil {
		return err
	}
	if bytes.Equal(bytes.TrimSpace(before), bytes.TrimSpace(after)) {
		s.printf("Nothing was changed.\n")
		return nil
	}
	return s.putDraft(c.Agent, a.Revision, after)
}

// edit lets the user edit text in their editor.
func (s *session) edit(text []byte) ([]byte, error) {
	f, err := os.CreateTemp("", "tandem-draft-*.json")
	if err != nil {
		return nil, err
	}
	defer os.Remove(f.Name())
	if _, err := f.Write(append(text, '\n')); err != nil {
		return nil, err
	}
	if err := f.Close(); err != nil {
		return nil, err
	}
	editor := strings.Fields(first(s.Getenv("VISUAL"), s.Getenv("EDITOR"), "vi"))
	cmd := exec.CommandContext(s.ctx, editor[0], append(editor[1:], f.Name())...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = s.Stdin, s.Stdout, s.Stderr
	if err := cmd.Run(); err != nil {
		return nil, tandem.Errorf(tandem.Invalid, "", "the editor %s failed, the draft is unchanged: %w", editor[0], err)
	}
	return os.ReadFile(f.Name())
}

// readFile reads a file; "-" is standard input.
func (s *session) readFile(path string) ([]byte, error) {
	if path == "-" {
		return io.ReadAll(s.Stdin)
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, tandem.Errorf(tandem.NotFound, "", "%w", err)
	}
	return raw, nil
}

// decodeStrictly reads JSON and refuses members that mean nothing: a misspelt
// one would be lost silently.
func decodeStrictly(raw []byte, into any) error {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	if err := dec.Decode(into); err != nil {
		return tandem.Errorf(tandem.Invalid, "draft", "cannot be read: %v", err)
	}
	if dec.More() {
		return tandem.Errorf(tandem.Invalid, "draft", "has more behind the JSON object")
	}
	return nil
}
