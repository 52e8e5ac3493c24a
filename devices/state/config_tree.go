package state

import "strings"

// Under returns the first line that begins with begin in a section whose head
// begins with section (whole words); nowhere if there is none. An empty
// section means the top level.
func (c *Config) Under(section, begin string) Ref {
	for _, l := range c.AllUnder(section, begin) {
		return c.ref(l)
	}
	return Ref{}
}

// AllUnder returns every such line.
func (c *Config) AllUnder(section, begin string) []*ConfigLine {
	if c == nil {
		return nil
	}
	var out []*ConfigLine
	if section == "" {
		for _, l := range c.Lines {
			if begins(l.Text, begin) {
				out = append(out, l)
			}
		}
		return out
	}
	for _, s := range c.Lines {
		if begins(s.Text, section) {
			out = append(out, within(s.Children, begin)...)
		}
	}
	return out
}

func within(ls []*ConfigLine, begin string) []*ConfigLine {
	var out []*ConfigLine
	for _, l := range ls {
		if begins(l.Text, begin) {
			out = append(out, l)
		}
		out = append(out, within(l.Children, begin)...)
	}
	return out
}

// begins reports whether text begins with the words of begin.
func begins(text, begin string) bool {
	rest, ok := strings.CutPrefix(strings.TrimSpace(text), begin)
	return ok && (rest == "" || rest[0] == ' ' || begin == "")
}

// Sections returns the sections whose head begins so.
func (c *Config) Sections(head string) []*ConfigLine {
	if c == nil {
		return nil
	}
	var out []*ConfigLine
	for _, l := range c.Lines {
		if begins(l.Text, head) {
			out = append(out, l)
		}
	}
	return out
}

func (c *Config) ref(l *ConfigLine) Ref {
	query := c.Ref.Query
	if l.from != "" {
		query = l.from
	}
	return Ref{Device: c.Ref.Device, Query: query, Line: l.Line}
}

// Configured returns the line of d's running configuration that begins so at
// the top level or within any section; nowhere if there is none.
func (d *Device) Configured(begin string) Ref {
	if d == nil || d.Config == nil {
		return Ref{}
	}
	for _, l := range within(d.Config.Lines, begin) {
		return d.Config.ref(l)
	}
	return Ref{}
}

// IsConfigured reports whether such a line exists.
func (d *Device) IsConfigured(begin string) bool { return d.Configured(begin).Device != "" }

// ConfiguredUnder returns the line that begins so in a section of d's running
// configuration.
func (d *Device) ConfiguredUnder(section, begin string) Ref {
	if d == nil || d.Config == nil {
		return Ref{}
	}
	return d.Config.Under(section, begin)
}
