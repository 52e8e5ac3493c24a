package main

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"strings"
	"testing"
)

const module = "github.com/netsonde/netsonde/"

// layers, from the ground up: a package imports only its own layer's packages
// below it in this list, or those of lower layers.
var layers = []string{"policies", "devices", "tools", "agent", "cmd"}

// homes says where a third-party module may be imported, and why only there.
var homes = map[string][]string{
	"github.com/scrapli/scrapligo":          {"devices/ssh"},                                    // it can leave exec mode: fenced
	"github.com/openconfig/gnmic":           {"devices/gnmi", "devices/lab", "devices/standin"}, // its target can Set: fenced
	"google.golang.org/grpc":                {"devices/gnmi", "devices/lab", "devices/standin"},
	"github.com/openconfig/gnmi":            {"devices/gnmi", "devices/lab", "devices/standin"},
	"github.com/expr-lang/expr":             {"policies"},
	"github.com/sashabaranov/go-openai":     {"agent/openai"},
	"github.com/hashicorp/go-retryablehttp": {"agent/openai", "agent/notify"},
	"github.com/wneessen/go-mail":           {"agent/notify"},
	"modernc.org/sqlite":                    {"agent/history"},
	"github.com/vishvananda/netlink":        {"devices/lab", "cmd/sondelab"}, // writes to the kernel
	"github.com/vishvananda/netns":          {"devices/lab", "cmd/sondelab"},
	"github.com/chromedp":                   {}, // tests alone
	"github.com/prometheus/client_golang":   {"cmd/netsonde/page"},
	"go.opentelemetry.io/otel":              {"cmd/netsonde"},
	"github.com/spf13/cobra":                {"cmd"},
	"github.com/goccy/go-yaml":              {"cmd", "devices", "policies"},
}

type pkg struct {
	ImportPath                         string
	Imports, TestImports, XTestImports []string
}

func packages(t *testing.T) []pkg {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports,TestImports,XTestImports", "../../...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var ps []pkg
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p pkg
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return ps
		} else if err != nil {
			t.Fatal(err)
		}
		ps = append(ps, p)
	}
}

// rank is the layer of a package of ours; -1 for others.
func rank(path string) int {
	rest, ours := strings.CutPrefix(path, module)
	if !ours {
		return -1
	}
	top, _, _ := strings.Cut(rest, "/")
	for i, l := range layers {
		if l == top {
			return i
		}
	}
	return len(layers)
}

func TestImportsPointDown(t *testing.T) {
	for _, p := range packages(t) {
		from := rank(p.ImportPath)
		if from == len(layers) {
			t.Errorf("%s stands outside the fixed layers %v", p.ImportPath, layers)
		}
		for _, imp := range p.Imports {
			if to := rank(imp); to > from {
				t.Errorf("%s imports %s: imports point from cmd down to policies", p.ImportPath, imp)
			}
			lab := module + "devices/lab"
			if (imp == lab || strings.HasPrefix(imp, lab+"/")) && !strings.HasPrefix(p.ImportPath, lab) && p.ImportPath != module+"cmd/sondelab" {
				t.Errorf("%s imports the lab: only sondelab may", p.ImportPath)
			}
		}
		if strings.HasPrefix(p.ImportPath, module+"devices/state") || p.ImportPath == module+"policies" {
			for _, imp := range p.Imports {
				if rank(imp) >= 0 {
					t.Errorf("%s imports %s: it is a leaf", p.ImportPath, imp)
				}
			}
		}
	}
}

func TestThirdPartyModulesStayAtHome(t *testing.T) {
	for _, p := range packages(t) {
		where := strings.TrimPrefix(p.ImportPath, module)
		for _, imp := range p.Imports {
			for mod, allowed := range homes {
				if imp != mod && !strings.HasPrefix(imp, mod+"/") {
					continue
				}
				if !within(where, allowed) {
					t.Errorf("%s imports %s, whose home is %v", where, imp, allowed)
				}
			}
		}
	}
}

func within(where string, allowed []string) bool {
	for _, a := range allowed {
		if where == a || strings.HasPrefix(where, a+"/") {
			return true
		}
	}
	return false
}
