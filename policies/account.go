package policies

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"
)

// ErrNoRead says that a platform has no read that policy allows for what was
// asked of it.
var ErrNoRead = errors.New("the platform has no allowed read that tells")

// accountEntry is the "privilege" section of a platform file: the read that
// tells what the login may do, and what in its answer says that it could write.
type accountEntry struct {
	Read   string `yaml:"read"`   // {user} stands for the login's name
	Writes string `yaml:"writes"` // regular expression
}

// clockEntry is the "clock" section of a platform file.
type clockEntry struct {
	Read    string   `yaml:"read"`
	Find    string   `yaml:"find"`    // regular expression whose groups, joined by blanks, are the time
	Layouts []string `yaml:"layouts"` // as Go writes them
}

// A PrivilegeRead is the read that tells what a login may do on a device.
type PrivilegeRead struct {
	Query  Query
	writes *regexp.Regexp
}

// PrivilegeRead returns the read that tells what user may do; the error is
// ErrNoRead where the platform has none.
func (p *Platform) PrivilegeRead(user string) (PrivilegeRead, error) {
	e := p.file.Privilege
	if e.Read == "" || user == "" && strings.Contains(e.Read, "{user}") {
		return PrivilegeRead{}, ErrNoRead
	}
	q, err := p.Show(strings.ReplaceAll(e.Read, "{user}", user))
	if err != nil {
		return PrivilegeRead{}, fmt.Errorf("platforms/%s.yaml: privilege: %w", p.Name, err)
	}
	re, err := regexp.Compile(e.Writes)
	if err != nil {
		return PrivilegeRead{}, fmt.Errorf("platforms/%s.yaml: privilege: %w", p.Name, err)
	}
	return PrivilegeRead{q, re}, nil
}

// CouldWrite returns the words of the answer by which the login could change
// the device; "" if there are none.
func (r PrivilegeRead) CouldWrite(answer string) string {
	return strings.Join(strings.Fields(r.writes.FindString(answer)), " ")
}

// A ClockRead is the read of a device's clock.
type ClockRead struct {
	Query   Query
	find    *regexp.Regexp
	layouts []string
}

// ClockRead returns the read of the device's clock; the error is ErrNoRead
// where the platform has none.
func (p *Platform) ClockRead() (ClockRead, error) {
	e := p.file.Clock
	if e.Read == "" {
		return ClockRead{}, ErrNoRead
	}
	q, err := p.Show(e.Read)
	if err != nil {
		return ClockRead{}, fmt.Errorf("platforms/%s.yaml: clock: %w", p.Name, err)
	}
	re, err := regexp.Compile(e.Find)
	if err != nil {
		return ClockRead{}, fmt.Errorf("platforms/%s.yaml: clock: %w", p.Name, err)
	}
	return ClockRead{q, re, e.Layouts}, nil
}

// quarter is what the offsets of time zones are multiples of.
const quarter = 15 * time.Minute

// Skew returns how far the device's clock was ahead of now. Where the answer
// names a zone that is not known here, or none, whole quarters of an hour are
// taken for the zone, and exact is false.
func (r ClockRead) Skew(answer string, now time.Time) (skew time.Duration, exact bool, err error) {
	m := r.find.FindStringSubmatch(answer)
	if m == nil {
		return 0, false, fmt.Errorf("no time in the answer to %s", r.Query)
	}
	text := strings.Join(strings.Fields(strings.Join(m[1:], " ")), " ")
	for _, layout := range r.layouts {
		at, err := time.Parse(layout, text)
		if err != nil {
			continue
		}
		skew = at.Sub(now)
		_, offset := at.Zone()
		name := at.Location().String()
		if (name == "UTC" || name == "GMT") && strings.Contains(layout, "MST") || strings.Contains(layout, "-07") || strings.Contains(layout, "Z07") || offset != 0 {
			return skew, true, nil
		}
		return skew - skew.Round(quarter), false, nil
	}
	if at, ok := decimal(text); ok { // seconds since 1970
		return time.Unix(int64(at), 0).Sub(now), true, nil
	}
	return 0, false, fmt.Errorf("%q is no time as %s writes it", text, r.Query.Platform())
}

// Recipe returns how to make a read-only account on the platform, in Markdown.
func (p *Platform) Recipe() (string, error) {
	text, err := Files.ReadFile("recipes/" + p.Name + ".md")
	return string(text), err
}
