package state

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// At returns the latest moment at which the device answered; zero if unknown.
func (x Node) At() time.Time {
	var at time.Time
	if x.D != nil {
		for _, t := range x.D.answered {
			if t.After(at) {
				at = t
			}
		}
	}
	return at
}

// Unintended returns the version that the device should run, where it runs
// another; "" where it runs it or nobody said.
func (x Node) Unintended() string {
	if x.D == nil || x.D.System.Version == "" {
		return ""
	}
	for _, w := range x.net.Intent.Versions {
		if slices.Contains(w.Devices, x.Name) && !sameVersion(x.D.System.Version, w.Version) {
			return w.Version
		}
	}
	return ""
}

// sameVersion reports whether a version is wanted, or one of that beginning:
// 8.4 wants 8.4.4, and not 8.40.
func sameVersion(version, want string) bool {
	rest, ok := strings.CutPrefix(strings.TrimPrefix(version, "v"), want)
	return ok && (rest == "" || !('0' <= rest[0] && rest[0] <= '9'))
}

// Others returns the version that most devices of the platform run, where this
// one runs another and at least three are of one mind; "" else.
func (x Node) Others() string {
	if x.D == nil || x.D.System.Version == "" {
		return ""
	}
	count := map[string]int{}
	for _, d := range x.net.Devices {
		if d.Platform == x.D.Platform && d.System.Version != "" {
			count[d.System.Version]++
		}
	}
	for v, n := range count {
		if n >= 3 && v != x.D.System.Version && count[x.D.System.Version] == 1 {
			return v
		}
	}
	return ""
}

// SupportDays is how many days the version is still supported, at the moment
// at which the device answered; a million where nobody said.
func (x Node) SupportDays() float64 {
	end, at := x.supportEnd(), x.At()
	if end.IsZero() || at.IsZero() {
		return 1e6
	}
	return end.Sub(at).Hours() / 24
}

// SupportEnds words the day of the end of support.
func (x Node) SupportEnds() string { return x.supportEnd().Format("2006-01-02") }

func (x Node) supportEnd() time.Time {
	if x.D == nil || x.D.System.Version == "" {
		return time.Time{}
	}
	for _, s := range x.net.Intent.Support {
		own := x.D.System.Software == "" || s.Software == "" || strings.EqualFold(s.Software, x.D.System.Software) || strings.EqualFold(s.Software, x.D.Platform)
		if own && sameVersion(x.D.System.Version, s.Version) {
			return s.End
		}
	}
	return time.Time{}
}

// A Divergence is how two configurations differ: the lines that one has alone,
// each with its section before it.
type Divergence struct {
	Lacking []string // intended, and not there
	Extra   []string // there, and not intended
	Lines   []Ref    // of those that are extra
	absent  []Absence
}

// Any reports whether they differ at all.
func (v Divergence) Any() bool { return len(v.Lacking)+len(v.Extra) > 0 }

// Words tells how they differ, the first lines of it.
func (v Divergence) Words() string {
	var out []string
	for _, l := range v.Lacking {
		out = append(out, "lacks "+l)
	}
	for _, l := range v.Extra {
		out = append(out, "has "+l)
	}
	const most = 3
	if n := len(out) - most; n > 0 {
		out = append(out[:most], fmt.Sprintf("and %d more", n))
	}
	return strings.Join(out, "; ")
}

// Absent returns proof of what is lacking, where the line stands nowhere.
func (v Divergence) Absent() []Absence { return v.absent }

// Drift compares the running configuration with the intended one.
func (x Node) Drift() Divergence {
	if x.D == nil || x.D.Config == nil {
		return Divergence{}
	}
	for _, c := range x.net.Intent.Configs {
		if c.Device == x.Name {
			return x.D.diverges(c.Config, x.D.Config)
		}
	}
	return Divergence{}
}

// Unsaved compares the running configuration with the one that the device
// would start with: what is extra is lost at its next start.
func (x Node) Unsaved() Divergence {
	if x.D == nil || x.D.Config == nil || x.D.Startup == nil {
		return Divergence{}
	}
	return x.D.diverges(x.D.Startup, x.D.Config)
}

// diverges compares what should be with what is.
func (d *Device) diverges(should, is *Config) Divergence {
	var v Divergence
	want, have := should.flat(), is.flat()
	for _, l := range should.walk() {
		if !have[l.path] {
			v.Lacking = append(v.Lacking, l.path)
			text := l.line.Text
			if !slices.ContainsFunc(is.walk(), func(o placed) bool { return strings.Contains(o.line.Text, text) }) && len(v.absent) < 3 {
				v.absent = append(v.absent, d.Lacks(TableConfig, text))
			}
		}
	}
	for _, l := range is.walk() {
		if !want[l.path] {
			v.Extra = append(v.Extra, l.path)
			if len(v.Lines) < 6 {
				v.Lines = append(v.Lines, is.ref(l.line))
			}
		}
	}
	if v.Any() && len(v.Lines) == 0 {
		v.Lines = []Ref{d.From(TableConfig)}
	}
	return v
}

// placed is a line of a configuration with the sections that it stands in.
type placed struct {
	path string
	line *ConfigLine
}

// walk returns the lines of c, each after its section. What a device writes
// about the file itself is left out.
func (c *Config) walk() []placed {
	var out []placed
	var down func(ls []*ConfigLine, above string)
	down = func(ls []*ConfigLine, above string) {
		for _, l := range ls {
			if l.from != "" || above == "" && frame(l.Text) {
				continue
			}
			path := strings.TrimPrefix(above+" / "+strings.Join(strings.Fields(l.Text), " "), " / ")
			out = append(out, placed{path, l})
			down(l.Children, path)
		}
	}
	down(c.Lines, "")
	return out
}

// frame reports whether a line is about the configuration and no part of it.
func frame(line string) bool {
	return slices.ContainsFunc([]string{"frr version ", "frr defaults ", "service integrated-vtysh-config", "hostname ", "log ", "version ", "end", "#"}, func(p string) bool {
		return strings.HasPrefix(line, p)
	})
}

func (c *Config) flat() map[string]bool {
	out := map[string]bool{}
	for _, l := range c.walk() {
		out[l.path] = true
	}
	return out
}
