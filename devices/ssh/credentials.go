package ssh

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"

	"github.com/netsonde/netsonde/devices"
)

// credentials are the ways to log in to one device, for one dial.
type credentials struct {
	device  devices.Device
	signers []ssh.Signer
	agent   net.Conn
	fault   error    // what kept a method from being tried
	used    []string // the methods that were really tried
	spent   bool     // the password was sent: once a dial, by whatever method
}

// maxAgentKeys bounds the keys of an agent that are shown to a device: servers
// count each as a failed login, and give up after six.
const maxAgentKeys = 4

// credentialsOf gathers what the inventory gives for d. No way to log in at
// all is an error.
func credentialsOf(ctx context.Context, d devices.Device) (*credentials, error) {
	c := &credentials{device: d}
	if d.SSH.User == "" {
		return nil, errors.New("no user to log in as: give ssh user in the inventory")
	}
	if d.SSH.Key != "" {
		signer, err := readKey(d.SSH.Key, d.SSH.Passphrase)
		var sealed *ssh.PassphraseMissingError
		switch {
		case err == nil:
			c.signers = append(c.signers, signer)
		case errors.As(err, &sealed) && d.SSH.Agent != "": // as with ssh itself, the agent may hold it open
		default:
			return nil, err
		}
	}
	if d.SSH.Agent != "" {
		if err := c.askAgent(ctx); err != nil && len(c.signers) == 0 && d.SSH.Password.IsZero() {
			c.Close()
			return nil, err
		}
	}
	if len(c.signers) == 0 && d.SSH.Password.IsZero() {
		c.Close()
		return nil, errors.New("no way to log in: give ssh password, key or agent in the inventory")
	}
	return c, nil
}

// Close lets go of the agent.
func (c *credentials) Close() {
	if c.agent != nil {
		_ = c.agent.Close()
	}
}

func readKey(file string, passphrase devices.Secret) (ssh.Signer, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("ssh key: %w", err)
	}
	signer, err := ssh.ParsePrivateKey(text)
	var missing *ssh.PassphraseMissingError
	if errors.As(err, &missing) {
		if passphrase.IsZero() {
			return nil, fmt.Errorf("ssh key %s is encrypted: give its passphrase, or load it into an agent: %w", file, err)
		}
		signer, err = ssh.ParsePrivateKeyWithPassphrase(text, []byte(passphrase.Reveal()))
	}
	if err != nil {
		return nil, fmt.Errorf("ssh key %s: %w", file, err)
	}
	return signer, nil
}

func (c *credentials) askAgent(ctx context.Context) error {
	conn, err := (&net.Dialer{}).DialContext(ctx, "unix", c.device.SSH.Agent)
	if err != nil {
		return fmt.Errorf("ssh agent: %w", err)
	}
	c.agent = conn
	if deadline, ok := ctx.Deadline(); ok {
		_ = conn.SetDeadline(deadline)
	}
	signers, err := agent.NewClient(conn).Signers()
	if err != nil {
		return fmt.Errorf("ssh agent: %w", err)
	}
	if len(signers) == 0 && len(c.signers) == 0 {
		return errors.New("ssh agent: it holds no key")
	}
	c.signers = append(c.signers, signers[:min(len(signers), maxAgentKeys)]...)
	return nil
}

// methods returns the ways to log in, in the order in which they are tried.
func (c *credentials) methods() []ssh.AuthMethod {
	var all []ssh.AuthMethod
	if len(c.signers) > 0 {
		all = append(all, ssh.PublicKeysCallback(func() ([]ssh.Signer, error) {
			c.used = append(c.used, "publickey")
			return c.signers, nil
		}))
	}
	if !c.device.SSH.Password.IsZero() {
		all = append(all, ssh.PasswordCallback(func() (string, error) { return c.password("password") }),
			ssh.KeyboardInteractive(c.answer))
	}
	return all
}

// errPasswordSpent keeps one wrong password from counting as two.
var errPasswordSpent = errors.New("the password was refused")

func (c *credentials) password(method string) (string, error) {
	if c.spent {
		return "", errPasswordSpent
	}
	c.spent = true
	c.used = append(c.used, method)
	return c.device.SSH.Password.Reveal(), nil
}

// answer gives the password to the one hidden question of a
// keyboard-interactive login, and nothing to any other: what else is asked for
// (a one-time code) nobody here can know.
func (c *credentials) answer(_, _ string, questions []string, echos []bool) ([]string, error) {
	answers := make([]string, len(questions))
	for i, q := range questions {
		if echos[i] {
			c.fault = fmt.Errorf("the login asks %q, which only a person can answer", oneLine(q))
			return nil, c.fault
		}
		p, err := c.password("keyboard-interactive")
		if err != nil {
			return nil, err
		}
		answers[i] = p
	}
	return answers, nil
}

// tried says which methods were really used.
func (c *credentials) tried() string {
	if len(c.used) == 0 {
		return "it takes none of the methods that the inventory gives (password, key, agent)"
	}
	return "tried " + strings.Join(c.used, ", ")
}
