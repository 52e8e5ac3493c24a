package main

import (
	"embed"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/netsonde/netsonde/policies"
	"github.com/netsonde/netsonde/tools"
)

// ruleFiles is the embedded policy with rule files of the operator's beside
// its own. Those are called by their own paths, which is how a fault in one is
// told.
type ruleFiles struct {
	embed.FS
	own []string
}

// Glob lists the operator's files after the embedded ones.
func (r ruleFiles) Glob(pattern string) ([]string, error) {
	names, err := fs.Glob(r.FS, pattern)
	return append(names, r.own...), err
}

// ReadFile reads an embedded file, or one of the operator's.
func (r ruleFiles) ReadFile(name string) ([]byte, error) {
	if slices.Contains(r.own, name) {
		return os.ReadFile(name)
	}
	return r.FS.ReadFile(name)
}

// loadRules reads the rules that ship and those of the directories that the
// configuration names. A relative one stands beside the configuration file.
func (cfg Config) loadRules() ([]policies.Rule, error) {
	files := ruleFiles{FS: policies.Files}
	for _, dir := range cfg.Rules {
		if !filepath.IsAbs(dir) {
			dir = filepath.Join(filepath.Dir(cfg.origin), dir)
		}
		found, err := filepath.Glob(filepath.Join(dir, "*.yaml"))
		if err != nil {
			return nil, usagef("rules: %s: %w", dir, err)
		}
		if len(found) == 0 {
			return nil, hint(usagef("rules: %s holds no file *.yaml", dir), "it is named in "+or(cfg.origin, "the configuration")+"; a file has a list rules:, as those in policies/rules")
		}
		files.own = append(files.own, found...)
	}
	rules, err := tools.LoadRules(files)
	if err != nil && len(files.own) > 0 {
		return nil, &usageError{err}
	}
	return rules, err
}
