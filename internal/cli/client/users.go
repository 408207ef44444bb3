package client

import (
	"context"
	"net/http"
	"net/url"

	"tandem"
)

// NewUser is a user and, where they have no password, the invitation to choose
// one.
type NewUser struct {
	tandem.User
	Invitation struct {
		Token string `json:"token"`
	} `json:"invitation"`
}

// Users lists users.
func (c *Client) Users(ctx context.Context, p Page) (List[tandem.User], error) {
	var out List[tandem.User]
	err := c.do(ctx, request{method: http.MethodGet, path: path("users"), query: p.into(url.Values{})}, &out)
	return out, err
}

// CreateUser makes a user; without a password they are invited.
func (c *Client) CreateUser(ctx context.Context, email, name string, role tandem.UserRole, password string) (NewUser, error) {
	in := map[string]any{"email": email, "role": role}
	if name != "" {
		in["name"] = name
	}
	if password != "" {
		in["password"] = password
	}
	var out NewUser
	err := c.do(ctx, request{method: http.MethodPost, path: path("users"), in: in}, &out)
	return out, err
}

// ChangeUser changes name, role and disabled, those that change holds.
func (c *Client) ChangeUser(ctx context.Context, user string, change map[string]any) (tandem.User, error) {
	var out tandem.User
	err := c.do(ctx, request{method: http.MethodPatch, path: path("users", user), in: change}, &out)
	return out, err
}

// ResetUser takes a user's password away and invites them anew.
func (c *Client) ResetUser(ctx context.Context, user string) (NewUser, error) {
	var out NewUser
	err := c.do(ctx, request{method: http.MethodPost, path: path("users", user, "reset")}, &out)
	return out, err
}

// DeleteUser deletes a user.
func (c *Client) DeleteUser(ctx context.Context, user string) error {
	return c.do(ctx, request{method: http.MethodDelete, path: path("users", user)}, nil)
}
