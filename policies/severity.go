package policies

import "fmt"

// Severity is the perceived severity of a finding (RFC 8632, "An Information
// Model for Alarm Management"), ordered: a greater one is worse.
type Severity int

// The severities, from the least to the worst. The zero value is none.
const (
	Warning Severity = iota + 1
	Minor
	Major
	Critical
)

var severityNames = [...]string{"none", "warning", "minor", "major", "critical"}

// String returns "warning", "minor", "major" or "critical"; "none" for zero.
func (s Severity) String() string {
	if s < 0 || int(s) >= len(severityNames) {
		return fmt.Sprintf("severity(%d)", int(s))
	}
	return severityNames[s]
}

// ParseSeverity reads the name of a severity.
func ParseSeverity(name string) (Severity, error) {
	for i, n := range severityNames {
		if i > 0 && n == name {
			return Severity(i), nil
		}
	}
	return 0, fmt.Errorf("unknown severity %q: use warning, minor, major or critical", name)
}

// MarshalText writes the name of s.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads the name of a severity.
func (s *Severity) UnmarshalText(b []byte) (err error) {
	*s, err = ParseSeverity(string(b))
	return err
}
