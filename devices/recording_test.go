package devices

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/netsonde/netsonde/policies"
)

// told is a Source of fixed answers.
type told struct {
	mu      sync.Mutex
	answers map[string]string
	err     error
	at      time.Time
}

func (s *told) Fetch(_ context.Context, device string, q policies.Query) (Observation, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.at = s.at.Add(time.Second)
	if s.err != nil {
		return Observation{}, named(device, q, s.err)
	}
	return Observation{Device: device, Query: q.String(), At: s.at, Took: 1500 * time.Microsecond, Output: s.answers[q.String()]}, nil
}

func (s *told) set(query, answer string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answers[query], s.err = answer, err
}

func TestRecordAndReplay(t *testing.T) {
	ps, dir, ctx := platforms(t), filepath.Join(t.TempDir(), "rec"), context.Background()
	inv := &Inventory{Devices: []Device{{Name: "r_1/a", Platform: "frr", Address: "192.0.2.1"}}, Links: []string{"r_1/a:eth1--r2:eth1"}}
	src := &told{answers: map[string]string{}, at: time.Date(2026, 5, 1, 10, 0, 0, 0, time.UTC)}
	ask := []policies.Query{show(t, ps, "frr", "show ip route 10.4.0.0/24"), show(t, ps, "frr", "show interface to_r4"), show(t, ps, "linux", "ip address show")}
	record := func() {
		r, err := Record(src, dir, inv)
		if err != nil {
			t.Fatal(err)
		}
		for _, q := range ask {
			if _, err := r.Fetch(ctx, "r_1/a", q); err != nil && src.err == nil {
				t.Fatal(err)
			}
		}
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
	}
	for _, q := range ask {
		src.set(q.String(), "first "+q.String(), nil)
	}
	record()
	record() // the same answers share their files
	src.set(ask[0].String(), "second", nil)
	record()
	src.set("", "", ErrTimeout)
	record() // failures take nobody's place

	var files []string
	list, err := os.ReadDir(filepath.Join(dir, "r_1%2Fa"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range list {
		files = append(files, f.Name())
	}
	want := []string{"index.jsonl", "ip_address_show.txt", "show_interface_to%5Fr4.txt", "show_ip_route_10.4.0.0%2F24.txt", "show_ip_route_10.4.0.0%2F24@20260501T100007.000Z.txt"}
	if d := cmp.Diff(want, files); d != "" {
		t.Errorf("files (-want +got):\n%s", d)
	}
	rec, err := Replay(dir, Replaying{Platforms: ps})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rec.Close() }()
	if f := rec.Damage(); len(f) > 0 {
		t.Errorf("faults: %v", f)
	}
	if d := cmp.Diff(inv.Links, rec.Inventory().Links); d != "" {
		t.Errorf("links: %s", d)
	}
	for i, q := range ask {
		o, err := rec.Fetch(ctx, "r_1/a", q)
		text := "first " + q.String()
		if i == 0 {
			text = "second"
		}
		if err != nil || o.Output != text || o.Took != 1500*time.Microsecond || o.At.IsZero() {
			t.Errorf("%s: %+v, %v", q, o, err)
		}
	}
}

// TestRecordKeepsFailures replays what a device refused or did not reach.
func TestRecordKeepsFailures(t *testing.T) {
	ps, dir, ctx := platforms(t), t.TempDir(), context.Background()
	q := show(t, ps, "frr", "show version")
	for i, err := range []error{ErrUnreachable, ErrDenied, ErrUnsupported, ErrTimeout} {
		name := fmt.Sprintf("r%d", i)
		r, rerr := Record(&told{err: fmt.Errorf("%w: words of that time", err)}, dir, &Inventory{Devices: []Device{{Name: name, Platform: "frr"}}})
		if rerr != nil {
			t.Fatal(rerr)
		}
		if _, got := r.Fetch(ctx, name, q); !errors.Is(got, err) {
			t.Errorf("recording hides %v: %v", err, got)
		}
		_ = r.Close()
		rec, rerr := Replay(dir, Replaying{Platforms: ps})
		if rerr != nil {
			t.Fatal(rerr)
		}
		if _, got := rec.Fetch(ctx, name, q); !errors.Is(got, err) || !strings.Contains(got.Error(), "words of that time") {
			t.Errorf("%v replays as %v", err, got)
		}
		_ = rec.Close()
	}
}

func TestAnswerNames(t *testing.T) {
	ps := platforms(t)
	f := folder{grammars: []*policies.Platform{ps["frr"], ps["linux"]}}
	for _, q := range []string{"show ip route 10.4.0.0/24", "show interface a_b_c", "show ip route vrf r_d 2001:db8::/32", "ip address show dev eth1", "gnmi get openconfig:/interfaces/interface[name=eth_1]/state"} {
		want, ok := f.parse(q)
		if !ok {
			want, ok = f.parse(strings.Replace(q, " ip ", " ipv6 ", 1))
		}
		if !ok {
			t.Errorf("%s: not in the grammar", q)
			continue
		}
		name := answerName(want.String(), time.Time{})
		got, _, ok := f.named(name)
		if !ok || got.String() != want.String() {
			t.Errorf("%q is written as %q and read as %q", want, name, got)
		}
	}
	long := answerName("show "+strings.Repeat("x/", 300), time.Now())
	if len(long) > 255 {
		t.Errorf("a name of %d bytes", len(long))
	}
}

// FuzzReplay opens any manifest, index and file name, without a panic.
func FuzzReplay(f *testing.F) {
	f.Add([]byte("version: 1\ndevices:\n - name: r1\n   platform: frr\n"), []byte(`{"query":"show version","file":"a"}`), "show_ip_route_10.0.0.1.txt", []byte(routes))
	f.Add([]byte("devices: [[]]"), []byte("{}\n{"), "a@b_%4", []byte("{"))
	ps := platforms(f)
	route := show(f, ps, "frr", "show ip route 10.4.0.1")
	f.Fuzz(func(t *testing.T, manifest, index []byte, name string, answer []byte) {
		dir := t.TempDir()
		_ = os.MkdirAll(filepath.Join(dir, "r1"), 0o755)
		_ = os.WriteFile(filepath.Join(dir, manifestName), manifest, 0o600)
		_ = os.WriteFile(filepath.Join(dir, "r1", indexName), index, 0o600)
		if plainName(name) && len(name) < 200 {
			_ = os.WriteFile(filepath.Join(dir, "r1", name), answer, 0o600)
		}
		rec, err := Replay(dir, Replaying{Platforms: ps, Platform: "frr"})
		if err != nil {
			return
		}
		defer func() { _ = rec.Close() }()
		rec.Damage()
		_, _ = rec.Fetch(context.Background(), "r1", route)
	})
}

// BenchmarkReplayOpen opens a recording of 100 devices and 10,000 files and
// reads the first answer (goal: under 300 ms).
func BenchmarkReplayOpen(b *testing.B) {
	ps := platforms(b)
	for _, index := range []string{"indexed", "bare"} {
		dir := b.TempDir()
		plantRecording(b, dir, index == "indexed")
		q := show(b, ps, "frr", "show ip route 10.1.7.0/24")
		b.Run(index, func(b *testing.B) {
			for b.Loop() {
				rec, err := Replay(dir, Replaying{Platforms: ps})
				if err != nil {
					b.Fatal(err)
				}
				if _, err := rec.Fetch(context.Background(), "r50", q); err != nil {
					b.Fatal(err)
				}
				_ = rec.Close()
			}
		})
	}
}

func plantRecording(b *testing.B, dir string, indexed bool) {
	var m manifest
	for d := range 100 {
		name := fmt.Sprintf("r%d", d)
		m.Devices = append(m.Devices, manifestDevice{Name: name, Platform: "frr"})
		var index strings.Builder
		if err := os.Mkdir(filepath.Join(dir, name), 0o755); err != nil {
			b.Fatal(err)
		}
		for i := range 100 {
			query := fmt.Sprintf("show ip route 10.1.%d.0/24", i)
			file := answerName(query, time.Time{})
			fmt.Fprintf(&index, "{\"query\":%q,\"platform\":\"frr\",\"file\":%q}\n", query, file)
			if err := os.WriteFile(filepath.Join(dir, name, file), []byte(routes), 0o600); err != nil {
				b.Fatal(err)
			}
		}
		if indexed {
			if err := os.WriteFile(filepath.Join(dir, name, indexName), []byte(index.String()), 0o600); err != nil {
				b.Fatal(err)
			}
		}
	}
	if text, err := m.encode(); indexed && err == nil {
		if err := os.WriteFile(filepath.Join(dir, manifestName), text, 0o600); err != nil {
			b.Fatal(err)
		}
	}
}
