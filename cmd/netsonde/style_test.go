package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
)

const (
	mostFileLines = 400
	mostFuncLines = 70
)

// source is one parsed Go file of the project.
type source struct {
	path string // from the top of the repository
	fset *token.FileSet
	file *ast.File
}

func sources(t *testing.T) []source {
	t.Helper()
	var out []source
	err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (strings.HasPrefix(d.Name(), ".") && len(d.Name()) > 2 || d.Name() == "testdata") {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(path, ".go") {
			return nil
		}
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, path, nil, parser.ParseComments)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel("../..", path)
		out = append(out, source{filepath.ToSlash(rel), fset, f})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestFilesAndFunctionsStaySmall(t *testing.T) {
	for _, s := range sources(t) {
		if n := s.fset.File(s.file.Pos()).LineCount(); n > mostFileLines {
			t.Errorf("%s has %d lines: split it by noun", s.path, n)
		}
		for _, d := range s.file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok {
				if n := s.fset.Position(f.End()).Line - s.fset.Position(f.Pos()).Line + 1; n > mostFuncLines {
					t.Errorf("%s: %s has %d lines", s.path, f.Name.Name, n)
				}
				if f.Name.Name == "init" {
					t.Errorf("%s: init runs before anyone asked", s.path)
				}
			}
		}
	}
}

func TestPackagesSayWhatTheyAre(t *testing.T) {
	documented, dirs := map[string]bool{}, map[string]string{}
	for _, s := range sources(t) {
		if strings.HasSuffix(s.path, "_test.go") {
			continue
		}
		dir := filepath.Dir(s.path)
		dirs[dir] = s.file.Name.Name
		documented[dir] = documented[dir] || s.file.Doc != nil
	}
	for dir, name := range dirs {
		if !documented[dir] {
			t.Errorf("package %s has no doc comment", dir)
		}
		switch name {
		case "util", "utils", "common", "helpers", "types", "models", "interfaces", "core", "base", "manager", "service", "handlers", "api", "internal", "pkg", "docs":
			t.Errorf("package name %s says nothing (%s)", name, dir)
		}
	}
}

// below cmd nothing prints, exits, reads the environment or defines flags.
var cmdOnly = map[string][]string{
	"fmt": {"Print", "Println", "Printf"},
	"os":  {"Exit", "Getenv", "LookupEnv", "Environ", "Stdout", "Stderr", "Stdin", "Args"},
	"log": {"Print", "Println", "Printf", "Fatal", "Fatalf", "Panic"},
}

func TestOnlyCmdTouchesTheProcess(t *testing.T) {
	for _, s := range sources(t) {
		if strings.HasPrefix(s.path, "cmd/") || strings.HasSuffix(s.path, "_test.go") {
			continue
		}
		for _, imp := range s.file.Imports {
			if p := strings.Trim(imp.Path.Value, `"`); p == "flag" || p == "github.com/spf13/pflag" {
				t.Errorf("%s imports %s", s.path, p)
			}
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			sel, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if x, ok := sel.X.(*ast.Ident); ok {
				for _, name := range cmdOnly[x.Name] {
					if sel.Sel.Name == name {
						t.Errorf("%s: %s.%s belongs in cmd", s.fset.Position(n.Pos()), x.Name, name)
					}
				}
			}
			return true
		})
	}
}
