package report

import (
	"strings"
	"testing"
)

func TestMarkdown(t *testing.T) {
	golden(t, "testdata/report.md", []byte(Markdown(sample())))
}

func TestMarkdownIsInert(t *testing.T) {
	hostile := "x](http://evil.example) ![i](//evil.example/i.png) <img src=//evil.example> [a]: http://evil.example\n# heading\n```\nout"
	r := sample()
	r.Summary, r.RuledOut = hostile, []string{hostile}
	f := &r.Findings[0]
	f.Title, f.Explanation, f.Remedy, f.Symptoms, f.Evidence[0].Quote = hostile, hostile, hostile, []string{hostile}, hostile
	f.Evidence[0].Device, f.Evidence[0].Query = hostile, hostile
	inCode := ""
	for _, line := range strings.Split(Markdown(r), "\n") {
		text := strings.TrimSpace(line)
		if fence := text[:len(text)-len(strings.TrimLeft(text, "`"))]; len(fence) >= 3 && fence == text && (inCode == "" || len(fence) >= len(inCode)) {
			if inCode == "" {
				inCode = fence
			} else {
				inCode = ""
			}
			continue
		}
		if inCode != "" {
			continue
		}
		if strings.HasPrefix(text, "# heading") {
			t.Errorf("a heading of its own: %q", line)
		}
		words := strings.ReplaceAll(stripCode(line), `\]`, "")
		for _, bad := range []string{"](", "<img", "http://", "!["} {
			if strings.Contains(words, bad) {
				t.Errorf("%q stands live in %q", bad, line)
			}
		}
	}
	if inCode != "" {
		t.Error("a code block was left open")
	}
}

// stripCode takes inline code out of a line.
func stripCode(line string) string {
	for {
		start := strings.Index(line, "`")
		if start < 0 {
			return line
		}
		fence := line[start : start+len(line[start:])-len(strings.TrimLeft(line[start:], "`"))]
		end := strings.Index(line[start+len(fence):], fence)
		if end < 0 {
			return line
		}
		line = line[:start] + line[start+len(fence)+end+len(fence):]
	}
}
