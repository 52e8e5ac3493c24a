package policies

import (
	"regexp"
	"strings"
	"testing"
)

var anyTag = regexp.MustCompile(`<(?:key|hash)#[0-9a-f]{16}>`)

// TestDecode reads encodings whose plain text is public: Cisco's of "cisco",
// Junos's of "lc" (both from their decoders' documentation).
func TestDecode(t *testing.T) {
	if got, ok := decodeType7("094F471A1A0A"); !ok || got != "cisco" {
		t.Errorf("type 7: %q, %v", got, ok)
	}
	if got, ok := decodeJunos("$9$LbHX-wg4Z"); !ok || got != "lc" {
		t.Errorf("$9$: %q, %v", got, ok)
	}
	for _, bad := range []string{"", "0", "09", "094", "xx4F471A1A0A", "094F471A1A0", "99zz"} {
		if got, ok := decodeType7(bad); ok {
			t.Errorf("type 7 %q: %q", bad, got)
		}
	}
	for _, bad := range []string{"$9$", "$9$L", "$9$LbHX-wg4", "$9$\x00\xff"} {
		if got, ok := decodeJunos(bad); ok {
			t.Errorf("$9$ %q: %q", bad, got)
		}
	}
}

// TestTagsCompare holds two ends of a session against each other, each in the
// encoding of its platform.
func TestTagsCompare(t *testing.T) {
	r := newTestRedactor(t)
	tags := func(text string) []string { return anyTag.FindAllString(r.Redact("", text), -1) }
	same := tags("neighbor 10.0.0.1 password 7 094F471A1A0A\nneighbor 10.0.0.2 password cisco\n authentication-key \"cisco\";\n")
	if len(same) != 3 || same[0] != same[1] || same[1] != same[2] || !strings.HasPrefix(same[0], "<key#") {
		t.Errorf("equal secrets: %v", same)
	}
	other := tags("neighbor 10.0.0.1 password 7 094F471A1A0A\nneighbor 10.0.0.2 password Cisco\n")
	if len(other) != 2 || other[0] == other[1] {
		t.Errorf("different secrets: %v", other)
	}
	hashed := tags("enable secret 5 $1$mERr$hx5rVt7rPNoS4wqbXKX7m0\n")
	if len(hashed) != 1 || !strings.HasPrefix(hashed[0], "<hash#") {
		t.Errorf("a hash: %v", hashed)
	}
	salted, err := NewRedactor(Files, []byte("another salt of 16+"))
	if err != nil {
		t.Fatal(err)
	}
	if got := anyTag.FindString(salted.Redact("", "neighbor 10.0.0.1 password cisco")); got == same[0] {
		t.Error("another installation gives the same tag")
	}
	if _, err := NewRedactor(Files, []byte("short")); err == nil {
		t.Error("takes a salt of 5 bytes")
	}
}

// TestWrapped cuts a line at the widths of terminals: no part of a secret
// stays, and its tag is that of the whole.
func TestWrapped(t *testing.T) {
	r := newTestRedactor(t)
	auth, priv := "0x0123456789abcdef0123456789abcdef01234567", "0xfedcba9876543210fedcba9876543210"
	line := "snmp-server user ops network-admin auth sha " + auth + " priv aes-128 " + priv + " localizedkey"
	whole := anyTag.FindAllString(r.Redact("", line), -1)
	for _, width := range []int{79, 80, 119, 120} {
		for _, eol := range []string{"\n", "\r\n"} {
			text := line[:width] + eol + line[width:] + eol + "next line" + eol
			got := r.Redact("", text)
			if strings.Contains(got, "cdef") || strings.Contains(got, "3210") || !strings.Contains(got, eol+"next line") {
				t.Errorf("at %d: %q", width, got)
			}
			for _, tag := range anyTag.FindAllString(got, -1) {
				if tag != whole[0] && tag != whole[1] {
					t.Errorf("at %d: the tag %s is of a part: %q", width, tag, got)
				}
			}
		}
	}
}

// TestMarks puts a terminal's marks into the middle of a line.
func TestMarks(t *testing.T) {
	r := newTestRedactor(t)
	for _, line := range []string{
		"neighbor 10.0.0.1 pass\x1b[31mword s3cr\x1b[0met\x1b[K",
		" --More-- \b\b\b\b\b\b\b\b\b\b          \b\b\b\b\b\b\b\b\b\b neighbor 10.0.0.1 password s3cret",
		"neighbor 10.0.0.1 passwordd\b s3cret\r",
		"\x1b]8;;http://x\x07neighbor 10.0.0.1 password s3cret",
		`{"out": "a\nneighbor 10.0.0.1 password s3cret\nb"}`,
		`<rpc-reply><o>neighbor 10.0.0.1 password &quot;s3cret&quot;</o></rpc-reply>`,
	} {
		got := r.Redact("", line)
		if strings.Contains(got, "s3cr") || strings.Contains(got, "cret") || !strings.Contains(got, "10.0.0.1") {
			t.Errorf("%q became %q", line, got)
		}
	}
}

// TestEchoes removes a secret that was found once from the rest of the text.
func TestEchoes(t *testing.T) {
	r := newTestRedactor(t)
	got := r.Redact("", "neighbor 10.0.0.1 password Hunter22x\nlog: ops typed Hunter22x twice; xHunter22xy is a word\n")
	if strings.Count(got, "Hunter22x") != 1 {
		t.Errorf("got %q", got)
	}
	got = r.Knowing("login-pw").Redact("", "ops typed login-pw; login-pwd stays")
	if strings.Contains(got, "login-pw;") || !strings.Contains(got, "login-pwd") {
		t.Errorf("got %q", got)
	}
}
