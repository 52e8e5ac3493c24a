package policies

import (
	"fmt"
	"strings"
	"testing"
)

// FuzzRedact holds for any text: no panic, the number of lines stays, and a
// redacted text is redacted to itself.
func FuzzRedact(f *testing.F) {
	f.Add("frr", " neighbor 10.0.0.1 password 7 094F471A1A0A\r\n")
	f.Add("", "a\x1b[31m password \b\b=x\\\n  y\n\"password\": \"a\\\"b\"")
	f.Add("", "-----BEGIN PRIVATE KEY-----\nabc")
	f.Add("", "<a><password>x</password></a>")
	f.Add("", strings.Repeat("p", 78)+"\npassword x1\n\"")
	r := newTestRedactor(f)
	f.Fuzz(func(t *testing.T, platform, text string) {
		once := r.Redact(platform, text)
		if strings.Count(text, "\n") != strings.Count(once, "\n") {
			t.Errorf("lines changed: %q -> %q", text, once)
		}
		if twice := r.Redact(platform, once); twice != once {
			t.Errorf("not idempotent: %q -> %q -> %q", text, once, twice)
		}
	})
}

// config returns a configuration of about n bytes, a secret in each thirtieth line.
func config(n int) string {
	var b strings.Builder
	for i := 0; b.Len() < n; i++ {
		fmt.Fprintf(&b, "interface eth%d\n description to r%d, port %d\n ip address 10.%d.%d.1/24\n ip ospf area 0.0.0.%d\n", i, i, i, i%250, i%199, i%7)
		fmt.Fprintf(&b, " ip ospf network point-to-point\n!\nip prefix-list P%d seq 5 permit 10.%d.0.0/16 le 24\n", i, i%250)
		if i%5 == 0 {
			fmt.Fprintf(&b, " neighbor 10.0.0.%d password secret%d\n neighbor 10.0.0.%d remote-as 65001\n", i%250, i%100, i%250)
		}
	}
	return b.String()
}

// BenchmarkRedact reads a 10 MB configuration, and the same as one JSON line.
func BenchmarkRedact(b *testing.B) {
	r := newTestRedactor(b)
	text := config(10 << 20)
	var json strings.Builder
	json.WriteString(`{"a":[`)
	for json.Len() < 10<<20 {
		json.WriteString(`{"interface":"eth1","mtu":1500,"oper-status":"UP","peer":{"address":"10.0.0.1","password":"s3cret","as":65001}},`)
	}
	for name, t := range map[string]string{"config": text, "json": json.String(), "plain": strings.Repeat("10.0.0.0/24 via 10.1.1.1 dev eth1 proto ospf metric 20\n", 200000)} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(t)))
			for b.Loop() {
				r.Redact("frr", t)
			}
		})
	}
}
