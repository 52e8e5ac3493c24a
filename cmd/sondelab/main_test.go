package main

import (
	"bytes"
	"context"
	"os"
	"slices"
	"strings"
	"testing"
)

// TestMain lets the test binary live the lives that sondelab starts of its
// own program.
func TestMain(m *testing.M) {
	if len(os.Args) > 2 && slices.Contains([]string{"node-init", "node-service", "supervise"}, os.Args[1]) {
		main()
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// sondelab runs the program in this process, without a terminal.
func sondelab(t *testing.T, args ...string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	err := run(context.Background(), args, streams{os.Stdin, &out, &out})
	return out.String(), err
}

func TestCommandsSayWhatToDo(t *testing.T) {
	base := t.TempDir()
	tests := []struct {
		name string
		args []string
		want string
	}{
		{"no lab", []string{"check"}, `no lab is up: start one with "sondelab up"`},
		{"unknown lab", []string{"down", "--name", "ghost"}, "no such lab: ghost"},
		{"bad name", []string{"up", "--name", "../x"}, "use up to 24 lower-case letters"},
		{"unknown fault", []string{"fault", "show", "ghost"}, `no fault "ghost": "sondelab fault list" shows the catalogue`},
		{"no node", []string{"exec"}, "requires at least 1 arg"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := sondelab(t, append(tt.args, "--base", base)...)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want one with %q", err, tt.want)
			}
		})
	}
}

func TestFaultListNeedsNoLab(t *testing.T) {
	out, err := sondelab(t, "fault", "list", "--base", t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"ospf_area_mismatch", "r5:eth1", "(healthy)", "bgp_neighbor_admin_shutdown+http_acl_block"} {
		if !strings.Contains(out, want) {
			t.Errorf("the list lacks %q:\n%s", want, out)
		}
	}
}

func TestFaultShowTellsTheUndo(t *testing.T) {
	out, err := sondelab(t, "fault", "show", "static_blackhole")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"static_blackhole at r2", "undo       r2: conf 'no ip route 10.4.0.0/24 blackhole'"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in:\n%s", want, out)
		}
	}
}

func TestStatusWithoutALab(t *testing.T) {
	out, err := sondelab(t, "status", "--base", t.TempDir())
	if err != nil || !strings.Contains(out, "0 labs are up") {
		t.Errorf("%v: %s", err, out)
	}
}
