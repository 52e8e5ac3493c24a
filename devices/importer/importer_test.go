package importer

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/netsonde/netsonde/devices"
	"github.com/netsonde/netsonde/policies"
)

func options(t testing.TB) Options {
	t.Helper()
	ps, err := policies.LoadPlatforms(policies.Files)
	if err != nil {
		t.Fatal(err)
	}
	r, err := policies.NewRedactor(policies.Files, []byte("salt of sixteen!"))
	if err != nil {
		t.Fatal(err)
	}
	return Options{Platforms: ps, Redactor: r}
}

// plant writes files, all of them written by hand, into a new folder.
func plant(t testing.TB, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

const (
	frrConfig = "Building configuration...\n\nfrr version 8.4.4\nfrr defaults traditional\nhostname %s\n!\nrouter bgp 65001\n neighbor 10.0.0.1 password hunter2\n!\nend\n"
	frrLog    = "Welcome to FRRouting\r\nr1# sh ver\r\nFRRouting 8.4.4 (r1) on Linux\r\nr1# show ip route\r\nC>* 10.0.0.0/24 is directly connected, eth1\r\n --More-- \b\b\b\b\b\b\b\b\b\b          \b\b\b\b\b\b\b\b\b\bO>* 10.1.0.0/24 [110/20] via 10.0.0.2, eth1\r\nr1# show interface | include up\r\nInterface eth1 is up\r\nr1# conf t\r\nr1(config)# exit\r\nr1# exit\r\nops@h1:~$ ip route\r\ndefault via 10.0.0.1 dev eth1\r\nops@h1:~$ \r\n"
	support   = "hostname r7\n------------------ show version ------------------\n\nFRRouting 8.4.4 (r7)\n\n------------------ show interface ------------------\nInterface eth1 is up\n------------------ show secrets of all ------------------\nx\n"
)

func config(name string) string { return strings.Replace(frrConfig, "%s", name, 1) }

func TestImport(t *testing.T) {
	for _, c := range []struct {
		name  string
		files map[string]string
		src   string // in the folder; "" the folder itself
		want  []string
	}{
		{"a folder of outputs", map[string]string{"r1/show_ip_route.txt": "C>* 10.0.0.0/24\n", "r1/notes.txt": "seen at noon\n", "h1/ip_route_show.txt": "default via 10.0.0.1\n", "r1/empty.txt": ""}, "",
			[]string{"h1/ip_route_show.txt: h1: ip route show", "r1/empty.txt: left: empty", "r1/notes.txt: r1: kept as notes.txt", "r1/show_ip_route.txt: r1: show ip route"}},
		{"a terminal's log", map[string]string{"session.log": frrLog}, "session.log",
			[]string{"session.log:2: r1: show version", "session.log:4: r1: show ip route", "session.log:7: left: was filtered", "session.log:9: left: not a known read: conf t", "session.log:12: h1: ip route"}},
		{"a support file", map[string]string{"tech.txt": support}, "tech.txt",
			[]string{"tech.txt:2: r7: show version", "tech.txt:6: r7: show interface", "tech.txt:8: left: not a known read"}},
		{"an archive", map[string]string{"group/r1": config("r1"), "group/r2": config("core-2"), "router.db": "r1:frr:up\n", ".git/HEAD": "ref\n"}, "",
			[]string{".git: left", "group/r1: r1: show running-config", "group/r2: core-2: show running-config", "router.db: left"}},
		{"a Batfish snapshot", map[string]string{"configs/r1.cfg": config("r1"), "hosts/h1.json": "{}"}, "",
			[]string{"configs/r1.cfg: r1: show running-config", "hosts/h1.json: left: of a Batfish"}},
		{"a containerlab lab", map[string]string{"topology-data.json": "{}", "r1/config/frr.conf": config("other"), "r1/tls/key": "x"}, "",
			[]string{"topology-data.json: left", "r1/config/frr.conf: r1: show running-config", "r1/tls/key: left"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir, out := plant(t, c.files), filepath.Join(t.TempDir(), "rec")
			o := options(t)
			account, err := Import(filepath.Join(dir, c.src), out, o)
			if err != nil {
				t.Fatal(err)
			}
			var lines []string
			for _, i := range account {
				lines = append(lines, i.String())
			}
			all := "\n" + strings.Join(lines, "\n")
			for _, w := range c.want {
				if !strings.Contains(all, "\n"+w) {
					t.Errorf("the account lacks %q:%s", w, all)
				}
			}
			check(t, out, o, account)
		})
	}
}

// check replays what was imported: every query that the account names has an
// answer, and no secret is on the disk.
func check(t *testing.T, dir string, o Options, account []Item) {
	t.Helper()
	rec, err := devices.Replay(dir, devices.Replaying{Platforms: o.Platforms})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rec.Close() }()
	if faults := rec.Damage(); len(faults) > 0 {
		t.Errorf("faults: %v", faults)
	}
	for _, i := range account {
		if i.Query == "" || i.Left != "" {
			continue
		}
		d, _ := rec.Inventory().Find(i.Device)
		q, err := o.Platforms[d.Platform].Show(i.Query)
		if err != nil {
			t.Errorf("%s: %v", i, err)
			continue
		}
		got, err := rec.Fetch(context.Background(), i.Device, q)
		if err != nil || strings.Contains(got.Output, "hunter2") || strings.Contains(got.Output, "--More--") {
			t.Errorf("%s: %q, %v", i, got.Output, err)
		}
	}
}

func TestImportNothing(t *testing.T) {
	dir := plant(t, map[string]string{"a.bin": "\x00\x01", "b.txt": "just words\n"})
	account, err := Import(dir, filepath.Join(t.TempDir(), "rec"), options(t))
	if err == nil || len(account) != 2 {
		t.Errorf("got %v, %v", account, err)
	}
	if _, err := Import(dir, t.TempDir(), Options{}); err == nil {
		t.Error("imports without a redactor")
	}
}

// TestImportStaysInside plants a link to a configuration outside the source.
func TestImportStaysInside(t *testing.T) {
	outside := plant(t, map[string]string{"r9": config("r9")})
	dir := plant(t, map[string]string{"r1": config("r1")})
	if err := os.Symlink(filepath.Join(outside, "r9"), filepath.Join(dir, "r9")); err != nil {
		t.Fatal(err)
	}
	account, err := Import(dir, filepath.Join(t.TempDir(), "rec"), options(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range account {
		if i.File == "r9" && i.Left == "" {
			t.Errorf("followed a link out of the source: %s", i)
		}
	}
}

// FuzzSplit cuts any text without a panic, and loses no line of an output.
func FuzzSplit(f *testing.F) {
	f.Add(frrLog)
	f.Add(support)
	f.Add("r1#show version\n>\n#\n")
	s, err := loadSigns()
	if err != nil {
		f.Fatal(err)
	}
	known := func(c string) bool { return strings.HasPrefix(c, "sh") || strings.HasPrefix(c, "ip") }
	f.Fuzz(func(t *testing.T, text string) {
		parts, preamble := split(text, s, known)
		n := strings.Count(preamble, "\n")
		for _, p := range parts {
			n += strings.Count(p.output, "\n") + 1
		}
		if lines := strings.Count(text, "\n"); n > lines+1 || len(parts) > lines+1 {
			t.Errorf("%d lines became %d", lines, n)
		}
	})
}
