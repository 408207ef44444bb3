package report

import "html/template"

// document is a report before it has a form: all its words and figures, in the
// order in which they are read. Its fields are exported for the template.
type document struct {
	Title    string
	Kicker   string // what kind of report this is
	Standing string // as of when
	Facts    []fact
	Verdict  verdict
	Decision *decision
	Cards    []card // one for each arm
	Sections []section
}

// fact is something with a name.
type fact struct{ Name, Text string }

// Long says that the text wants a line of its own.
func (f fact) Long() bool { return len(f.Text) > 40 }

// verdict is what may be concluded.
type verdict struct {
	Title string
	Tone  tone
	Text  string
	Facts []fact
}

// decision is what somebody concluded.
type decision struct {
	Title  string
	Text   string
	Reason []string // in lines
	Beside string   // how it stands to the verdict
}

// card is one arm at a glance.
type card struct {
	Arm, Version, Note, Weight string
	Label, Value, Detail       string // of the primary metric
	Calls                      string
	Kept                       bool
}

// section is a part with a heading.
type section struct {
	ID, Title string
	Text      []string
	Alerts    []alert
	Charts    []chart
	Tables    []table
	Notes     []string
	Sources   []string
}

func (s section) empty() bool {
	return len(s.Text)+len(s.Alerts)+len(s.Charts)+len(s.Tables)+len(s.Notes)+len(s.Sources) == 0
}

// tone says how something is meant, in words that the style sheet knows.
type tone string

const (
	good tone = "good"
	bad  tone = "bad"
	warn tone = "warn"
	calm tone = "calm"
)

// alert is a sentence that must not be missed.
type alert struct {
	Tone tone
	Text string
	More []string
}

// chart is a picture with the same in words and as a table. Wide and Narrow
// hold the picture for wide and for narrow screens.
type chart struct {
	Title, Desc  string
	Caption      string
	Wide, Narrow template.HTML
	Table        *table
	// Bulky tables stay out of Markdown.
	Bulky bool
}

// table is rows under columns. The first column heads the rows.
type table struct {
	Caption string
	// Under is the id of the heading that names the table, where that says as
	// much as a caption.
	Under   string
	Columns []column
	Rows    []row
	// Cards lets a narrow screen show each row as a card.
	Cards bool
}

// column is the head of a column. Arm colours it.
type column struct {
	Head, Sub, Arm string
	Number         bool
}

// row is a line of a table.
type row struct {
	Head   cell
	Cells  []cell
	Strong bool
}

// cell is what stands in a table: a text, and lines in small beneath.
type cell struct {
	Text string
	Tag  string
	Sub  []string
	None bool   // the text says that there is nothing
	More []cell // further ones in the same place, such as one for each arm
}
