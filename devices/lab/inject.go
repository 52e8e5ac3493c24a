package lab

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"time"
)

// Inject breaks the lab and waits until the fault has taken effect, for at
// most d. A fault that does not bite is an error, and is undone: a fault that
// silently does not exist would make every diagnosis of it wrong.
func (l *Lab) Inject(ctx context.Context, f Fault, d time.Duration) error {
	for _, need := range f.Needs {
		if err := Capable(need); err != nil {
			return fmt.Errorf("fault %s is not possible here: %w", f.Name, err)
		}
	}
	standing, err := l.Injected()
	if err != nil {
		return err
	}
	if slices.Contains(standing, f.Name) {
		return fmt.Errorf("fault %s is in place already: \"sondelab fault clear\" undoes it", f.Name)
	}
	if err := l.setInjected(append(standing, f.Name)); err != nil {
		return err
	}
	if err := l.runSteps(ctx, f.Inject); err != nil {
		return fmt.Errorf("inject %s: %w", f.Name, errors.Join(err, l.Clear(ctx, f)))
	}
	if err := l.waitBite(ctx, f, d); err != nil {
		return fmt.Errorf("fault %s does not bite: %w", f.Name, errors.Join(err, l.Clear(ctx, f)))
	}
	return nil
}

// Clear undoes a fault. The lab needs a moment to heal after that: see
// [Lab.WaitHealthy], which also tells whether the undo restored everything.
func (l *Lab) Clear(ctx context.Context, f Fault) error {
	if err := l.runSteps(context.WithoutCancel(ctx), f.Undo); err != nil {
		return fmt.Errorf("clear %s: %w", f.Name, err)
	}
	standing, err := l.Injected()
	if err != nil {
		return err
	}
	return l.setInjected(slices.DeleteFunc(standing, func(s string) bool { return s == f.Name }))
}

// Injected returns the names of the faults that are in place, oldest first.
func (l *Lab) Injected() ([]string, error) {
	data, err := os.ReadFile(l.path("faults.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var names []string
	return names, json.Unmarshal(data, &names)
}

func (l *Lab) setInjected(names []string) error {
	data, err := json.Marshal(names)
	if err != nil {
		return err
	}
	return writeWhole(l.path("faults.json"), data)
}

func (l *Lab) runSteps(ctx context.Context, steps []Step) error {
	for _, s := range steps {
		n, err := l.Node(s.On)
		if err != nil {
			return err
		}
		if _, err := n.run(ctx, s.Run); err != nil {
			return err
		}
	}
	return nil
}

// waitBite waits until all bites of a fault hold.
func (l *Lab) waitBite(ctx context.Context, f Fault, d time.Duration) error {
	end := time.Now().Add(d)
	for {
		err := l.Bites(ctx, f)
		if err == nil || time.Now().After(end) {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(200 * time.Millisecond):
		}
	}
}

// Bites says in its error which sign of a fault is missing now; nil means that
// the fault is in effect.
func (l *Lab) Bites(ctx context.Context, f Fault) error {
	for _, b := range f.Bites {
		if err := l.bite(ctx, b); err != nil {
			return err
		}
	}
	return nil
}

func (l *Lab) bite(ctx context.Context, b Bite) error {
	switch {
	case b.Fails != "":
		p, err := ParseProbe(b.Fails)
		if err != nil {
			return err
		}
		if l.Probe(ctx, p) == nil {
			return fmt.Errorf("%s still works", p)
		}
		return nil
	case b.Works != "":
		p, err := ParseProbe(b.Works)
		if err != nil {
			return err
		}
		return l.Probe(ctx, p)
	}
	n, err := l.Node(b.On)
	if err != nil {
		return err
	}
	o, err := n.run(ctx, b.Run)
	if err != nil {
		return err
	}
	if b.Shows != "" && !regexp.MustCompile(b.Shows).MatchString(o.stdout) {
		return fmt.Errorf("%s: %s does not show %q:\n%s", b.On, b.Run, b.Shows, o.stdout)
	}
	if b.Hides != "" && regexp.MustCompile(b.Hides).MatchString(o.stdout) {
		return fmt.Errorf("%s: %s still shows %q", b.On, b.Run, b.Hides)
	}
	return nil
}
