package lab

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sync/errgroup"
)

// The one test that brings labs up: two at once, so that it also shows that
// they do not see each other, and what is left when both are down.
func TestTwoLabsComeUpAndLeaveNothing(t *testing.T) {
	needLab(t)
	base := t.TempDir()
	before := traces(t, base)
	var labs [2]*Lab
	var g errgroup.Group
	for i := range labs {
		g.Go(func() (err error) {
			labs[i], err = Up(t.Context(), base, "test-"+strconv.Itoa(i))
			return err
		})
	}
	if err := g.Wait(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { // also where a check below has failed
		for _, l := range labs {
			if err := l.Down(); err != nil {
				t.Error(err)
			}
		}
		if diff := cmp.Diff(before, traces(t, base)); diff != "" {
			t.Errorf("labs left something behind (-before +after):\n%s", diff)
		}
	})
	for _, l := range labs {
		if err := l.WaitHealthy(t.Context(), 2*time.Minute); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := Up(t.Context(), base, "test-0"); err == nil || !strings.Contains(err.Error(), "is there already") {
		t.Errorf("a second lab of the same name: %v", err)
	}
	t.Run("login", func(t *testing.T) { checkLogins(t, labs[0]) })
	t.Run("password", func(t *testing.T) { checkPasswords(t, labs[0]) })
	t.Run("gnmi", func(t *testing.T) { checkGNMI(t, labs[1]) })
	t.Run("known host", func(t *testing.T) { checkKnownHosts(t, labs[0], labs[1]) })
	t.Run("engine", func(t *testing.T) { checkEngine(t, labs[1]) })
}

// checkLogins logs in as a user does, on the machine's loopback.
func checkLogins(t *testing.T, l *Lab) {
	tests := []struct{ user, node, command, want string }{
		{User, "r1", "hostname", "r1"},
		{User, "r1", "vtysh -c 'show ip ospf neighbor'", "Full/-"},
		{User, "r1", "lldpcli show neighbors", "SysName:      r2"},
		{User, "r4", "nft list ruleset", "no telnet to the services"},
		{User, "r2", "tail -1 /var/log/frr/frr.log", "20"},
		{User, "h1", "ip route get 10.4.0.53", "via 10.1.0.1"},
		{TerminalUser, "r3", "show bgp summary", "10.255.0.1"},
	}
	for _, tt := range tests {
		out, err := login(t, l, tt.user, tt.node, tt.command)
		if err != nil || !strings.Contains(out, tt.want) {
			t.Errorf("%s@%s: %s: %v, want %q in:\n%s", tt.user, tt.node, tt.command, err, tt.want, out)
		}
	}
	for _, command := range []string{"cat /etc/shadow", "nft -f /etc/shadow", "ip link set eth1 down"} {
		if out, err := login(t, l, User, "r1", command); err == nil {
			t.Errorf("%s is allowed to %s: %s", User, command, out)
		}
	}
}

// checkKnownHosts shows that the labs' host keys are their own.
func checkKnownHosts(t *testing.T, l, other *Lab) {
	swapped := *l
	swapped.Dir = other.Dir
	if out, err := login(t, &swapped, User, "r1", "hostname"); err == nil {
		t.Errorf("another lab's known_hosts and key are good for this one: %s", out)
	}
}

func login(t *testing.T, l *Lab, user, node, command string) (string, error) {
	t.Helper()
	n, err := l.Node(node)
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), "ssh", "-F", "/dev/null", "-i", l.Key(), "-o", "BatchMode=yes",
		"-o", "UserKnownHostsFile="+l.KnownHosts(), "-o", "StrictHostKeyChecking=yes",
		"-p", strconv.Itoa(n.SSH), user+"@127.0.0.1", command).CombinedOutput()
	return string(out), err
}

// checkEngine shows how the fault engine refuses what it must.
func checkEngine(t *testing.T, l *Lab) {
	harmless := Fault{
		Name: "test_no_bite", Inject: []Step{{"h1", "touch /run/injected"}}, Undo: []Step{{"h1", "rm /run/injected"}},
		Bites: []Bite{{Fails: "ping h1 10.4.0.53"}},
	}
	if err := l.Inject(t.Context(), harmless, 0); err == nil || !strings.Contains(err.Error(), "still works") {
		t.Errorf("a fault that does not bite: %v", err)
	}
	n, _ := l.Node("h1")
	if _, err := n.run(t.Context(), "test -e /run/injected"); err == nil {
		t.Error("a fault that does not bite was not undone")
	}
	broken := Fault{Name: "test_broken", Inject: []Step{{"r1", "conf 'interface eth1' 'no such line'"}}, Bites: harmless.Bites}
	if err := l.Inject(t.Context(), broken, 0); err == nil || !strings.Contains(err.Error(), "Unknown command") {
		t.Errorf("an injection that the router refuses: %v", err)
	}
	left, err := n.run(t.Context(), "ip link add x0 type veth peer name x1")
	if err != nil {
		t.Fatal(err, left)
	}
	wrong, err := l.Health(t.Context())
	if err != nil || !strings.Contains(strings.Join(wrong, "\n"), "h1: not as built: x0") {
		t.Errorf("an undo that leaves something is not noticed: %v, %v", wrong, err)
	}
	if standing, err := l.Injected(); err != nil || len(standing) != 0 {
		t.Errorf("faults in place: %v, %v", standing, err)
	}
}

// traces are what a lab could leave behind: network namespaces, mounts,
// processes and files.
func traces(t *testing.T, base string) map[string][]string {
	t.Helper()
	found := map[string][]string{}
	out, err := exec.Command("ip", "-o", "link").Output()
	if err != nil {
		t.Fatal(err)
	}
	for line := range bytes.Lines(out) {
		found["link"] = append(found["link"], strings.Fields(string(line))[1])
	}
	mounts, err := os.ReadFile("/proc/self/mounts")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(mounts)) {
		if strings.Contains(line, base) {
			found["mount"] = append(found["mount"], line)
		}
	}
	files, err := filepath.Glob(filepath.Join(base, "*"))
	if err != nil {
		t.Fatal(err)
	}
	found["file"] = append(found["file"], files...)
	found["process"] = offspring(t)
	for _, list := range found {
		sort.Strings(list)
	}
	return found
}

// offspring lists the processes that run this test's own binary: every init,
// service and supervisor of its labs. A process that a node's init started
// ends with it, for the kernel ends a PID namespace with its first process.
func offspring(t *testing.T) (list []string) {
	t.Helper()
	self, err := os.Readlink("/proc/self/exe")
	if err != nil {
		t.Fatal(err)
	}
	exes, err := filepath.Glob("/proc/[0-9]*/exe")
	if err != nil {
		t.Fatal(err)
	}
	for _, exe := range exes {
		if target, err := os.Readlink(exe); err == nil && target == self && !strings.HasPrefix(exe, "/proc/"+strconv.Itoa(os.Getpid())+"/") {
			list = append(list, exe)
		}
	}
	return list
}

// A build that is interrupted leaves nothing either.
func TestInterruptedUpLeavesNothing(t *testing.T) {
	needLab(t)
	base := t.TempDir()
	before := traces(t, base)
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
	defer cancel()
	if _, err := Up(ctx, base, "test-cut"); err == nil {
		t.Fatal("the lab was up before it was interrupted")
	}
	if diff := cmp.Diff(before, traces(t, base)); diff != "" {
		t.Errorf("left behind (-before +after):\n%s", diff)
	}
}
