package main

import (
	"embed"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/netsonde/netsonde/devices"
	"github.com/netsonde/netsonde/policies"
	"github.com/netsonde/netsonde/tools"
)

// ruleFiles is the embedded policy with rule files of the operator's beside
// its own. Those are called by their own paths, which is how a fault in one is
// told.
type ruleFiles struct {
	embed.FS
	own   []string
	named []string // those of own that the command line names
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

// ruleFiles lists the rule files that ship and those of the directories that
// the configuration names. A relative one stands beside the configuration file.
func (cfg Config) ruleFiles() (ruleFiles, error) {
	files := ruleFiles{FS: policies.Files}
	for _, dir := range cfg.Rules.Directories {
		found, err := filepath.Glob(filepath.Join(cfg.beside(dir), "*.yaml"))
		if err != nil {
			return files, usagef("rules: %s: %w", dir, err)
		}
		if len(found) == 0 {
			return files, hint(usagef("rules: %s holds no file *.yaml", cfg.beside(dir)), "it is named in "+or(cfg.origin, "the configuration")+"; a file has a list rules:, as those in policies/rules")
		}
		files.own = append(files.own, found...)
	}
	return files, nil
}

// beside makes a path of the configuration one of the working directory: a
// relative one starts at the folder of the configuration file.
func (cfg Config) beside(path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(filepath.Dir(cfg.origin), path)
}

// name adds rule files, or the folders of such, that the command line names.
func (r *ruleFiles) name(paths []string) error {
	for _, p := range paths {
		info, err := os.Stat(p)
		if err != nil {
			return usagef("rules: %w", err)
		}
		found := []string{p}
		if info.IsDir() {
			if found, err = filepath.Glob(filepath.Join(p, "*.yaml")); err != nil || len(found) == 0 {
				return usagef("rules: %s holds no file *.yaml", p)
			}
		}
		for _, f := range found {
			if !slices.Contains(r.own, f) {
				r.own = append(r.own, f)
			}
			r.named = append(r.named, f)
		}
	}
	return nil
}

// ruleBook loads the rules that ship, those of the configuration and those of
// the named files and folders: all of them, those that are switched off too.
func (c *console) ruleBook(paths []string) (Config, []policies.Rule, ruleFiles, error) {
	cfg, err := c.loadConfig()
	if err != nil {
		return cfg, nil, ruleFiles{}, err
	}
	files, err := cfg.ruleFiles()
	if err != nil {
		return cfg, nil, files, err
	}
	if err := files.name(paths); err != nil {
		return cfg, nil, files, err
	}
	rules, err := tools.LoadRules(files)
	if err != nil {
		return cfg, nil, files, &usageError{err}
	}
	rules, err = cfg.Rules.tuned(rules)
	return cfg, rules, files, cfg.fault(err)
}

// loadRules reads the rules that are to be held against a network: those that
// ship and the operator's, without those that are switched off, with the
// thresholds of the devices of inv.
func (cfg Config) loadRules(inv *devices.Inventory) ([]policies.Rule, error) {
	files, err := cfg.ruleFiles()
	if err != nil {
		return nil, err
	}
	rules, err := tools.LoadRules(files)
	if err != nil {
		return nil, &usageError{err}
	}
	if rules, err = cfg.Rules.tuned(rules); err != nil {
		return nil, cfg.fault(err)
	}
	if err := cfg.Thresholds.limit(rules, inv); err != nil {
		return nil, cfg.fault(err)
	}
	return slices.DeleteFunc(rules, func(r policies.Rule) bool { return slices.Contains(cfg.Rules.Off, r.ID) }), nil
}
