package lab

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/netsonde/netsonde/devices/lab/target"
)

// startingAtOnce is how many nodes start their daemons at the same time.
const startingAtOnce = 4

// RunSupervisor builds the lab in dir, says "up" (or "failed WHY") on out, and
// then keeps its relays and gNMI targets until ctx ends; then it ends every
// node. It is the life of the background process that Up starts; log takes
// what goes wrong later, and what the nodes' inits say.
func RunSupervisor(ctx context.Context, dir string, out io.WriteCloser, log io.Writer) error {
	s := &supervisor{log: log}
	defer s.endNodes()
	err := s.build(ctx, dir)
	if err != nil {
		fmt.Fprintf(out, "%s%s\n", saidFailed, strings.ReplaceAll(err.Error(), "\n", " | "))
		out.Close()
		return err
	}
	var serving sync.WaitGroup
	serving.Go(func() { s.serve(ctx) })
	fmt.Fprintln(out, saidUp)
	out.Close()
	serving.Wait()
	return nil
}

// A supervisor holds what a lab's background process started.
type supervisor struct {
	lab      *Lab
	log      io.Writer
	password string // of the gNMI targets
	nodes    []*startingNode
	relays   []*relay
	targets  []target.Node
}

// A startingNode is a node between the start of its init and its being up.
type startingNode struct {
	spec    spec
	running Running
	cmd     *exec.Cmd
	in      io.WriteCloser
	out     *bufio.Reader
}

func (s *supervisor) build(ctx context.Context, dir string) (err error) {
	s.lab = &Lab{Name: baseName(dir), Dir: dir, Created: time.Now().UTC().Truncate(time.Second)}
	if s.lab.Topology, err = LoadTopology(); err != nil {
		return err
	}
	if s.lab.Supervisor, err = processOf(os.Getpid()); err != nil {
		return err
	}
	a, err := s.lab.makeAccess()
	if err != nil {
		return err
	}
	s.password = a.password
	for _, n := range s.lab.Topology.Nodes {
		if ctx.Err() != nil {
			return ctx.Err() // interrupted: endNodes ends what has started
		}
		if err := s.startInit(n, a); err != nil {
			return fmt.Errorf("%s: %w", n.Name, err)
		}
	}
	if err := s.lab.save(); err != nil { // from here on, Down finds every process
		return err
	}
	for _, n := range s.nodes {
		if err := n.await(saidPrivate); err != nil {
			return err
		}
	}
	if err := s.link(ctx); err != nil {
		return err
	}
	if err := s.startAll(ctx); err != nil {
		return err
	}
	return s.publish()
}

// startInit prepares a node's files and starts its process 1 in namespaces of
// its own.
func (s *supervisor) startInit(n Node, a access) error {
	sn := &startingNode{spec: spec{Node: n, Dir: s.lab.path("nodes", n.Name)}, running: Running{Name: n.Name, Group: n.Group}}
	var err error
	if sn.running.HostKey, err = sn.spec.prepare(a); err != nil {
		return err
	}
	data, err := json.Marshal(sn.spec)
	if err != nil {
		return err
	}
	path := s.lab.path("nodes", n.Name, "spec.json")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		return err
	}
	sn.cmd = exec.Command("/proc/self/exe", "node-init", path)
	sn.cmd.Env = nodeEnv()
	sn.cmd.Stderr = s.log
	sn.cmd.SysProcAttr = &syscall.SysProcAttr{
		Setsid:     true,
		Cloneflags: syscall.CLONE_NEWNET | syscall.CLONE_NEWNS | syscall.CLONE_NEWUTS | syscall.CLONE_NEWPID,
	}
	if sn.in, err = sn.cmd.StdinPipe(); err != nil {
		return err
	}
	out, err := sn.cmd.StdoutPipe()
	if err != nil {
		return err
	}
	sn.out = bufio.NewReader(out)
	if err := sn.cmd.Start(); err != nil {
		return err
	}
	s.nodes = append(s.nodes, sn)
	if sn.running.Init, err = processOf(sn.cmd.Process.Pid); err != nil {
		return err
	}
	s.lab.Nodes = append(s.lab.Nodes, sn.running)
	return nil
}

