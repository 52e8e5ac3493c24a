package tools

import (
	"context"
	"fmt"
	"strings"
)

// devicesIn is what the devices tool takes.
type devicesIn struct {
	Match string `json:"match,omitempty" jsonschema:"only devices whose name, platform or group contains this"`
}

// newDevices makes the tool that lists the inventory. It reads no device.
func newDevices(e Env) (Tool, error) {
	return New("devices", func(_ context.Context, in devicesIn) (Result, error) {
		var b strings.Builder
		shown := 0
		for _, d := range e.Inventory.Devices {
			row := fmt.Sprintf("%s  platform=%s  address=%s", d.Name, d.Platform, d.Address)
			if len(d.Groups) > 0 {
				row += "  groups=" + strings.Join(d.Groups, ",")
			}
			if d.GNMI.Port != 0 {
				row += "  gnmi=yes"
			}
			if in.Match == "" || strings.Contains(row, in.Match) {
				b.WriteString(row + "\n")
				shown++
			}
		}
		if len(e.Inventory.Links) > 0 && in.Match == "" {
			b.WriteString("intended links:\n")
			for _, l := range e.Inventory.Links {
				b.WriteString("  " + l + "\n")
			}
		}
		title := fmt.Sprintf("%d of %d devices", shown, len(e.Inventory.Devices))
		return Result{Text: shape([]block{{title: title, text: b.String(), note: "use match"}}, e.Budget)}, nil
	})
}
