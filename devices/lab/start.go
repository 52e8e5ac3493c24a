package lab

import (
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// start runs the node's commands, its routing daemons, sshd, lldpd and
// services, in that order.
func (sp spec) start() error {
	for _, line := range sp.Node.Exec {
		if err := execute("/bin/sh", "-ec", line); err != nil {
			return err
		}
	}
	if sp.Node.IsRouter() {
		if err := sp.startFRR(); err != nil {
			return err
		}
	}
	for _, d := range []string{"/run/sshd", "/run/lldpd"} {
		if err := os.MkdirAll(d, 0o755); err != nil {
			return err
		}
	}
	if err := execute("/usr/sbin/sshd", "-f", "/etc/ssh/sshd_config"); err != nil {
		return err
	}
	if err := chownTo("/run/lldpd", "_lldpd"); err != nil {
		return err
	}
	if err := execute("lldpd", "-I", "eth*"); err != nil {
		return err
	}
	for _, s := range sp.Node.Services {
		if err := startService(s); err != nil {
			return err
		}
	}
	return nil
}

// startFRR starts the daemons without a TCP terminal, each waiting for zebra
// by itself, and then loads the integrated configuration.
func (sp spec) startFRR() error {
	if err := os.MkdirAll("/run/frr", 0o755); err != nil {
		return err
	}
	if err := chownTo("/run/frr", "frr"); err != nil {
		return err
	}
	const dir = "/usr/lib/frr/"
	if err := execute(dir+"zebra", "-d", "-A", "127.0.0.1", "-P", "0", "-s", "90000000"); err != nil {
		return err
	}
	for _, d := range append([]string{"staticd"}, sp.Node.Daemons...) {
		if err := execute(dir+d, "-d", "-A", "127.0.0.1", "-P", "0"); err != nil {
			return err
		}
	}
	return execute("vtysh", "-b")
}

// startService starts one of the node's own services in the background.
func startService(name string) error {
	cmd := exec.Command("/proc/self/exe", "node-service", name)
	cmd.Env, cmd.Dir = nodeEnv(), "/"
	log, err := os.OpenFile(filepath.Join("/var/log", name+".log"), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o640)
	if err != nil {
		return err
	}
	defer log.Close()
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("service %s: %w", name, err)
	}
	return cmd.Process.Release()
}

// chownTo gives a path to an account of the node.
func chownTo(path, account string) error {
	u, err := user.Lookup(account)
	if err != nil {
		return err
	}
	uid, errU := strconv.Atoi(u.Uid)
	gid, errG := strconv.Atoi(u.Gid)
	if errU != nil || errG != nil {
		return fmt.Errorf("account %s has no numeric id", account)
	}
	return os.Chown(path, uid, gid)
}
