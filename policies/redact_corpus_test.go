package policies

import (
	"bufio"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// marked matches a secret in a line of testdata/secrets.
var marked = regexp.MustCompile(`\{\{(.*?)\}\}`)

// secretLines reads a file of testdata/secrets: lines as their platform writes
// them, by hand, with each secret in {{ }}.
func secretLines(t *testing.T, file string) (lines []string) {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for scan := bufio.NewScanner(f); scan.Scan(); {
		lines = append(lines, scan.Text())
	}
	return lines
}

// TestSecretsGo redacts each line of the corpora as it is, among others, with
// its platform known and not, and in the ways in which a line reaches netsonde.
func TestSecretsGo(t *testing.T) {
	r := newTestRedactor(t)
	files, err := filepath.Glob("testdata/secrets/*.txt")
	if err != nil || len(files) < len(load(t)) {
		t.Fatalf("%d corpora, %v", len(files), err)
	}
	for _, file := range files {
		platform := strings.TrimSuffix(filepath.Base(file), ".txt")
		if platform == "stays" {
			continue
		}
		var all []string
		for _, line := range secretLines(t, file) {
			secrets := marked.FindAllStringSubmatch(line, -1)
			plain := marked.ReplaceAllString(line, "$1")
			all = append(all, plain)
			for form, text := range map[string]string{
				"alone": plain, "with CRLF": "x\r\n" + plain + "\r\ny\r\n", "coloured": "\x1b[32m" + plain + "\x1b[0m",
				"in a diff": "+" + plain, "behind a prompt": "r1(config)#" + strings.TrimLeft(plain, " "),
			} {
				if form == "behind a prompt" && (strings.HasPrefix(plain, " ") || platform == "linux") {
					continue // what its line is part of is not on it; files have no prompts
				}
				for _, p := range []string{platform, ""} {
					got := r.Redact(p, text)
					for _, s := range secrets {
						if strings.Contains(got, s[1]) {
							t.Errorf("%s, %s, platform %q: %q keeps %q", file, form, p, got, s[1])
						}
					}
					if form == "alone" && len(secrets) == 0 && got != text {
						t.Errorf("%s: %q holds no secret, and became %q", file, text, got)
					}
				}
			}
		}
		whole := strings.Split(r.Redact(platform, strings.Join(all, "\n")), "\n")
		for i, line := range secretLines(t, file) {
			for _, s := range marked.FindAllStringSubmatch(line, -1) {
				if i >= len(whole) || strings.Contains(whole[i], s[1]) {
					t.Errorf("%s:%d: the whole keeps %q", file, i+1, s[1])
				}
			}
		}
	}
}

// TestWhatOnlyLooksLikeASecretStays holds the redactor to what it must leave.
func TestWhatOnlyLooksLikeASecretStays(t *testing.T) {
	r := newTestRedactor(t)
	for i, line := range secretLines(t, "testdata/secrets/stays.txt") {
		if got := r.Redact("", line); got != line {
			t.Errorf("stays.txt:%d: %q became %q", i+1, line, got)
		}
	}
}
