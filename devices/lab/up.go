package lab

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// needs are the programs that a lab runs, with the Debian package of each.
var needs = [][2]string{
	{"/usr/lib/frr/zebra", "frr"}, {"/usr/bin/vtysh", "frr"}, {"/usr/sbin/sshd", "openssh-server"}, {"lldpd", "lldpd"},
	{"/usr/sbin/nft", "nftables"}, {"ip", "iproute2"}, {"ping", "iputils-ping"}, {"nsenter", "util-linux"}, {"perl", "perl-base"},
}

// Ready says in one error everything that keeps a lab from running here.
func Ready() error {
	var all []error
	if os.Geteuid() != 0 {
		all = append(all, errors.New("a lab makes network namespaces: run it as root"))
	}
	missing := map[string]bool{}
	for _, n := range needs {
		if _, err := exec.LookPath(n[0]); err != nil && !missing[n[1]] {
			missing[n[1]] = true
			all = append(all, fmt.Errorf("%s is missing: apt-get install --no-install-recommends %s", n[0], n[1]))
		}
	}
	return errors.Join(all...)
}

// Up builds a lab of that name under base, leaves it to a supervisor in the
// background, and returns when every node runs. Protocols converge after
// that: see [Lab.WaitHealthy]. On an error nothing is left behind.
func Up(ctx context.Context, base, name string) (*Lab, error) {
	if err := CheckName(name); err != nil {
		return nil, err
	}
	if err := Ready(); err != nil {
		return nil, err
	}
	base, err := filepath.Abs(base)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(base, 0o755); err != nil {
		return nil, err
	}
	dir := filepath.Join(base, name)
	if err := os.Mkdir(dir, 0o755); errors.Is(err, fs.ErrExist) {
		return nil, fmt.Errorf("lab %s is there already: use it, or end it with \"sondelab down --name %s\"", name, name)
	} else if err != nil {
		return nil, err
	}
	if err := supervise(ctx, dir); err != nil {
		return nil, errors.Join(fmt.Errorf("lab %s: %w", name, err), os.RemoveAll(dir))
	}
	return Open(base, name)
}

// supervise starts the background process and waits for what it says.
func supervise(ctx context.Context, dir string) error {
	log, err := os.OpenFile(filepath.Join(dir, "supervisor.log"), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	said, say, err := os.Pipe()
	if err != nil {
		return err
	}
	defer said.Close()
	cmd := exec.Command("/proc/self/exe", "supervise", dir)
	cmd.Env, cmd.Dir = nodeEnv(), "/"
	cmd.Stdout, cmd.Stderr = say, log
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := cmd.Start(); err != nil {
		say.Close()
		return err
	}
	say.Close()
	stop := context.AfterFunc(ctx, func() { _ = cmd.Process.Signal(syscall.SIGTERM) })
	defer stop()
	line, err := bufio.NewReader(said).ReadString('\n')
	line = strings.TrimSpace(line)
	if line == saidUp && ctx.Err() == nil {
		return cmd.Process.Release()
	}
	_ = cmd.Process.Signal(syscall.SIGTERM)
	_ = cmd.Wait() // it has said why, or its log has
	if why, failed := strings.CutPrefix(line, saidFailed); failed {
		return errors.New(why)
	}
	text, _ := os.ReadFile(log.Name())
	return errors.Join(ctx.Err(), fmt.Errorf("supervisor ended early: %w: %s", err, strings.TrimSpace(string(text))))
}

// Down ends the lab's processes, and with them its namespaces and links, and
// removes its directory.
func (l *Lab) Down() error {
	l.Supervisor.signal(syscall.SIGTERM)
	if !l.Supervisor.waitGone(10 * time.Second) {
		l.Supervisor.signal(syscall.SIGKILL)
	}
	var left []error
	for _, n := range l.Nodes { // none is left unless the supervisor was killed
		n.Init.signal(syscall.SIGKILL)
		if !n.Init.waitGone(5 * time.Second) {
			left = append(left, fmt.Errorf("%s: process %d does not end", n.Name, n.Init.PID))
		}
	}
	return errors.Join(append(left, os.RemoveAll(l.Dir))...)
}
