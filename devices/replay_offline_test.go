package devices

import (
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"testing"
)

// TestReplayOpensNoSocket reads the imports of what replays: nothing in it can
// reach a network. (net/netip holds addresses only.)
func TestReplayOpensNoSocket(t *testing.T) {
	files, err := filepath.Glob("re[cp]*.go")
	if err != nil || len(files) < 8 {
		t.Fatalf("found %v, %v", files, err)
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, imp := range f.Imports {
			switch p := strings.Trim(imp.Path.Value, `"`); {
			case p == "net/netip":
			case p == "net", strings.HasPrefix(p, "net/"), strings.HasPrefix(p, "golang.org/x/"), strings.Contains(p, "/devices/"), p == "os/exec", p == "syscall":
				t.Errorf("%s imports %s", name, p)
			}
		}
	}
}
