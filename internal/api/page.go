package api

import (
	"net/url"

	"github.com/danielgtaylor/huma/v2"

	"tandem"
)

// Paged are the parameters of every list.
type Paged struct {
	Cursor string `query:"cursor" doc:"next of the page before"`
	Limit  int    `query:"limit" minimum:"1" maximum:"500" default:"50" doc:"Entries in a page"`
	self   url.URL
}

// Resolve keeps the request's own address, for the link to the next page.
func (p *Paged) Resolve(ctx huma.Context) []error {
	p.self = ctx.URL()
	return nil
}

func (p *Paged) page() tandem.Page { return tandem.Page{Cursor: p.Cursor, Limit: p.Limit} }

// list is one page.
type list[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next,omitempty" doc:"Cursor of the next page; absent on the last"`
}

type listResponse[T any] struct {
	Link string `header:"Link" doc:"The next page, as rel=\"next\""`
	Body list[T]
}

func pageOf[T any](p *Paged, items []T, next string, err error) (*listResponse[T], error) {
	if err != nil {
		return nil, err
	}
	if items == nil {
		items = []T{}
	}
	out := &listResponse[T]{Body: list[T]{Items: items, Next: next}}
	if next != "" {
		u := p.self
		q := u.Query()
		q.Set("cursor", next)
		u.RawQuery = q.Encode()
		out.Link = "<" + u.RequestURI() + `>; rel="next"`
	}
	return out, nil
}
