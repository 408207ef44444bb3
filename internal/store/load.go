package store

import (
	"context"
	"strings"
	"unicode/utf8"

	"tandem"
)

// LoadCalls gives the stored calls that refs name; a ref to no call is absent.
// A ref by id and one by an origin's own id may give the same call.
func (s *Store) LoadCalls(ctx context.Context, refs []tandem.CallRef) (map[tandem.CallRef]tandem.Call, error) {
	out := make(map[tandem.CallRef]tandem.Call, len(refs))
	var ids []string
	foreign := map[string][]string{} // by origin
	for _, r := range refs {
		switch {
		case r.ID != "":
			ids = append(ids, string(r.ID))
		case storable(r.Origin) && storable(r.ForeignID):
			foreign[r.Origin] = append(foreign[r.Origin], r.ForeignID)
		}
	}
	if len(ids) > 0 {
		if err := s.loadByID(ctx, ids, out); err != nil {
			return nil, s.fault("load calls", err)
		}
	}
	for origin, list := range foreign {
		if err := s.loadByForeign(ctx, origin, list, out); err != nil {
			return nil, s.fault("load calls", err)
		}
	}
	return out, nil
}

func (s *Store) loadByID(ctx context.Context, ids []string, out map[tandem.CallRef]tandem.Call) error {
	rows, err := s.hot.callsByID.QueryContext(ctx, s.dialect.texts(ids))
	if err != nil {
		return err
	}
	return each(rows, func(scan func(...any) error) error {
		c, err := scanCall(scan)
		out[tandem.CallRef{ID: c.ID}] = c
		return err
	})
}

func (s *Store) loadByForeign(ctx context.Context, origin string, list []string, out map[tandem.CallRef]tandem.Call) error {
	rows, err := s.hot.callsByForeign.QueryContext(ctx, origin, s.dialect.texts(list))
	if err != nil {
		return err
	}
	return each(rows, func(scan func(...any) error) error {
		ref := tandem.CallRef{Origin: origin}
		var r callRow
		if err := scan(append([]any{&ref.ForeignID}, r.places()...)...); err != nil {
			return err
		}
		c, err := r.call()
		out[ref] = c
		return err
	})
}

// storable says whether both engines can hold text: PostgreSQL refuses NUL and
// what is not UTF-8.
func storable(text string) bool { return utf8.ValidString(text) && !strings.ContainsRune(text, 0) }
