package state_test

import (
	"errors"
	"testing"
	"time"

	"github.com/netsonde/netsonde/devices/state"
)

func TestAddSaysWhatIsNotRunning(t *testing.T) {
	d := &state.Device{Name: "r1", Platform: "frr"}
	if err := d.Add(state.Answer{Device: "r1", Platform: "frr", Query: "show ip ospf neighbor", Output: "ospfd is not running\n"}); err != nil {
		t.Fatal(err)
	}
	got, ok := d.Table(state.TableOSPFNbrs)
	if !ok || !got.Inactive || got.Complete || got.Ref.Line != 1 {
		t.Errorf("status = %+v, want inactive at line 1", got)
	}
	if len(d.Daemons) != 1 || d.Daemons[0].Name != "ospfd" || d.Daemons[0].Running {
		t.Errorf("daemons = %+v, want ospfd not running", d.Daemons)
	}
}

func TestAddUnknownQueryStaysText(t *testing.T) {
	d := &state.Device{Name: "r1", Platform: "frr"}
	err := d.Add(state.Answer{Device: "r1", Platform: "frr", Query: "show weather", Output: "rain"})
	if !errors.Is(err, state.ErrNoReader) {
		t.Errorf("err = %v, want ErrNoReader", err)
	}
	if len(d.Unparsed) != 1 || d.Unparsed[0].Ref.Query != "show weather" {
		t.Errorf("unparsed = %+v", d.Unparsed)
	}
}

func TestAddOneRowDoesNotReplaceTheWholeTable(t *testing.T) {
	whole := "eth1 is up\n  Internet Address 10.1.1.1/30, Broadcast 10.1.1.3, Area 0.0.0.0\n  Timer intervals configured, Hello 2s, Dead 8s, Wait 8s, Retransmit 5\n"
	d := &state.Device{Name: "r1", Platform: "frr"}
	for _, q := range []string{"show ip ospf interface", "show ip ospf interface eth1"} {
		if err := d.Add(state.Answer{Device: "r1", Platform: "frr", Query: q, Output: whole, At: time.Unix(0, 0)}); err != nil {
			t.Fatal(err)
		}
	}
	if len(d.OSPFInterfaces) != 1 {
		t.Fatalf("%d rows, want 1 merged row", len(d.OSPFInterfaces))
	}
	row := d.OSPFInterfaces[0]
	if row.Hello != 2*time.Second || row.Cite("Hello").Line != 3 || row.Cite("Area").Line != 2 {
		t.Errorf("row = %+v", row)
	}
	if s, _ := d.Table(state.TableOSPFIfs); !s.Complete || s.Ref.Query != "show ip ospf interface" {
		t.Errorf("status = %+v, want the whole table's", s)
	}
	if tables := state.TablesOf("frr", "show ip ospf interface eth1"); len(tables) != 1 || tables[0] != state.TableOSPFIfs {
		t.Errorf("TablesOf = %v", tables)
	}
}
