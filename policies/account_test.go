package policies

import (
	"strings"
	"testing"
	"time"
)

func TestPrivilegeAndClockReadsAreAllowed(t *testing.T) {
	for name, p := range load(t) {
		if _, err := p.PrivilegeRead("netops"); err != nil && err != ErrNoRead {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := p.ClockRead(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		recipe, err := p.Recipe()
		if err != nil || !strings.HasPrefix(recipe, "# A read-only account") {
			t.Errorf("%s: recipe: %v", name, err)
		}
	}
}

// The answers are written by hand, after the vendors' references.
func TestCouldWrite(t *testing.T) {
	ps := load(t)
	for _, c := range []struct{ platform, answer, want string }{
		{"cisco_iosxe", "Current privilege level is 15\n", "privilege level is 15"},
		{"cisco_iosxe", "Current privilege level is 1\n", ""},
		{"arista_eos", "Current privilege level is 15\n", "privilege level is 15"},
		{"cisco_nxos", "user:netops\n        this user account has no expiry date\n        roles:network-operator\n", ""},
		{"cisco_nxos", "user:netops\n        roles:network-admin vdc-admin\n", "network-admin"},
		{"cisco_iosxr", "Task:                  bgp  : READ\nTask:                 ospf  : READ\n", ""},
		{"cisco_iosxr", "Task:                  bgp  : READ    WRITE    EXECUTE\n", "Task: bgp : READ WRITE"},
		{"juniper_junos", "Current user: 'netops' login class 'read-only'\nPermissions:\n    view        -- Can view current values and statistics\n    view-configuration-- Can view all configuration\n", ""},
		{"juniper_junos", "Current user: 'netops' class 'x'\nPermissions:\n    clear       -- Can clear learned network information\n    configure   -- Can enter configuration mode\n", "configure -- Can enter configuration mode"},
		{"juniper_junos", "Current user: 'lab' login class 'super-user'\n", "login class 'super-user'"},
		{"frr", "uid=1001(netops) gid=1001(netops) groups=1001(netops),4(adm)\n", ""},
		{"frr", "uid=1001(netops) gid=1001(netops) groups=1001(netops),4(adm),102(frrvty)\n", "102(frrvty)"},
		{"linux", "uid=0(root) gid=0(root) groups=0(root)\n", "uid=0(root)"},
		{"cumulus_nvue", "uid=1001(n) gid=1001(n) groups=1001(n),998(nvshow)\n", ""},
		{"mikrotik_routeros", "Flags: R - RADIUS\n 0   when=2026-11-23 10:00:00 name=\"netops\" address=192.0.2.9 via=ssh group=read\n", ""},
		{"mikrotik_routeros", " 0   name=\"admin\" address=192.0.2.9 via=ssh group=full\n", "group=full"},
	} {
		r, err := ps[c.platform].PrivilegeRead("netops")
		if err != nil {
			t.Fatal(err)
		}
		if got := r.CouldWrite(c.answer); got != c.want {
			t.Errorf("%s: %q: %q, want %q", c.platform, c.answer, got, c.want)
		}
	}
}

func TestSkew(t *testing.T) {
	ps := load(t)
	now := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		platform, answer string
		want             time.Duration
		exact            bool
	}{
		{"cisco_iosxe", "*10:00:07.123 UTC Mon Nov 23 2026\n", 7 * time.Second, true},
		{"cisco_iosxe", "11:00:07.123 CET Mon Nov 23 2026\n", 7 * time.Second, false},
		{"cisco_nxos", "Time source is NTP\n09:59:50.000 UTC Mon Nov 23 2026\n", -10 * time.Second, true},
		{"cisco_iosxr", "Mon Nov 23 10:00:00.000 UTC\n10:00:07.000 UTC Mon Nov 23 2026\n", 7 * time.Second, true},
		{"arista_eos", "Mon Nov 23 10:00:07 2026\nTimezone: UTC\nClock source: NTP server\n", 7 * time.Second, true},
		{"juniper_junos", "Current time: 2026-11-23 10:00:07 UTC\nTime Source:  NTP CLOCK\n", 7 * time.Second, true},
		{"nokia_sros", "Current Date & Time : 2026/11/23 11:00:07\n", 7 * time.Second, false},
		{"frr", "1795428007\n", 7 * time.Second, true},
		{"mikrotik_routeros", "  time: 11:00:07\n  date: 2026-11-23\n  time-zone-name: Europe/Vienna\n  gmt-offset: +01:00\n", 7 * time.Second, true},
		{"huawei_vrp", "2026-11-23 11:00:07+01:00\nMonday\n", 7 * time.Second, true},
		{"nokia_srlinux", "Mon Nov 23 10:00:07 UTC 2026\n", 7 * time.Second, true},
	} {
		r, err := ps[c.platform].ClockRead()
		if err != nil {
			t.Fatal(err)
		}
		got, exact, err := r.Skew(c.answer, now)
		if err != nil || got != c.want || exact != c.exact {
			t.Errorf("%s: %q: %s, %v, %v; want %s, %v", c.platform, c.answer, got, exact, err, c.want, c.exact)
		}
	}
}
