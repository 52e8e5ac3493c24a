package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/netsonde/netsonde/agent"
	"github.com/netsonde/netsonde/agent/agenttest"
	"github.com/netsonde/netsonde/devices/standin"
	"github.com/netsonde/netsonde/policies"
)

// leastCanary is how long a secret must be for its absence to prove something.
const leastCanary = 6

// canaries reads the lines of policies/testdata/secrets for a platform: as the
// platform writes them, and the secrets in them.
func canaries(t *testing.T, platform string) (text string, secrets []string) {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("..", "..", "policies", "testdata", "secrets", platform+".txt"))
	if err != nil {
		t.Fatal(err)
	}
	marked := regexp.MustCompile(`\{\{(.*?)\}\}`)
	for _, m := range marked.FindAllStringSubmatch(string(raw), -1) {
		if len(m[1]) >= leastCanary {
			secrets = append(secrets, m[1])
		}
	}
	return marked.ReplaceAllString(string(raw), "$1"), secrets
}

// prompts are what a terminal of each platform shows; those without one are
// asked over exec channels.
func prompts() map[string]string {
	return map[string]string{
		"cisco_iosxe": "r1#", "cisco_nxos": "r1# ", "cisco_iosxr": "RP/0/RP0/CPU0:r1#", "arista_eos": "r1#", "juniper_junos": "netops@r1> ",
		"nokia_srlinux": "A:r1# ", "nokia_sros": "A:r1# ", "mikrotik_routeros": "[netops@r1] > ", "huawei_vrp": "<r1>",
	}
}

// telling is a device of a platform whose configuration and log hold text.
func telling(p *policies.Platform, text string) standin.SSH {
	answers := map[string]string{}
	for _, q := range p.Prepare() {
		answers[q.Text()] = ""
	}
	for _, r := range p.Reads() {
		for _, q := range r.Alternatives {
			if r.Table == "config" || r.Table == "logs" {
				answers[q.Text()] = text
			}
		}
	}
	dev := standin.SSH{Prompt: prompts()[p.Name], Shell: prompts()[p.Name] == "", Answer: standin.Table(answers)}
	if p.Name == "vyos" {
		own := dev.Answer
		dev.Answer = func(line string) standin.Reply {
			return own(strings.NewReplacer("/opt/vyatta/bin/vyatta-op-cmd-wrapper ", "", "'", "").Replace(line))
		}
	}
	if p.Name == "frr" {
		dev.Answer = standin.Shell(dev.Answer, standin.Table(map[string]string{"tail -n 1000 /var/log/frr/frr.log": text}))
	}
	return dev
}

// TestCanaries plants each kind of secret of each platform in the answers of a
// device, and looks for it in all that whole runs leave behind.
func TestCanaries(t *testing.T) {
	ps, err := policies.LoadPlatforms(policies.Files)
	if err != nil {
		t.Fatal(err)
	}
	for name, p := range ps {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text, secrets := canaries(t, name)
			leaves := func(string) (string, error) {
				return "/system/config/motd-banner: the password is " + canary + "\n/network-instances/network-instance[name=default]/protocols/protocol[identifier=BGP][name=BGP]/bgp/neighbors/neighbor[neighbor-address=10.0.0.2]/config/auth-password: " + canary + "\n", nil
			}
			n := serve(t, standinDevice{name: "r1", platform: name, ssh: telling(p, text), gnmi: &standin.GNMI{Leaves: leaves}})
			config := ""
			for _, r := range p.Reads() {
				if r.Table == "config" || config == "" && r.Table == "logs" {
					config = r.Alternatives[0].Text()
				}
			}
			model := agenttest.NewServer(t,
				agenttest.Answer{Calls: []agent.Call{
					{ID: "a", Name: "config", Arguments: `{"devices":["r1"]}`},
					{ID: "b", Name: "gnmi_get", Arguments: `{"devices":["r1"],"path":"/network-instances"}`},
				}},
				agenttest.Answer{Calls: []agent.Call{{ID: "c", Name: "conclude", Arguments: `{"verdict":"inconclusive","summary":"nothing"}`}}})
			if err := os.WriteFile(n.file(".netsonde.yaml"), []byte("limits: {rate: 1000}\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			var seen []string
			for _, args := range [][]string{
				{"show", "r1", "--", config},
				{"record", "-o", n.file("recording")},
				{"gnmi", "get", "r1", "/network-instances"},
				{"check"},
				{"health"},
				{"health", "-o", "html"},
				{"runs"},
				{"diagnose", "why?"},
				{"diagnose", "--model", "m", "--base-url", model.URL, "why?"},
			} {
				out, errs, status := n.run(t.Context(), args...)
				if status == exitUsage {
					t.Errorf("%v: %s", args, errs)
				}
				seen = append(seen, out, errs)
			}
			if !strings.Contains(seen[0], "<key#") && !strings.Contains(seen[0], "<hash#") {
				t.Errorf("nothing was redacted in\n%s%s", seen[0], seen[1])
			}
			for _, r := range model.Requests() {
				seen = append(seen, string(r.Raw))
				for _, m := range r.Body.Messages {
					seen = append(seen, m.Content)
				}
			}
			n.files(t, func(_, text string) { seen = append(seen, text) })
			for _, secret := range append(secrets, canary, standinPassword) {
				for _, s := range seen {
					if at := strings.Index(s, secret); at >= 0 {
						t.Errorf("%q got out: %q", secret, s[max(0, at-60):min(len(s), at+len(secret)+20)])
						break
					}
				}
			}
		})
	}
}
