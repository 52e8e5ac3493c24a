package devices_test

import (
	"testing"
	"testing/fstest"

	"github.com/netsonde/netsonde/devices"
	"github.com/netsonde/netsonde/devices/devicetest"
	"github.com/netsonde/netsonde/policies"
)

// TestReplaySuite puts a recording, and a recording of a recording, through
// the suite that every Source passes. The recording was written by hand.
func TestReplaySuite(t *testing.T) {
	ps, err := policies.LoadPlatforms(policies.Files)
	if err != nil {
		t.Fatal(err)
	}
	query := func(platform, line string) policies.Query {
		q, err := ps[platform].Show(line)
		if err != nil {
			t.Fatal(err)
		}
		return q
	}
	fsys := fstest.MapFS{
		"recording.yaml":  {Data: []byte("version: 1\ndevices:\n- {name: h1, platform: linux}\n- {name: h2, platform: linux}\n")},
		"h1/index.jsonl":  {Data: []byte("{\"query\":\"uname -a\",\"file\":\"uname_-a.txt\"}\n{\"query\":\"nft list ruleset\",\"failure\":\"unsupported\",\"error\":\"h1: nft list ruleset: not found\"}\n")},
		"h1/uname_-a.txt": {Data: []byte("Linux h1 6.1.0 #1 SMP x86_64 GNU/Linux\n")},
		"h2/index.jsonl":  {Data: []byte("{\"query\":\"uname -a\",\"failure\":\"unreachable\",\"error\":\"h2: no route to host\"}\n")},
	}
	open := func(t *testing.T) devices.Source {
		rec, err := devices.ReplayFS(fsys, devices.Replaying{Platforms: ps})
		if err != nil {
			t.Fatal(err)
		}
		return rec
	}
	f := devicetest.Fixture{
		Device: "h1", Query: query("linux", "uname -a"), Contains: "Linux h1", Unsupported: query("linux", "nft list ruleset"),
		Foreign: query("frr", "show version"), Unreachable: "h2",
	}
	t.Run("replay", func(t *testing.T) { devicetest.Run(t, f, open) })
	t.Run("record", func(t *testing.T) {
		devicetest.Run(t, f, func(t *testing.T) devices.Source {
			r, err := devices.Record(open(t), t.TempDir(), &devices.Inventory{})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = r.Close() })
			return r
		})
	})
}
