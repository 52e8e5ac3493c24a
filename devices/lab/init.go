package lab

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// A spec is what a node's init needs to know; nodes/NAME/spec.json.
type spec struct {
	Node Node
	Dir  string // nodes/NAME
}

// Streams are the pipes between an init and its supervisor.
type Streams struct {
	In  io.Reader
	Out io.Writer
}

// The lines by which a node's init and the supervisor take turns.
const (
	saidPrivate = "private" // the init has its mounts; its links can be made
	saidGo      = "go"      // the links are there
	saidUp      = "up"      // everything that the node runs has been started
	saidFailed  = "failed " // and why
)

// RunInit is process 1 of a node: it makes the node's file system private,
// starts what the node runs, and then reaps until it is told to end. specPath
// is nodes/NAME/spec.json. It returns when the node has ended.
func RunInit(specPath string, s Streams) error {
	if err := bringUp(specPath, s); err != nil {
		fmt.Fprintf(s.Out, "%s%s\n", saidFailed, strings.ReplaceAll(err.Error(), "\n", " | "))
		return err
	}
	fmt.Fprintln(s.Out, saidUp)
	return reap()
}

func bringUp(specPath string, s Streams) error {
	data, err := os.ReadFile(specPath)
	if err != nil {
		return err
	}
	var sp spec
	if err := json.Unmarshal(data, &sp); err != nil {
		return fmt.Errorf("%s: %w", specPath, err)
	}
	if err := sp.makePrivate(); err != nil {
		return err
	}
	fmt.Fprintln(s.Out, saidPrivate)
	line, err := bufio.NewReader(s.In).ReadString('\n')
	if err != nil || strings.TrimSpace(line) != saidGo {
		return fmt.Errorf("supervisor went away: %q, %w", line, err)
	}
	return sp.start()
}

// reap is the rest of an init's life.
func reap() error {
	end := make(chan os.Signal, 1)
	signal.Notify(end, unix.SIGTERM)
	dead := make(chan os.Signal, 16)
	signal.Notify(dead, unix.SIGCHLD)
	for {
		for {
			var ws syscall.WaitStatus
			if pid, err := syscall.Wait4(-1, &ws, syscall.WNOHANG, nil); err != nil || pid <= 0 {
				break
			}
		}
		select {
		case <-dead:
		case <-end:
			return nil
		}
	}
}

// makePrivate gives the node its own /proc, /sys, /etc, /run, /var/log, /home
// and scratch space, its name, and its kernel settings.
func (sp spec) makePrivate() error {
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
		return fmt.Errorf("make mounts private: %w", err)
	}
	for _, d := range []string{"etc", "log", "home"} {
		target := map[string]string{"etc": "/etc", "log": "/var/log", "home": "/home"}[d]
		if err := unix.Mount(filepath.Join(sp.Dir, d), target, "", unix.MS_BIND, ""); err != nil {
			return fmt.Errorf("bind %s: %w", target, err)
		}
	}
	for _, m := range []struct{ kind, target, data string }{
		{"proc", "/proc", ""}, {"sysfs", "/sys", ""}, {"tmpfs", "/run", "mode=755"}, {"tmpfs", "/tmp", "mode=1777"},
		{"tmpfs", "/var/tmp", "mode=1777"}, {"tmpfs", "/usr/local/sbin", "mode=755"},
	} {
		if err := unix.Mount(m.kind, m.target, m.kind, 0, m.data); err != nil {
			return fmt.Errorf("mount %s: %w", m.target, err)
		}
	}
	if err := unix.Sethostname([]byte(sp.Node.Name)); err != nil {
		return fmt.Errorf("set host name: %w", err)
	}
	if err := sp.settings(); err != nil {
		return err
	}
	return grantReads()
}

// settings sets the node's kernel parameters and brings its loopback up.
func (sp spec) settings() error {
	set := map[string]string{
		"ipv4/conf/all/rp_filter": "0", "ipv4/conf/default/rp_filter": "0",
		"ipv6/conf/default/accept_dad": "0", "ipv6/conf/all/keep_addr_on_down": "1",
		"ipv6/conf/default/keep_addr_on_down": "1", "ipv4/ping_group_range": "0 2147483647",
	}
	if sp.Node.IsRouter() {
		set["ipv4/ip_forward"], set["ipv6/conf/all/forwarding"] = "1", "1"
	}
	for name, value := range set {
		if err := os.WriteFile("/proc/sys/net/"+name, []byte(value), 0o644); err != nil {
			return fmt.Errorf("sysctl: %w", err)
		}
	}
	return execute("ip", "link", "set", "lo", "up")
}

// execute runs a command and says in its error what the command said.
func execute(name string, args ...string) error {
	cmd := exec.Command(name, args...)
	cmd.Env, cmd.Dir = nodeEnv(), "/"
	out, err := cmd.CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s %s: %w: %s", name, strings.Join(args, " "), err, strings.TrimSpace(string(out)))
	}
	return nil
}

// grantReads puts copies of nft and tc into the node that carry the file
// capability which reading packet filters needs, so that the reading account
// needs no root. A real router would give such an account a read-only role;
// this stands in for it in the lab only.
func grantReads() error {
	path, err := exec.LookPath("/usr/sbin/nft")
	if err != nil {
		return err
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	const copied = "/usr/local/sbin/nft"
	if err := os.WriteFile(copied, data, 0o755); err != nil {
		return err
	}
	// struct vfs_cap_data, revision 2, effective, CAP_NET_ADMIN (12) permitted
	// (capabilities(7), "File capability extended attribute versioning").
	capability := []byte{0x01, 0, 0, 0x02, 0, 0x10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}
	if err := unix.Setxattr(copied, "security.capability", capability, 0); err != nil {
		return fmt.Errorf("grant nft its capability: %w", err)
	}
	return nil
}