// await reads the line by which the node's init says that it has come to a
// step.
func (n *startingNode) await(step string) error {
	line, err := n.out.ReadString('\n')
	line = strings.TrimSpace(line)
	if why, failed := strings.CutPrefix(line, saidFailed); failed {
		return fmt.Errorf("%s: %s", n.spec.Node.Name, why)
	}
	if line != step {
		return errors.Join(fmt.Errorf("%s: init ended before it was %s", n.spec.Node.Name, step), err)
	}
	return nil
}

// link makes every cable straight between two nodes' namespaces, in one batch.
func (s *supervisor) link(ctx context.Context) error {
	pids := map[string]int{}
	for _, n := range s.lab.Nodes {
		pids[n.Name] = n.Init.PID
	}
	var batch strings.Builder
	for _, l := range s.lab.Topology.Links {
		fmt.Fprintf(&batch, "link add %s netns %d type veth peer name %s netns %d\n", l.A.Interface, pids[l.A.Node], l.B.Interface, pids[l.B.Node])
	}
	cmd := exec.CommandContext(ctx, "ip", "-batch", "-")
	cmd.Stdin = strings.NewReader(batch.String())
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("make links: %w: %s", err, out)
	}
	for _, n := range s.lab.Nodes {
		if _, err := n.run(ctx, `for i in /sys/class/net/eth*; do ip link set "${i##*/}" up; done`); err != nil {
			return err
		}
	}
	return nil
}

// startAll lets the nodes start what they run, a few at a time.
func (s *supervisor) startAll(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(startingAtOnce)
	for _, n := range s.nodes {
		g.Go(func() error {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if _, err := fmt.Fprintln(n.in, saidGo); err != nil {
				return fmt.Errorf("%s: %w", n.spec.Node.Name, err)
			}
			return n.await(saidUp)
		})
	}
	return g.Wait()
}

// publish opens the relays and targets, and writes the files by which the lab
// is reached.
func (s *supervisor) publish() error {
	ca, err := s.lab.newAuthority()
	if err != nil {
		return err
	}
	for i := range s.lab.Nodes {
		n := &s.lab.Nodes[i]
		if n.SSH, err = s.relay(n.Init.PID, sshPort); err != nil {
			return err
		}
		if n.GNMI, err = s.relay(n.Init.PID, gnmiPort); err != nil {
			return err
		}
		t, err := s.gnmiTarget(*n, ca)
		if err != nil {
			return fmt.Errorf("gNMI target of %s: %w", n.Name, err)
		}
		s.targets = append(s.targets, t)
	}
	for _, write := range []func() error{s.lab.writeKnownHosts, s.lab.writeInventory, s.lab.writeNetwork, s.lab.keepBaseline, s.lab.save} {
		if err := write(); err != nil {
			return err
		}
	}
	return nil
}

// relay opens a relay to a port of a node and returns its own port.
func (s *supervisor) relay(node, port int) (int, error) {
	r, err := newRelay(node, port)
	if err != nil {
		return 0, err
	}
	s.relays = append(s.relays, r)
	return r.number(), nil
}

// serve runs the relays and targets until ctx ends.
func (s *supervisor) serve(ctx context.Context) {
	var all sync.WaitGroup
	for _, r := range s.relays {
		all.Go(func() { r.serve(ctx) })
	}
	for _, t := range s.targets {
		all.Go(func() {
			if err := target.Serve(ctx, t); err != nil {
				fmt.Fprintln(s.log, err)
			}
		})
	}
	<-ctx.Done()
	all.Wait()
}

// endNodes ends every node: with its init, the kernel ends all that runs in
// its PID namespace, and with the last process go its namespaces and links.
func (s *supervisor) endNodes() {
	for _, n := range s.nodes {
		_ = n.cmd.Process.Kill() // it may have ended by itself
	}
	for _, n := range s.nodes {
		_ = n.cmd.Wait()
	}
}
