package report

import (
	"bytes"
	_ "embed"
	"html/template"
	"io"
)

var (
	//go:embed page.gohtml
	pageText string
	//go:embed page.css
	pageStyle string

	// page escapes every text by where it stands; only the style and the charts,
	// which are made here, go in as they are.
	page = template.Must(template.New("page").Funcs(template.FuncMap{
		"tone": toneOf,
		"inc":  func(i int) int { return i + 1 },
	}).Parse(pageText))
)

func writeHTML(w io.Writer, doc document) error {
	var whole bytes.Buffer // so that half a page is never written
	err := page.Execute(&whole, struct {
		document
		Style template.CSS
	}{doc, template.CSS(pageStyle)})
	if err != nil {
		return err
	}
	_, err = whole.WriteTo(w)
	return err
}
