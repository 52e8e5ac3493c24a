package lab

import (
	"context"
	"fmt"
	"os/exec"
	"runtime"
	"strconv"
	"strings"

	"github.com/vishvananda/netns"
)

// inNetwork runs f on a thread that is in the network namespace of process
// pid. A socket that f makes stays in that namespace; f must not start
// goroutines that make sockets.
func inNetwork(pid int, f func() error) error {
	done := make(chan error, 1)
	go func() {
		// The thread is never unlocked, so it ends with this goroutine and
		// no other goroutine ever runs in the node's namespace.
		runtime.LockOSThread()
		ns, err := netns.GetFromPid(pid)
		if err != nil {
			done <- fmt.Errorf("network namespace of process %d: %w", pid, err)
			return
		}
		defer ns.Close()
		if err := netns.Set(ns); err != nil {
			done <- fmt.Errorf("enter network namespace of process %d: %w", pid, err)
			return
		}
		done <- f()
	}()
	return <-done
}

// A command names what runs inside a node, by its standard output and errors.
type output struct{ stdout, stderr string }

// run runs a shell script in all namespaces of the node. A failing command
// ends the script, and the error carries what it said.
func (r Running) run(ctx context.Context, script string) (output, error) {
	cmd := r.Command(ctx, "/bin/bash", "-c", prelude+script)
	var out, errs strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	o := output{out.String(), errs.String()}
	if err != nil {
		return o, fmt.Errorf("%s: %s: %w: %s", r.Name, script, err, strings.TrimSpace(o.stderr+o.stdout))
	}
	return o, nil
}

// prelude gives scripts "conf", which types lines into the router's
// configuration mode and fails where the router refuses one.
const prelude = `set -e
conf() { local a=(-c "configure terminal"); for l; do a+=(-c "$l"); done; vtysh "${a[@]}"; }
`

// Command returns a command that runs as root in all namespaces of the node.
func (r Running) Command(ctx context.Context, name string, args ...string) *exec.Cmd {
	all := append([]string{"-t", strconv.Itoa(r.Init.PID), "-n", "-m", "-u", "-p", "--", name}, args...)
	cmd := exec.CommandContext(ctx, "nsenter", all...)
	cmd.Env = nodeEnv()
	cmd.Dir = "/"
	return cmd
}

// nodeEnv is the environment of what runs in a node: nothing of the user's.
func nodeEnv() []string {
	return []string{"PATH=/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C", "HOME=/root", "VTYSH_PAGER=cat"}
}
