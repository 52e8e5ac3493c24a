package lab

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/pem"
	"fmt"
	"os"
	"os/exec"
	"strings"

	"golang.org/x/crypto/ssh"
)

// writeKey makes an ed25519 key pair, writes the private half to path and
// returns the public half in authorized_keys form, with a final newline.
func writeKey(path, comment string) (public string, err error) {
	pub, priv, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return "", err
	}
	block, err := ssh.MarshalPrivateKey(priv, comment)
	if err != nil {
		return "", err
	}
	if err := os.WriteFile(path, pem.EncodeToMemory(block), 0o600); err != nil {
		return "", err
	}
	key, err := ssh.NewPublicKey(pub)
	if err != nil {
		return "", err
	}
	return string(ssh.MarshalAuthorizedKey(key)), nil
}

// writeHostKey makes a node's host key.
func writeHostKey(path string) (public string, err error) {
	public, err = writeKey(path, "host key")
	return strings.TrimSpace(public), err
}

// makeAccess makes the lab's login: key and key.pub, and a random password in
// the file "password".
func (l *Lab) makeAccess() (access, error) {
	public, err := writeKey(l.path("key"), "sondelab "+l.Name)
	if err != nil {
		return access{}, err
	}
	if err := os.WriteFile(l.path("key.pub"), []byte(public), 0o644); err != nil {
		return access{}, err
	}
	password := rand.Text()
	if err := os.WriteFile(l.path("password"), []byte(password+"\n"), 0o600); err != nil {
		return access{}, err
	}
	// perl-base is on every Debian, and its crypt is the C library's.
	cmd := exec.Command("perl", "-e", `print crypt(<STDIN>, '$6$'.$ARGV[0].'$')`, rand.Text()[:12])
	cmd.Stdin = strings.NewReader(password)
	hash, err := cmd.Output()
	if err != nil {
		return access{}, fmt.Errorf("hash the lab's password: %w", err)
	}
	return access{authorizedKey: public, password: password, passwordHash: string(hash)}, nil
}

// writeKnownHosts writes the host keys of all nodes under their relay ports.
func (l *Lab) writeKnownHosts() error {
	var b strings.Builder
	for _, n := range l.Nodes {
		fmt.Fprintf(&b, "[127.0.0.1]:%d %s\n", n.SSH, n.HostKey)
	}
	return os.WriteFile(l.path("known_hosts"), []byte(b.String()), 0o644)
}
