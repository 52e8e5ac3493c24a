package main

import (
	"cmp"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/netsonde/netsonde/devices/lab"
)

var (
	labs  = flag.Int("labs", 3, "how many labs to play in at once; a lab mostly waits for timers, so three go on two cores")
	only  = flag.String("faults", "", "run only the faults whose name matches this expression")
	table = flag.String("table", "", "also write the arena's table to this file")
)

// TestArena breaks labs with every fault of the catalogue that this kernel
// can show, lets the netsonde binary diagnose each one live over SSH and gNMI
// with its built-in rules, as a user would, and compares what it says with
// the fault's label. A fault that does not bite, or that its undo does not
// mend, is a failure of the lab.
func TestArena(t *testing.T) {
	if os.Getenv("NETSONDE_LAB") == "" {
		t.Skip("set NETSONDE_LAB=1 to run the arena (needs root and the packages that sondelab up names)")
	}
	if err := lab.Ready(); err != nil {
		t.Fatal(err)
	}
	a := &arena{t: t, netsonde: build(t), base: t.TempDir(), state: t.TempDir()}
	faults := a.possible()
	queue := make(chan lab.Fault, len(faults))
	for _, f := range faults {
		queue <- f
	}
	close(queue)
	var all sync.WaitGroup
	for i := range min(*labs, len(faults)) {
		all.Go(func() { a.play(fmt.Sprintf("arena-%d", i), queue) })
	}
	all.Wait()
	a.report(faults)
	a.canaries()
}

// build makes the netsonde binary that the arena runs.
func build(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "netsonde")
	if out, err := exec.Command("go", "build", "-o", path, "../netsonde").CombinedOutput(); err != nil {
		t.Fatalf("build netsonde: %v\n%s", err, out)
	}
	return path
}

// An arena is one run over the catalogue.
type arena struct {
	t                     *testing.T
	netsonde, base, state string

	mu       sync.Mutex
	outcomes []outcome
}

// An outcome is what became of one fault.
type outcome struct {
	fault   lab.Fault
	broken  string // why the lab could not show it
	found   diagnosis
	seconds [3]float64 // to inject, to diagnose, to clear
}

// possible returns the faults to play. What the kernel cannot show is listed
// and left out; that is for the kernel to say, and nothing else is left out.
func (a *arena) possible() []lab.Fault {
	a.t.Helper()
	all, err := lab.Faults()
	if err != nil {
		a.t.Fatal(err)
	}
	match, err := regexp.Compile(*only)
	if err != nil {
		a.t.Fatal(err)
	}
	// A recent flap is a true finding, so what leaves one is played last.
	slices.SortStableFunc(all, func(x, y lab.Fault) int { return cmp.Compare(rank(x), rank(y)) })
	return slices.DeleteFunc(all, func(f lab.Fault) bool {
		for _, need := range f.Needs {
			if err := lab.Capable(need); err != nil {
				a.t.Logf("%s is not possible here: %v", f.Name, err)
				return true
			}
		}
		return !match.MatchString(f.Name)
	})
}

// rank orders the faults of one arena: those in which nothing is wrong first,
// those that leave traces last.
func rank(f lab.Fault) int {
	switch {
	case f.Scars:
		return 2
	case f.Cause == "":
		return 0
	}
	return 1
}

// play takes faults off the queue and plays each in the lab of that name,
// which it brings up anew when one could not be mended.
func (a *arena) play(name string, queue <-chan lab.Fault) {
	var l *lab.Lab
	defer func() {
		if l != nil {
			if err := l.Down(); err != nil {
				a.t.Error(err)
			}
		}
	}()
	for f := range queue {
		var o outcome
		// A lab may fail for reasons of its own, and the recording in JSON is made
		// seconds after the run: what went wrong once is played once more, anew.
		for range 2 {
			o = outcome{fault: f}
			var err error
			if l == nil {
				if l, err = a.raise(name); err != nil {
					a.t.Error(err)
					return
				}
			}
			if o.broken = a.round(l, f, &o); o.broken == "" {
				break
			}
			a.t.Logf("%s: %s", f.Name, o.broken)
			if err := l.Down(); err != nil {
				a.t.Error(err)
			}
			l = nil
		}
		a.mu.Lock()
		a.outcomes = append(a.outcomes, o)
		a.mu.Unlock()
		a.t.Logf("%s: %s after %.1f s to bite, %.1f s to diagnose, %.1f s to heal; want %s\n%s", f.Name, o.verdict(),
			o.seconds[0], o.seconds[1], o.seconds[2], wanted(f), o.found.detail())
	}
}

func (a *arena) raise(name string) (*lab.Lab, error) {
	l, err := lab.Up(a.t.Context(), a.base, name)
	if err != nil {
		return nil, err
	}
	return l, l.WaitHealthy(a.t.Context(), 2*time.Minute)
}

// round plays one fault and says why the lab failed to, if it did.
func (a *arena) round(l *lab.Lab, f lab.Fault, o *outcome) string {
	began := time.Now()
	lap := func(i int) {
		o.seconds[i] = time.Since(began).Seconds()
		began = time.Now()
	}
	if err := l.Inject(a.t.Context(), f, biteWithin); err != nil {
		return err.Error()
	}
	lap(0)
	kept, err := os.MkdirTemp(a.state, f.Name+"-")
	if err != nil {
		return err.Error()
	}
	o.found = a.diagnose(l, f, kept)
	lap(1)
	if err := l.Bites(a.t.Context(), f); err != nil {
		return "the fault did not last: " + err.Error()
	}
	if why := a.leaves(l, f, o.found); why != "" {
		return why
	}
	if why := a.replays(l, f, o.found, kept); why != "" {
		return why
	}
	began = time.Now()
	if err := l.Clear(a.t.Context(), f); err != nil {
		return err.Error()
	}
	if err := l.WaitHealthy(a.t.Context(), healWithin); err != nil {
		return err.Error()
	}
	lap(2)
	return ""
}

// report prints the table and holds the figures against what is promised.
func (a *arena) report(faults []lab.Fault) {
	slices.SortFunc(a.outcomes, func(x, y outcome) int { return cmp.Compare(x.fault.Name, y.fault.Name) })
	var text strings.Builder
	var s score
	for _, o := range a.outcomes {
		s.add(o)
		fmt.Fprintf(&text, "%-34s %-28s want %s\n%s", o.fault.Name, o.verdict(), wanted(o.fault), o.found.detail())
		if o.broken != "" {
			a.t.Errorf("%s: failed twice: %s", o.fault.Name, o.broken)
		}
	}
	fmt.Fprintf(&text, "\n%s\n", s)
	a.t.Logf("\n%s", text.String())
	if *table != "" {
		if err := os.WriteFile(*table, []byte(text.String()), 0o644); err != nil {
			a.t.Error(err)
		}
	}
	if len(a.outcomes) != len(faults) {
		a.t.Errorf("%d of %d faults were played", len(a.outcomes), len(faults))
	}
	if s.right*10 < s.singles*9 {
		a.t.Errorf("cause and place are right for %d of %d single faults, want 90 %%", s.right, s.singles)
	}
	if s.seen != s.singles+s.doubles {
		a.t.Errorf("the report says fault for %d of %d, want all", s.seen, s.singles+s.doubles)
	}
	if s.clean != s.healthy {
		a.t.Errorf("%d of %d healthy variants are free of findings above warning, want all", s.clean, s.healthy)
	}
}
