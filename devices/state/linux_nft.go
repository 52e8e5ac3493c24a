package state

import (
	"strings"
)

// nftRuleset reads `nft list ruleset`. A base chain is a row of its own, whose
// Action is empty and whose Policy is what becomes of packets that no rule took.
func nftRuleset(d *Device, t *text) {
	r := nftReader{t: t, sets: nftSets(t.lines)}
	for i := range t.lines {
		r.line(i)
	}
	d.filters(r.rows)
}

// filters replaces the rules: their order is their meaning, so that rules of
// two answers cannot be joined.
func (d *Device) filters(rows []FilterRule) {
	if len(d.Filters) == 0 || len(rows) > 0 && rows[0].Row.Query == d.Filters[0].Row.Query {
		d.Filters = rows
		return
	}
	kept := make(map[string]bool, len(d.Filters))
	for _, r := range d.Filters {
		kept[r.Family+" "+r.Table+" "+r.Chain] = true
	}
	for _, r := range rows {
		if !kept[r.Family+" "+r.Table+" "+r.Chain] {
			d.Filters = append(d.Filters, r)
		}
	}
}

// An nftReader is the state of reading a ruleset.
type nftReader struct {
	t             *text
	sets          map[string]string
	rows          []FilterRule
	family, table string
	chain         string // "" outside of a chain
	hook, policy  string
	depth         int // of blocks that are neither table nor chain
}

func (r *nftReader) line(i int) {
	line := strings.TrimSpace(r.t.lines[i])
	f := strings.Fields(line)
	switch {
	case len(f) == 0 || strings.HasPrefix(line, "#"):
	case f[0] == "table" && len(f) >= 3:
		r.family, r.table, r.chain, r.depth = f[1], strings.Trim(f[2], "{"), "", 0
	case line == "}":
		if r.depth > 0 {
			r.depth--
		} else if r.chain != "" {
			r.chain = ""
		} else {
			r.table = ""
		}
	case r.depth > 0 || r.chain == "" && f[0] != "chain":
		if strings.HasSuffix(line, "{") {
			r.depth++
		}
	case f[0] == "chain" && len(f) >= 2 && r.chain == "":
		r.chain, r.hook, r.policy = f[1], "", ""
	case f[0] == "type" && strings.Contains(line, " hook "):
		r.base(i, line)
	default:
		r.rows = append(r.rows, r.rule(i, line))
	}
}

// base reads "type filter hook forward priority filter; policy drop;".
func (r *nftReader) base(i int, line string) {
	r.hook = strings.TrimSuffix(after(line, " hook "), ";")
	r.policy = strings.TrimSuffix(after(line, "policy "), ";")
	if r.policy == "" {
		r.policy = "accept"
	}
	row := r.row(i, line)
	row.InIf = strings.Trim(after(line, " device "), `";`)
	r.rows = append(r.rows, row)
}

func (r *nftReader) row(i int, line string) FilterRule {
	return FilterRule{
		Origin: r.t.origin(i), Family: r.family, Table: r.table, Chain: r.chain, Hook: r.hook, Policy: r.policy,
		Text: line, Share: 1, Packets: -1, Octets: -1,
	}
}

// rule reads one rule: conditions from left to right, then what is done.
func (r *nftReader) rule(i int, line string) FilterRule {
	row := r.row(i, line)
	words := nftWords(line)
	var unknown []string
	for len(words) > 0 {
		n := r.condition(&row, words)
		if n == 0 {
			n = nftStatement(&row, words)
		}
		if n == 0 {
			unknown = append(unknown, words[0])
			n = 1
		}
		words = words[min(n, len(words)):]
	}
	row.Conditions = strings.Join(unknown, " ")
	if row.Action == "" {
		row.Action = "other"
		if row.Packets >= 0 {
			row.Action = "count"
		}
	}
	return row
}

// nftWords splits a rule; a set in braces and a quoted text are one word each.
func nftWords(line string) []string {
	var words []string
	for line = strings.TrimSpace(line); line != ""; line = strings.TrimLeft(line, " \t") {
		end := strings.IndexAny(line, " \t")
		switch line[0] {
		case '{':
			end = strings.IndexByte(line, '}') + 1
		case '"':
			end = strings.IndexByte(line[1:], '"') + 2
		case '#': // "# handle 4"
			return words
		}
		if end <= 0 || end > len(line) {
			end = len(line)
		}
		words = append(words, line[:end])
		line = line[end:]
	}
	return words
}

// nftSets are the elements of named sets: "@blocked" stands for them.
func nftSets(lines []string) map[string]string {
	sets := map[string]string{}
	name := ""
	for i, line := range lines {
		f := strings.Fields(line)
		if len(f) >= 2 && (f[0] == "set" || f[0] == "map") {
			name = f[1]
		}
		if _, elems, ok := strings.Cut(line, "elements = {"); ok && name != "" {
			for !strings.Contains(elems, "}") && i+1 < len(lines) {
				i++
				elems += lines[i]
			}
			sets["@"+name], _, _ = strings.Cut(elems, "}")
		}
	}
	return sets
}
