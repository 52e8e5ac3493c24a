package gnmi

import (
	"context"
	"fmt"
	"slices"
	"strings"

	pb "github.com/openconfig/gnmi/proto/gnmi"

	"github.com/netsonde/netsonde/devices"
)

// Capabilities asks d what it offers and returns it as text: the version of
// gNMI, the encodings (the one that netsonde uses first), and a model a line
// in the order of their names. Errors are those of a Dialer, and
// devices.ErrUnsupported where the device does not say. It opens a session for
// this and closes it.
func (r *Dialer) Capabilities(ctx context.Context, d devices.Device) (string, error) {
	s, err := r.open(ctx, d)
	if err != nil {
		return "", err
	}
	caps := s.caps
	if err := s.Close(); err != nil {
		return "", err
	}
	if caps == nil {
		return "", fmt.Errorf("%w: the device has no Capabilities", devices.ErrUnsupported)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "gnmi version: %s\n", word(caps.GetGNMIVersion()))
	used := negotiate(caps)[0]
	names := []string{used.String() + " (used)"}
	for _, e := range caps.GetSupportedEncodings() {
		if e != used {
			names = append(names, e.String())
		}
	}
	fmt.Fprintf(&b, "encodings: %s\n", strings.Join(names, ", "))
	models := slices.Clone(caps.GetSupportedModels())
	slices.SortFunc(models, func(a, b *pb.ModelData) int { return natural(a.GetName(), b.GetName()) })
	for _, m := range models {
		line := "model: " + oneLine(m.GetName())
		if m.GetVersion() != "" {
			line += " " + oneLine(m.GetVersion())
		}
		if m.GetOrganization() != "" {
			line += " (" + oneLine(m.GetOrganization()) + ")"
		}
		b.WriteString(line + "\n")
	}
	return b.String(), nil
}
