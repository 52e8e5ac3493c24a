package devices

import (
	"errors"
	"strings"
	"testing"
)

func TestSelect(t *testing.T) {
	inv := &Inventory{Devices: []Device{
		{Name: "h1"}, {Name: "r1", Groups: []string{"core"}}, {Name: "r2", Groups: []string{"edge", "core"}}, {Name: "r3", Groups: []string{"edge"}},
	}}
	tests := []struct{ limit, want, fault string }{
		{"", "h1 r1 r2 r3", ""},
		{"all", "h1 r1 r2 r3", ""},
		{"r*", "r1 r2 r3", ""},
		{"r3,h1", "h1 r3", ""},
		{"core", "r1 r2", ""},
		{"r* !edge", "r1", ""},
		{"!core", "h1 r3", ""},
		{"!r[12]", "h1 r3", ""},
		{"r4", "", `limit "r4": unknown device; did you mean r1?`},
		{"!egde", "", `limit "egde": unknown device; did you mean edge?`},
		{"r[", "", "not a glob"},
		{"h1,!h1", "", "leaves no device"},
	}
	for _, tt := range tests {
		t.Run(tt.limit, func(t *testing.T) {
			ds, err := inv.Select(tt.limit)
			var names []string
			for _, d := range ds {
				names = append(names, d.Name)
			}
			if got := strings.Join(names, " "); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			if tt.fault == "" && err != nil || tt.fault != "" && (err == nil || !strings.Contains(err.Error(), tt.fault)) {
				t.Errorf("error %v, want %q", err, tt.fault)
			}
		})
	}
	if _, err := inv.Select("r4"); !errors.Is(err, ErrUnknown) {
		t.Errorf("%v is not ErrUnknown", err)
	}
}
