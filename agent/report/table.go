package report

import (
	"fmt"
	"net/url"
	"strconv"
	"time"

	"github.com/netsonde/netsonde/agent"
	"github.com/netsonde/netsonde/policies"
)

// A table is one that the page's reader sorts and filters.
type table struct {
	ID, Title, Note string
	Columns         []column
	Rows            []row
	Bad             int // rows with trouble
	All             int // rows that there are, where not all are on the page
}

// A column with numbers is aligned and sorted as such.
type column struct {
	Name    string
	Numbers bool
}

// A row with trouble says so in words, in one of its cells.
type row struct {
	Cells []cell
	Bad   bool
	Cause int // number of the finding at it; 0 for none
}

// A cell is a text and, where the text does not sort as it reads, what it
// sorts by.
type cell struct {
	Text, By string
	Bad      bool
	Link     string // an address of ours, never text of a device
}

func word(s string) cell     { return cell{Text: s} }
func number(n int) cell      { return cell{Text: strconv.Itoa(n)} }
func wrong(s string) cell    { return cell{Text: s, Bad: true} }
func timed(t time.Time) cell { return cell{Text: clock(t), By: moment(t)} }
func columns(names ...string) []column {
	out := make([]column, len(names))
	for i, n := range names {
		if n[0] == '#' {
			out[i] = column{n[1:], true}
		} else {
			out[i] = column{n, false}
		}
	}
	return out
}

// told is a number that may not have been told.
func told(n int) cell {
	if n < 0 {
		return cell{Text: "–", By: "-1"}
	}
	return number(n)
}

// upOf is how many of some are up.
func upOf(up, all int) cell {
	c := cell{Text: fmt.Sprintf("%d / %d", up, all), By: strconv.Itoa(up - all)}
	if all == 0 {
		c = cell{Text: "–", By: "0"}
	}
	if up < all {
		c.Text, c.Bad = c.Text+" up", true
	}
	return c
}

func (t *table) add(cause int, cells ...cell) {
	r := row{Cells: cells, Cause: cause}
	for _, c := range cells {
		r.Bad = r.Bad || c.Bad
	}
	if r.Bad || cause > 0 {
		t.Bad++
	}
	t.Rows = append(t.Rows, r)
}

// mostRows is how many rows of a table are on a page.
const mostRows = 2000

// cut keeps a page of a large network readable: the rows with trouble, and the
// first of the others.
func (t table) cut() table {
	if len(t.Rows) <= mostRows {
		return t
	}
	t.All = len(t.Rows)
	t.Note = fmt.Sprintf("%d of %d rows: those with trouble first, then the others in their order. All of them are in the recording or the journal.", mostRows, t.All)
	var first, rest []row
	for _, r := range t.Rows {
		if r.Bad || r.Cause > 0 {
			first = append(first, r)
		} else {
			rest = append(rest, r)
		}
	}
	t.Rows = append(first, rest...)[:mostRows]
	return t
}

// readsTable lists what was asked of whom.
func readsTable(r agent.Report) table {
	t := table{ID: "reads", Title: "Everything that was read", Columns: columns("No.", "Device", "Query", "At", "#ms", "#Bytes")}
	for _, n := range r.Seen {
		q := n.Query
		if n.Truncated {
			q += " (cut)"
		}
		id := cell{Text: n.ID}
		if len(n.ID) > 1 {
			id.By = n.ID[1:]
		}
		t.add(0, id, word(n.Device), word(q), timed(n.At), number(int(n.Took.Milliseconds())), number(len(n.Output)))
	}
	return t
}

// pastTable is the timeline in words.
func pastTable(all []Past, home string) table {
	t := table{ID: "past", Title: "The last reports", Columns: columns("At", "Verdict", "#Critical", "#Major", "#Minor", "#Warning", "#Not evaluated")}
	for i := len(all) - 1; i >= 0; i-- {
		p := all[i]
		when := cell{Text: p.At.UTC().Format("2006-01-02 15:04:05"), By: moment(p.At)}
		if home != "" && p.ID != "" {
			when.Link = "/reports/" + url.PathEscape(p.ID)
		}
		t.add(0, when, cell{Text: verdictGlyph(p.Verdict) + " " + string(p.Verdict), Bad: p.Verdict == agent.Fault},
			number(p.By[policies.Critical]), number(p.By[policies.Major]), number(p.By[policies.Minor]), number(p.By[policies.Warning]), number(p.NotEvaluated))
	}
	return t
}
