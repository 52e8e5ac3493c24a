package ssh

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/crypto/ssh"

	"github.com/netsonde/netsonde/policies"
)

// legacy switches on the named old algorithms, after the sound ones. A name
// that is not an old algorithm is an error that lists those that are.
func legacy(cfg *ssh.ClientConfig, names []string) error {
	sound, old := ssh.SupportedAlgorithms(), ssh.InsecureAlgorithms()
	cfg.KeyExchanges, cfg.Ciphers, cfg.MACs = sound.KeyExchanges, sound.Ciphers, sound.MACs
	if cfg.HostKeyAlgorithms == nil {
		cfg.HostKeyAlgorithms = sound.HostKeys
	}
	for _, n := range names {
		found := false
		for _, set := range []struct {
			old []string
			use *[]string
		}{{old.KeyExchanges, &cfg.KeyExchanges}, {old.Ciphers, &cfg.Ciphers}, {old.MACs, &cfg.MACs}, {old.HostKeys, &cfg.HostKeyAlgorithms}} {
			if slices.Contains(set.old, n) {
				found = true
				if !slices.Contains(*set.use, n) {
					*set.use = append(*set.use, n)
				}
			}
		}
		if !found {
			all := slices.Concat(old.KeyExchanges, old.Ciphers, old.MACs, old.HostKeys)
			return fmt.Errorf("legacy_algorithms: %q is not an old algorithm that can be switched on: use %s", n, strings.Join(all, ", "))
		}
	}
	return nil
}

// negotiationError says what the peer offers, and which of it can be switched
// on for the device.
func negotiationError(k *hostKeys, e *ssh.AlgorithmNegotiationError) error {
	offers := policies.Printable(strings.Join(e.RequestedAlgorithms, ", "))
	if e.What == "host key" && len(k.known) > 0 {
		return k.changed("it has no key of the known type any more, it offers " + offers)
	}
	old := ssh.InsecureAlgorithms()
	var can []string
	for _, n := range slices.Concat(old.KeyExchanges, old.Ciphers, old.MACs, old.HostKeys) {
		if slices.Contains(e.RequestedAlgorithms, n) {
			can = append(can, n)
		}
	}
	hint := "none of them is known to this program"
	if len(can) > 0 {
		hint = fmt.Sprintf("switch one on for this device with \"ssh: {legacy_algorithms: [%s]}\"", can[0])
	}
	return fmt.Errorf("no common %s algorithm: it offers %s; %s", e.What, offers, hint)
}
