package report

import (
	"fmt"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// each visits every element below a node.
func each(n *html.Node, visit func(*html.Node)) {
	if n.Type == html.ElementNode {
		visit(n)
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		each(c, visit)
	}
}

func attribute(n *html.Node, name string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val, true
		}
	}
	return "", false
}

func textOf(n *html.Node) string {
	var b strings.Builder
	for c := range n.Descendants() {
		if c.Type == html.TextNode {
			b.WriteString(c.Data)
		}
	}
	return b.String()
}

func parsed(t *testing.T, page string) *html.Node {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// void are the elements of the page that have no end.
var void = map[string]bool{"meta": true}

func TestEveryElementThatOpensIsClosedInOrder(t *testing.T) {
	for name, c := range everyKind() {
		tokens := html.NewTokenizer(strings.NewReader(asHTML(t, c.results, c.decision)))
		var open []string
		for {
			kind := tokens.Next()
			if kind == html.ErrorToken {
				break
			}
			token := tokens.Token()
			switch {
			case kind == html.StartTagToken && !void[token.Data]:
				open = append(open, token.Data)
			case kind == html.EndTagToken:
				if len(open) == 0 || open[len(open)-1] != token.Data {
					t.Fatalf("%s: </%s> closes %v", name, token.Data, open)
				}
				open = open[:len(open)-1]
			}
		}
		if len(open) > 0 {
			t.Errorf("%s: %v are never closed", name, open)
		}
	}
}

func TestThePageHoldsAllThatItNeeds(t *testing.T) {
	forbidden := map[string]bool{"script": true, "link": true, "img": true, "iframe": true, "object": true, "embed": true, "base": true, "form": true, "use": true, "image": true, "foreignobject": true, "a": true}
	for name, c := range everyKind() {
		page := asHTML(t, c.results, c.decision)
		each(parsed(t, page), func(n *html.Node) {
			if forbidden[strings.ToLower(n.Data)] {
				t.Errorf("%s: has <%s>", name, n.Data)
			}
			for _, a := range n.Attr {
				switch key := strings.ToLower(a.Key); {
				case key == "src", key == "href", key == "srcset", key == "data", key == "action", key == "style", strings.HasPrefix(key, "on"):
					t.Errorf("%s: <%s> has %s=%q", name, n.Data, a.Key, a.Val)
				}
			}
		})
		style := page[strings.Index(page, "<style>"):strings.Index(page, "</style>")]
		for _, s := range []string{"url(", "@import", "http"} {
			if strings.Contains(style, s) {
				t.Errorf("%s: the style has %s", name, s)
			}
		}
		if !strings.Contains(page, `content="default-src &#39;none&#39;`) && !strings.Contains(page, `content="default-src 'none'`) {
			t.Errorf("%s: nothing forbids loading", name)
		}
	}
}

func TestIdsAreUniqueAndEveryReferenceIsThere(t *testing.T) {
	for name, c := range everyKind() {
		ids, wanted := map[string]int{}, map[string]bool{}
		each(parsed(t, asHTML(t, c.results, c.decision)), func(n *html.Node) {
			if id, ok := attribute(n, "id"); ok {
				ids[id]++
			}
			if refs, ok := attribute(n, "aria-labelledby"); ok {
				for ref := range strings.FieldsSeq(refs) {
					wanted[ref] = true
				}
			}
		})
		for id, n := range ids {
			if n > 1 {
				t.Errorf("%s: %d elements have the id %s", name, n, id)
			}
		}
		for ref := range wanted {
			if ids[ref] == 0 {
				t.Errorf("%s: nothing has the id %s", name, ref)
			}
		}
	}
}

func TestEveryChartCanBeHeardAndReadAsATable(t *testing.T) {
	all := everyKind()
	want := map[string]int{"decided": 6, "three": 7, "nothing": 0, "trouble": 6}
	for name, n := range want {
		charts := 0
		each(parsed(t, asHTML(t, all[name].results, all[name].decision)), func(fig *html.Node) {
			if class, _ := attribute(fig, "class"); fig.Data != "figure" || class != "chart" {
				return
			}
			charts++
			pictures, tables := 0, 0
			each(fig, func(n *html.Node) {
				if role, _ := attribute(n, "role"); n.Data == "svg" && role == "img" {
					pictures++
					each(n, func(part *html.Node) {
						if part.Data == "desc" && len(textOf(part)) < 10 {
							t.Errorf("%s: a chart says only %q", name, textOf(part))
						}
					})
				}
				if n.Data == "table" {
					tables++
				}
			})
			if pictures != 2 || tables != 1 {
				t.Errorf("%s: a chart has %d pictures and %d tables; want one for each width, and one", name, pictures, tables)
			}
		})
		if charts != n {
			t.Errorf("%s: has %d charts; want %d", name, charts, n)
		}
	}
}

func TestChartsStayInsideTheirFrame(t *testing.T) {
	for name, c := range everyKind() {
		each(parsed(t, asHTML(t, c.results, c.decision)), func(n *html.Node) {
			class, _ := attribute(n, "class")
			if n.Data != "svg" || !strings.HasPrefix(class, "picture") {
				return
			}
			box, _ := attribute(n, "viewBox")
			var x, y, w, h float64
			if _, err := fmt.Sscan(box, &x, &y, &w, &h); err != nil || w <= 0 || h <= 0 {
				t.Errorf("%s: a chart's frame is %q", name, box)
			}
			each(n, func(part *html.Node) {
				for _, a := range part.Attr {
					var v float64
					limit := w
					switch a.Key {
					case "x", "x1", "x2", "cx":
					case "y", "y1", "y2", "cy":
						limit = h
					default:
						continue
					}
					if _, err := fmt.Sscan(a.Val, &v); err != nil || v < -1 || v > limit+1 {
						t.Errorf("%s: <%s> has %s=%s in a frame of %s by %s", name, part.Data, a.Key, a.Val, num(w), num(h))
					}
				}
			})
		})
	}
}

func TestEveryCellOfATableHasItsColumn(t *testing.T) {
	for name, c := range everyKind() {
		each(parsed(t, asHTML(t, c.results, c.decision)), func(n *html.Node) {
			if n.Data != "table" {
				return
			}
			columns := -1
			each(n, func(r *html.Node) {
				if r.Data != "tr" {
					return
				}
				cells := 0
				for c := r.FirstChild; c != nil; c = c.NextSibling {
					if c.Data == "td" || c.Data == "th" {
						cells++
					}
				}
				if columns >= 0 && cells != columns {
					t.Errorf("%s: a row has %d cells under %d columns", name, cells, columns)
				}
				columns = cells
			})
		})
	}
}
