package client

import (
	"context"
	"net/http"

	"tandem"
)

// GoalCheck is what can be said of a text as a goal.
type GoalCheck struct {
	OK       bool        `json:"ok"`
	Errors   []GoalFault `json:"errors"`
	Warnings []string    `json:"warnings"`
	Names    []GoalName  `json:"names"`
}

// GoalFault is one thing wrong with a goal, and where.
type GoalFault struct {
	Line    int    `json:"line"`
	Column  int    `json:"column"`
	Message string `json:"message"`
}

// GoalName is a name that a goal can use.
type GoalName struct {
	Name    string   `json:"name"`
	Type    string   `json:"type"`
	Doc     string   `json:"doc"`
	Unit    string   `json:"unit,omitempty"`
	Choices []string `json:"choices,omitempty"`
}

// CheckGoal checks a goal for a test between versions.
func (c *Client) CheckGoal(ctx context.Context, goal string, versions []string) (GoalCheck, error) {
	var out GoalCheck
	in := map[string]any{"goal": goal, "versions": versions}
	err := c.do(ctx, request{method: http.MethodPost, path: path("goals", "check"), in: in}, &out)
	return out, err
}

// ChangeGoal gives a running test another goal.
func (c *Client) ChangeGoal(ctx context.Context, id tandem.ID, revision int64, goal, note string) (tandem.Test, error) {
	var out tandem.Test
	in := map[string]string{"goal": goal}
	if note != "" {
		in["note"] = note
	}
	err := c.do(ctx, request{method: http.MethodPatch, path: path("tests", string(id)), match: revision, in: in}, &out)
	return out, err
}
