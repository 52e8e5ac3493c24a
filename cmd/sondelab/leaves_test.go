package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/netsonde/netsonde/devices/lab"
)

// overSSH is how the lab's inventory gives a router SSH.
var overSSH = regexp.MustCompile(`groups: \[router\], ssh: \{port: \d+\}`)

// leaves sees to it that the live run read every device over SSH and over gNMI,
// and finds a fault that OpenConfig's leaves show once more, with the routers'
// SSH switched off in the inventory. It returns what a second try may mend.
func (a *arena) leaves(l *lab.Lab, f lab.Fault, live diagnosis) string {
	for _, d := range live.devices() {
		if !live.read(d, "gnmi ") || !live.read(d, "") {
			return fmt.Sprintf("%s was not read over both SSH and gNMI", d)
		}
	}
	if !f.Leaves {
		return ""
	}
	text, err := os.ReadFile(l.Inventory())
	if err != nil {
		return err.Error()
	}
	file := filepath.Join(a.state, f.Name+"-gnmi.yaml")
	if err := os.WriteFile(file, overSSH.ReplaceAll(text, []byte("groups: [router], ssh: {disabled: true}")), 0o600); err != nil {
		return err.Error()
	}
	again := a.netsondeOn(f, "--inventory", file)
	if !again.has(lab.Label{Cause: f.Cause, At: f.At, Accept: f.Accept}) {
		return fmt.Sprintf("the routers' gNMI alone leads elsewhere: %s\n%s", again.conclusion(), again.detail())
	}
	return ""
}

// devices are those that were read.
func (d diagnosis) devices() []string {
	var out []string
	for _, o := range d.Observations {
		if !slices.Contains(out, o.Device) {
			out = append(out, o.Device)
		}
	}
	return out
}

// read reports whether a device answered a query that begins so; "" stands for
// any command.
func (d diagnosis) read(device, begin string) bool {
	for _, o := range d.Observations {
		if o.Device == device && (begin == "" && !strings.HasPrefix(o.Query, "gnmi ") || begin != "" && strings.HasPrefix(o.Query, begin)) {
			return true
		}
	}
	return false
}
