package report

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/netsonde/netsonde/agent"
	"github.com/netsonde/netsonde/devices"
	"github.com/netsonde/netsonde/devices/state"
	"github.com/netsonde/netsonde/policies"
)

// large is the report of a ring of n devices of 40 interfaces and 30 reads
// each, one of them at fault and one not read.
func large(n int) Page {
	at := time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)
	var ds []*state.Device
	r := agent.Report{Verdict: agent.Fault, Read: []string{"silent"}, Unread: []agent.Unread{{Device: "silent", Table: "all tables", Core: true, Why: "unreachable"}}}
	var links []string
	for i := range n {
		d := &state.Device{Name: fmt.Sprintf("d%04d", i), Platform: "frr"}
		for k := range 40 {
			x := known(d.Name, fmt.Sprintf("eth%d", k), i != n/2 || k != 0)
			x.AdminUp = true
			d.Interfaces = append(d.Interfaces, x)
		}
		ds, r.Read = append(ds, d), append(r.Read, d.Name)
		for k := range 30 {
			r.Seen = append(r.Seen, agent.Numbered{ID: fmt.Sprintf("o%d", i*30+k), Observation: devices.Observation{Device: d.Name, Query: "show something", At: at}})
		}
		links = append(links, fmt.Sprintf("%s:eth0--d%04d:eth1", d.Name, (i+1)%n))
	}
	r.Findings = []agent.Finding{{RootCause: "link_down", Title: "down", Severity: policies.Major, Locations: []string{fmt.Sprintf("d%04d:eth0", n/2)}}}
	return Page{Report: r, Network: state.Join(ds, links), Made: at}
}

// TestLargeNetworkStaysReadable holds that the page of a thousand devices has
// a size that a browser opens, and still shows what is wrong.
func TestLargeNetworkStaysReadable(t *testing.T) {
	got, err := HTML(large(1000))
	if err != nil {
		t.Fatal(err)
	}
	text := string(got)
	if len(got) > 4<<20 {
		t.Errorf("the page has %d bytes", len(got))
	}
	for _, want := range []string{"2000 of 40000", "Of 1000 devices, those at fault and their neighbours are drawn.", "not read: unreachable", "1000 of 1001"} {
		if !strings.Contains(strings.NewReplacer("<b>", "", "</b>", "").Replace(text), want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	_, interfaces, _ := strings.Cut(text, `<section id="interfaces"`)
	if at := strings.Index(interfaces, "d0500:eth0"); at < 0 || at > strings.Index(interfaces, "d0000:eth0") {
		t.Error("the interface that is down is not the first")
	}
}

func BenchmarkHTML1000Devices(b *testing.B) {
	p := large(1000)
	for b.Loop() {
		if _, err := HTML(p); err != nil {
			b.Fatal(err)
		}
	}
}
