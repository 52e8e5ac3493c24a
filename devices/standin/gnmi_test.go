package standin_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	pb "github.com/openconfig/gnmi/proto/gnmi"

	"github.com/netsonde/netsonde/devices"
	"github.com/netsonde/netsonde/devices/gnmi"
	"github.com/netsonde/netsonde/devices/standin"
	"github.com/netsonde/netsonde/policies"
)

const recorded = `# the device's clock is 1h0m0s ahead of ours
/interfaces/interface[name=eth1]/state/description: "to core: [1] "
/interfaces/interface[name=eth1]/state/mtu: 1500
/interfaces/interface[name=eth1]/state/names: [a, b]
`

func leaves(path string) (string, error) {
	if path == "/interfaces" {
		return recorded, nil
	}
	return "", devices.ErrNotRecorded
}

// ask reads path from dev with a real session.
func ask(t *testing.T, dev standin.GNMI, make func(p *policies.Platform) (policies.Query, error)) (string, *standin.GNMIServer, error) {
	t.Helper()
	ps, err := policies.LoadPlatforms(policies.Files)
	if err != nil {
		t.Fatal(err)
	}
	q, err := make(ps["frr"])
	if err != nil {
		t.Fatal(err)
	}
	s, err := dev.Serve()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	session, err := (&gnmi.Dialer{Retry: 10 * time.Millisecond}).Dial(context.Background(), s.Device("r1", "frr"))
	if err != nil {
		return "", s, err
	}
	defer session.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	out, err := session.Do(ctx, q)
	return out, s, err
}

func getting(path string) func(p *policies.Platform) (policies.Query, error) {
	return func(p *policies.Platform) (policies.Query, error) { return p.Get(path) }
}

func watching(p *policies.Platform) (policies.Query, error) {
	return p.Watch("/interfaces", policies.Sample, time.Second, 1200*time.Millisecond)
}

// TestGNMIServesARecording holds that what was recorded comes back as it was,
// without the remarks.
func TestGNMIServesARecording(t *testing.T) {
	_, want, _ := strings.Cut(recorded, "\n")
	for _, fault := range []standin.GNMIFault{standin.NoGNMIFault, standin.NoGet} {
		dev := standin.GNMI{User: "u", Password: "p", Leaves: leaves, Fault: fault}
		out, s, err := ask(t, dev, getting("/interfaces"))
		if err != nil || out != want {
			t.Errorf("fault %d: %q, %v; want %q", fault, out, err, want)
		}
		if calls := s.Calls(); fault == standin.NoGNMIFault && !slices.Equal(calls, []string{pb.GNMI_Capabilities_FullMethodName, pb.GNMI_Get_FullMethodName}) {
			t.Errorf("calls %v", calls)
		}
	}
	if _, _, err := ask(t, standin.GNMI{Leaves: leaves}, getting("/lldp")); !errors.Is(err, devices.ErrUnsupported) {
		t.Errorf("not recorded: %v; want ErrUnsupported", err)
	}
}

func TestGNMIFaults(t *testing.T) {
	out, _, err := ask(t, standin.GNMI{Leaves: leaves}, watching)
	if err != nil || strings.Count(out, "/state/mtu: 1500") != 2 {
		t.Errorf("samples: %q, %v; want two", out, err)
	}
	out, _, err = ask(t, standin.GNMI{Leaves: leaves, Fault: standin.DroppedStream}, watching)
	if err != nil || !strings.Contains(out, "# gap begins") || !strings.Contains(out, "# gap ends") {
		t.Errorf("dropped: %q, %v; want marked gaps", out, err)
	}
	if _, _, err = ask(t, standin.GNMI{Leaves: leaves, Fault: standin.SilentGNMI}, watching); !errors.Is(err, devices.ErrTimeout) {
		t.Errorf("silent watch: %v; want ErrTimeout", err)
	}
	if _, _, err = ask(t, standin.GNMI{Leaves: leaves, Fault: standin.SilentGNMI}, getting("/interfaces")); !errors.Is(err, devices.ErrTimeout) {
		t.Errorf("silent get: %v; want ErrTimeout", err)
	}
	if _, _, err = ask(t, standin.GNMI{Leaves: leaves, Fault: standin.NoSubscribe}, watching); !errors.Is(err, devices.ErrUnsupported) {
		t.Errorf("no subscribe: %v; want ErrUnsupported", err)
	}
	if out, _, err = ask(t, standin.GNMI{Leaves: leaves, Skew: 2 * time.Hour}, getting("/interfaces")); err != nil || !strings.HasPrefix(out, "# the device's clock is 2h0m0s ahead of ours\n") {
		t.Errorf("skew: %q, %v", out, err)
	}
}
