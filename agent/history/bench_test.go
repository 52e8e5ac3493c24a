package history_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/netsonde/netsonde/agent"
	"github.com/netsonde/netsonde/agent/history"
	"github.com/netsonde/netsonde/policies"
)

// many are the findings of a large network; those from turn on are others
// than before.
func many(n, turn int) agent.Report {
	r := agent.Report{Verdict: agent.Fault, Ran: []string{"a"}}
	for i := range n {
		place := fmt.Sprintf("r%d:eth%d", i%1000, i/1000)
		if i >= n-turn {
			place = fmt.Sprintf("r%d:new%d", i%1000, i/1000)
		}
		f := bad("a", place, policies.Minor)
		f.Explanation, f.Symptoms = "A hello that names another area is ignored, so no adjacency forms on the link.", []string{"iBGP r1--r5 is not established (r1 Active, r5 Active)"}
		r.Findings = append(r.Findings, f)
	}
	for i := range 1000 {
		r.Read = append(r.Read, fmt.Sprintf("r%d", i))
	}
	return r
}

// BenchmarkCompareTenThousand compares two reports of 10,000 findings each, a
// tenth of them new and a tenth resolved (goal: under 1 s).
func BenchmarkCompareTenThousand(b *testing.B) {
	first := history.Comparison{Report: many(10_000, 0), At: monday}.Compare()
	c := history.Comparison{Past: history.Past{Report: "x", At: monday, Open: first.New}, Report: many(10_000, 1000), At: monday.Add(time.Hour)}
	b.ReportAllocs()
	for b.Loop() {
		d := c.Compare()
		if len(d.Standing) != 9000 || len(d.New) != 1000 || len(d.Resolved) != 1000 {
			b.Fatal(len(d.Standing), len(d.New), len(d.Resolved))
		}
	}
}

// BenchmarkAddTenThousand does the same in the database: reads the past,
// compares, and stores all of it durably.
func BenchmarkAddTenThousand(b *testing.B) {
	s := open(b, b.TempDir())
	reports, i := []agent.Report{many(10_000, 0), many(10_000, 1000)}, 0
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.Add(b.Context(), history.Edition{ID: fmt.Sprint(i), Scope: "all", At: monday.Add(time.Duration(i) * time.Hour), Report: reports[i%2]}, history.Flapping{}); err != nil {
			b.Fatal(err)
		}
		i++
	}
}

// BenchmarkOpenYear opens a history with a report an hour for a year, 40
// findings each, and reads what serve shows first (goal: under 1 s).
func BenchmarkOpenYear(b *testing.B) {
	dir := b.TempDir()
	s := open(b, dir)
	reports := []agent.Report{many(40, 0), many(40, 4)}
	for i := range 24 {
		at := monday.Add(time.Duration(i) * time.Hour)
		if _, err := s.Add(b.Context(), history.Edition{ID: fmt.Sprintf("000-%02d", i), Schedule: "core", Scope: "core", At: at, Report: reports[i%2]}, history.Flapping{}); err != nil {
			b.Fatal(err)
		}
	}
	repeat(b, s.Path(), 365)
	if err := s.Close(); err != nil {
		b.Fatal(err)
	}
	b.ResetTimer()
	for b.Loop() {
		s, err := history.Open(b.Context(), dir, history.Retention{})
		if err != nil {
			b.Fatal(err)
		}
		if t, err := s.Timeline(b.Context(), "core", 50); err != nil || len(t) != 50 {
			b.Fatal(len(t), err)
		}
		if _, err := s.Edition(b.Context(), "latest"); err != nil {
			b.Fatal(err)
		}
		if fs, err := s.Findings(b.Context(), "", monday.AddDate(0, 0, 358)); err != nil || len(fs) == 0 {
			b.Fatal(len(fs), err)
		}
		if _, err := s.Untold(b.Context()); err != nil {
			b.Fatal(err)
		}
		_ = s.Close()
	}
}
