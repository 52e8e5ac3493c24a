package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/netsonde/netsonde/devices/lab"
)

// biteWithin and healWithin bound the waits for a fault to take effect, and
// for the lab to heal after it.
const (
	biteWithin = 30 * time.Second
	healWithin = 60 * time.Second
)

func (p *program) fault() *cobra.Command {
	cmd := &cobra.Command{Use: "fault", Short: "Named faults: list, show, inject, clear"}
	cmd.AddCommand(
		&cobra.Command{Use: "list", Short: "List the catalogue: cause, place, and what is not possible on this kernel", Args: cobra.NoArgs, RunE: p.faultList},
		&cobra.Command{Use: "show NAME", Short: "Show what a fault does and how it is undone", Args: cobra.ExactArgs(1), RunE: p.faultShow},
		&cobra.Command{Use: "inject NAME", Short: "Break the lab, and wait until it shows", Args: cobra.ExactArgs(1), RunE: p.faultInject},
		&cobra.Command{Use: "clear [NAME]", Short: "Undo a fault (all of them without a name), and wait until the lab is healthy", Args: cobra.MaximumNArgs(1), RunE: p.faultClear},
	)
	return cmd
}

func (p *program) faultList(*cobra.Command, []string) error {
	all, err := lab.Faults()
	if err != nil {
		return err
	}
	standing := p.standing()
	lacks := map[string]bool{}
	for _, f := range all {
		for _, need := range f.Needs {
			if _, known := lacks[need]; !known {
				lacks[need] = lab.Capable(need) != nil
			}
		}
	}
	for _, f := range all {
		note := ""
		for _, need := range f.Needs {
			if lacks[need] {
				note = "  [not possible here: the kernel has no " + need + "]"
			}
		}
		if standing[f.Name] {
			note = "  [IN PLACE]"
		}
		cause := f.Cause
		for _, l := range f.Also {
			cause += "+" + l.Cause
		}
		if cause == "" {
			cause = "(healthy)"
		}
		say(p.out, "%-32s %-40s %-10s %s%s", f.Name, cause, strings.Join(f.At, ","), f.Title, note)
	}
	return nil
}

// standing returns the faults in place in the lab that is meant, if one is.
func (p *program) standing() map[string]bool {
	set := map[string]bool{}
	l, err := p.open()
	if err != nil {
		return set // a list needs no lab
	}
	names, err := l.Injected()
	if err != nil {
		return set
	}
	for _, n := range names {
		set[n] = true
	}
	return set
}

func (p *program) faultShow(_ *cobra.Command, args []string) error {
	f, err := findFault(args[0])
	if err != nil {
		return err
	}
	say(p.out, "%s: %s\n", f.Name, f.Title)
	for _, l := range f.Labels() {
		say(p.out, "cause      %s at %s", l.Cause, strings.Join(l.At, ", "))
	}
	say(p.out, "complaint  %s", f.Complaint.Question)
	for _, s := range f.Inject {
		say(p.out, "inject     %s: %s", s.On, strings.TrimSpace(s.Run))
	}
	for _, s := range f.Undo {
		say(p.out, "undo       %s: %s", s.On, strings.TrimSpace(s.Run))
	}
	return nil
}

func (p *program) faultInject(cmd *cobra.Command, args []string) error {
	f, err := findFault(args[0])
	if err != nil {
		return err
	}
	l, err := p.open()
	if err != nil {
		return err
	}
	if err := l.Inject(cmd.Context(), f, biteWithin); err != nil {
		return err
	}
	say(p.err, "in place: %s", f.Title)
	line := fmt.Sprintf("netsonde diagnose --inventory %s", l.Inventory())
	for _, part := range [][2]string{{"--from", f.Complaint.From}, {"--to", f.Complaint.To}, {"--flow", f.Complaint.Flow}} {
		if part[1] != "" {
			line += " " + part[0] + " " + part[1]
		}
	}
	say(p.out, "%s %q", line, f.Complaint.Question)
	return nil
}

func (p *program) faultClear(cmd *cobra.Command, args []string) error {
	l, err := p.open()
	if err != nil {
		return err
	}
	names := args
	if len(names) == 0 {
		if names, err = l.Injected(); err != nil {
			return err
		}
	}
	for i := len(names) - 1; i >= 0; i-- {
		f, err := findFault(names[i])
		if err != nil {
			return err
		}
		if err := l.Clear(cmd.Context(), f); err != nil {
			return err
		}
	}
	if err := l.WaitHealthy(cmd.Context(), healWithin); err != nil {
		return err
	}
	say(p.err, "lab %s is healthy", l.Name)
	return nil
}

func findFault(name string) (lab.Fault, error) {
	all, err := lab.Faults()
	if err != nil {
		return lab.Fault{}, err
	}
	for _, f := range all {
		if f.Name == name {
			return f, nil
		}
	}
	return lab.Fault{}, fmt.Errorf("no fault %q: \"sondelab fault list\" shows the catalogue", name)
}
