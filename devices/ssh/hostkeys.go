package ssh

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/knownhosts"

	"github.com/netsonde/netsonde/devices"
)

// The two ways in which a host key can be wrong. Both come wrapped together
// with devices.ErrUnreachable.
var (
	ErrHostKeyChanged = errors.New("the host key has changed")
	ErrHostKeyUnknown = errors.New("the host key is not known")
)

// hostKeys checks the key of one host against its known_hosts files.
type hostKeys struct {
	addr       string
	files      []string
	algorithms []string // to ask the host for; nil: any
	known      []knownhosts.KnownKey
	match      ssh.HostKeyCallback
	accept     func(ssh.PublicKey) error // takes a new key; nil: refused
	fault      error                     // what check found, if it did
}

// hostKeys reads d's known_hosts files. One that is not there holds nothing;
// one that cannot be read is an error.
func (r *Dialer) hostKeys(d devices.Device, addr string) (*hostKeys, error) {
	k := &hostKeys{addr: addr, files: d.SSH.KnownHosts}
	var there []string
	authorities := false
	for _, f := range d.SSH.KnownHosts {
		text, err := os.ReadFile(f)
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		there = append(there, f)
		authorities = authorities || bytes.Contains(text, []byte("@cert-authority"))
	}
	var err error
	if k.match, err = knownhosts.New(there...); err != nil {
		return nil, err
	}
	if r.NewKeys == AcceptNew && len(d.SSH.KnownHosts) > 0 {
		k.accept = func(key ssh.PublicKey) error { return r.remember(d.SSH.KnownHosts[0], addr, key) }
	}
	var wrong *knownhosts.KeyError
	if errors.As(k.match(addr, &net.TCPAddr{IP: net.IPv4zero}, noKey()), &wrong) {
		k.known = wrong.Want
	}
	if !authorities {
		k.algorithms = algorithmsOf(k.known, d.SSH.Legacy)
	}
	return k, nil
}

// noKey is a key that no host has, to ask which ones are held.
func noKey() ssh.PublicKey {
	k, err := ssh.NewPublicKey(ed25519.PublicKey(make([]byte, ed25519.PublicKeySize)))
	if err != nil {
		panic(err) // cannot be: the size is right
	}
	return k
}

// algorithmsOf returns the host key algorithms of the known keys: a host that
// has keys of several types must show one that can be compared.
func algorithmsOf(known []knownhosts.KnownKey, legacy []string) []string {
	var algorithms []string
	for _, k := range known {
		t := k.Key.Type()
		if t != ssh.KeyAlgoRSA {
			algorithms = append(algorithms, t)
			continue
		}
		algorithms = append(algorithms, ssh.KeyAlgoRSASHA512, ssh.KeyAlgoRSASHA256)
		if slices.Contains(legacy, ssh.KeyAlgoRSA) {
			algorithms = append(algorithms, ssh.KeyAlgoRSA)
		}
	}
	return algorithms
}

// check is the ssh.HostKeyCallback.
func (k *hostKeys) check(host string, remote net.Addr, key ssh.PublicKey) error {
	err := k.match(host, remote, key)
	var wrong *knownhosts.KeyError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &wrong) && len(wrong.Want) == 0:
		if k.accept != nil {
			k.fault = k.accept(key)
			return k.fault
		}
		k.fault = k.unknown(key)
	case errors.As(err, &wrong):
		k.fault = k.changed("it sent " + fingerprint(key))
	default:
		k.fault = err
	}
	return k.fault
}

func (k *hostKeys) unknown(key ssh.PublicKey) error {
	where := "the inventory names no known_hosts file"
	if len(k.files) > 0 {
		where = "it is not in " + strings.Join(k.files, ", ")
	}
	return fmt.Errorf("%w: %s sent %s, and %s: compare the fingerprint with the device's own, then add the line %q, or run again with --accept-new-host-keys",
		ErrHostKeyUnknown, k.addr, fingerprint(key), where, knownhosts.Line([]string{knownhosts.Normalize(k.addr)}, key))
}

func (k *hostKeys) changed(what string) error {
	var held []string
	for _, w := range k.known {
		held = append(held, fmt.Sprintf("%s:%d has %s", w.Filename, w.Line, fingerprint(w.Key)))
	}
	return fmt.Errorf("%w: %s: %s, but %s: the device was replaced, or somebody stands in between: check the fingerprint on its console, and only then remove the old line",
		ErrHostKeyChanged, k.addr, what, strings.Join(held, ", "))
}

func fingerprint(key ssh.PublicKey) string {
	return key.Type() + " " + ssh.FingerprintSHA256(key)
}

// remember appends a new host's key to a known_hosts file.
func (r *Dialer) remember(file, addr string, key ssh.PublicKey) error {
	r.writing.Lock()
	defer r.writing.Unlock()
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return fmt.Errorf("keeping the new host key: %w", err)
	}
	f, err := os.OpenFile(file, os.O_APPEND|os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("keeping the new host key: %w", err)
	}
	line := knownhosts.Line([]string{knownhosts.Normalize(addr)}, key) + "\n"
	if size, err := f.Seek(0, 2); err == nil && size > 0 {
		last := make([]byte, 1)
		if _, err := f.ReadAt(last, size-1); err == nil && last[0] != '\n' {
			line = "\n" + line
		}
	}
	_, err = f.WriteString(line)
	if err = errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("keeping the new host key: %w", err)
	}
	return nil
}
