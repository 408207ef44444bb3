package store

import (
	"context"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"

	"tandem"
)

// conditions builds a WHERE clause. The zero value has none.
type conditions struct {
	terms []string
	args  []any
}

// add adds a condition; each ? in it stands for the next of args.
func (c *conditions) add(term string, args ...any) {
	for _, a := range args {
		term = strings.Replace(term, "?", c.arg(a), 1)
	}
	c.terms = append(c.terms, term)
}

// arg adds an argument and gives its name in the statement.
func (c *conditions) arg(a any) string {
	c.args = append(c.args, a)
	return "$" + strconv.Itoa(len(c.args))
}

func (c *conditions) clone() conditions {
	return conditions{slices.Clone(c.terms), slices.Clone(c.args)}
}

func (c *conditions) String() string {
	if len(c.terms) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(c.terms, " AND ")
}

// list is a page of a table in an order that its sort key makes total.
type list[T any] struct {
	selects string // SELECT ... FROM ..., without WHERE
	where   conditions
	// key names the columns of the order; down is for the last ones first.
	key  [2]string
	down bool
	// into gives places to decode a cursor's two parts to.
	into func() [2]any
	// scan reads a row, and gives its key. Where refuses is set it may refuse rows with
	// errRefused, of which no condition tells.
	scan    func(scan func(dest ...any) error) (T, [2]any, error)
	refuses bool
	// until is the key of the last entry to look at; nil looks at all there are.
	until *[2]any
}

// page reads the entries of page p, and the cursor of the page after, "" at
// the end.
func (l *list[T]) page(ctx context.Context, db *sql.DB, p tandem.Page) ([]T, string, error) {
	if err := l.behind(p.Cursor); err != nil {
		return nil, "", err
	}
	size, limit := p.Size(), ""
	if l.until != nil {
		within := "<="
		if l.down {
			within = ">="
		}
		l.where.add("("+l.key[0]+", "+l.key[1]+") "+within+" (?, ?)", l.until[0], l.until[1])
	}
	if !l.refuses {
		limit = " LIMIT " + strconv.Itoa(size+1)
	}
	rows, err := db.QueryContext(ctx, l.selects+l.where.String()+l.order()+limit, l.where.args...)
	if err != nil {
		return nil, "", err
	}
	out, next := []T{}, ""
	var last [2]any
	err = each(rows, func(scan func(...any) error) error {
		entry, key, err := l.scan(scan)
		if errors.Is(err, errRefused) {
			return nil
		}
		if err != nil {
			return err
		}
		if len(out) == size {
			next = encodeCursor(last)
			return errFull
		}
		out, last = append(out, entry), key
		return nil
	})
	if err != nil && !errors.Is(err, errFull) {
		return nil, "", err
	}
	if next == "" && l.until != nil {
		next = encodeCursor(*l.until)
	}
	return out, next, nil
}

var (
	errFull    = errors.New("the page is full")
	errRefused = errors.New("the entry is not of this list")
)

// reach gives the key of the n-th entry of page p, of those that the conditions so
// far keep; nil where there are not as many.
func (l *list[T]) reach(ctx context.Context, db *sql.DB, selects string, p tandem.Page, n int) (*[2]any, error) {
	way := list[T]{key: l.key, down: l.down, into: l.into, where: l.where.clone()}
	if err := way.behind(p.Cursor); err != nil {
		return nil, err
	}
	at := l.into()
	err := db.QueryRowContext(ctx, selects+way.where.String()+way.order()+" LIMIT 1 OFFSET "+strconv.Itoa(n-1), way.where.args...).Scan(at[0], at[1])
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return &[2]any{deref(at[0]), deref(at[1])}, err
}

// behind leaves out what is not behind the cursor.
func (l *list[T]) behind(cursor string) error {
	if cursor == "" {
		return nil
	}
	at := l.into()
	if err := decodeCursor(cursor, at); err != nil {
		return err
	}
	beyond := ">"
	if l.down {
		beyond = "<"
	}
	l.where.add("("+l.key[0]+", "+l.key[1]+") "+beyond+" (?, ?)", deref(at[0]), deref(at[1]))
	return nil
}

func (l *list[T]) order() string {
	down := ""
	if l.down {
		down = " DESC"
	}
	return " ORDER BY " + l.key[0] + down + ", " + l.key[1] + down
}

func encodeCursor(key [2]any) string {
	raw, err := json.Marshal(key)
	if err != nil {
		panic(err) // text and integers always encode
	}
	return base64.RawURLEncoding.EncodeToString(raw)
}

func decodeCursor(cursor string, into [2]any) error {
	bad := tandem.Errorf(tandem.Invalid, "cursor", "is not a cursor that a page of this list gave")
	raw, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil {
		return bad
	}
	var parts []json.RawMessage
	if err := json.Unmarshal(raw, &parts); err != nil || len(parts) != len(into) {
		return bad
	}
	for i, part := range parts {
		if err := json.Unmarshal(part, into[i]); err != nil {
			return bad
		}
		if text, ok := into[i].(*string); ok && strings.ContainsRune(*text, 0) {
			return bad
		}
	}
	return nil
}

func deref(p any) any {
	switch p := p.(type) {
	case *int64:
		return *p
	case *string:
		return *p
	}
	panic("store: a cursor holds int64 and string only")
}

// The kinds of keys that lists have.
func textKey() [2]any { return [2]any{new(string), new(string)} }
func timeKey() [2]any { return [2]any{new(int64), new(string)} }
