package report

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/netsonde/netsonde/devices/state"
)

// known marks an interface as one that was read.
func known(device, name string, up bool) state.Interface {
	return state.Interface{Origin: state.Origin{Row: state.Ref{Device: device}}, Name: name, OperUp: up}
}

// hostile is a network whose names try to break out of every format.
func hostile() *state.Network {
	evil := `r2"]</text><script>alert(1)</script>`
	return &state.Network{
		Devices: []*state.Device{{Name: "r1", Platform: "frr"}, {Name: evil, Platform: "frr"}},
		Links: []state.Link{
			{A: state.End{Device: "r1", Interface: known("r1", "eth1", true)}, B: state.End{Device: evil, Interface: known(evil, "eth2\n-- x", false)}},
			{A: state.End{Device: "r1", Interface: known("r1", "eth9", true)}},
		},
	}
}

func TestPicturesKeepNamesInert(t *testing.T) {
	p := Draw(hostile(), []string{"r1:eth1"})
	if len(p.Edges) != 1 {
		t.Fatalf("%d edges, want 1: a link with one known end is not drawn", len(p.Edges))
	}
	if e := p.Edges[0]; e.Up || !e.Faulty {
		t.Errorf("edge %+v: want down and faulty", e)
	}
	svg := p.SVG()
	for d := xml.NewDecoder(strings.NewReader(svg)); ; {
		tok, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("SVG does not parse: %v\n%s", err, svg)
		}
		if el, ok := tok.(xml.StartElement); ok && el.Name.Local == "script" {
			t.Error("a device's name became a script")
		}
	}
	for name, text := range map[string]string{"DOT": p.DOT(), "Mermaid": p.Mermaid()} {
		for _, line := range strings.Split(text, "\n") {
			if strings.HasPrefix(strings.TrimSpace(line), "-- x") {
				t.Errorf("%s: a newline in a name started a line of its own:\n%s", name, text)
			}
		}
		if strings.Contains(text, `r2"]`) {
			t.Errorf("%s: a quote in a name ended its label:\n%s", name, text)
		}
	}
}

func TestPictureIsDeterministic(t *testing.T) {
	if a, b := Draw(hostile(), nil).SVG(), Draw(hostile(), nil).SVG(); a != b {
		t.Error("two drawings of one network differ")
	}
}
