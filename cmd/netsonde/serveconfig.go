package main

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/netsonde/netsonde/policies"
)

// A ScheduleConfig is one entry of the section "schedules": when to run, on
// what, with which rules, and whom to tell. What it leaves empty is as the
// configuration has it for all.
type ScheduleConfig struct {
	Cron     string        `yaml:"cron"`     // minute hour day month weekday, or @daily and its like
	Timezone string        `yaml:"timezone"` // of cron: Europe/Berlin; default: the machine's
	Every    time.Duration `yaml:"every"`    // in the place of cron
	Jitter   time.Duration `yaml:"jitter"`   // wait up to this long before a run
	Deadline time.Duration `yaml:"deadline"` // what is not read by then is not evaluated; default limits.time

	Inventory string   `yaml:"inventory"` // relative to the configuration file
	Limit     string   `yaml:"limit"`     // names, globs, groups, !exclusions
	Groups    []string `yaml:"groups"`

	Rules      []string         `yaml:"rules"`      // ids or patterns; default: all
	Thresholds ThresholdsConfig `yaml:"thresholds"` // over those of the configuration
	FailOn     string           `yaml:"fail_on"`    // least severity by which a run counts as failed; default minor
	Model      string           `yaml:"model"`
	Receivers  []string         `yaml:"receivers"` // of notify.receivers
}

// shortestInterval is how often a schedule may run: devices are to be spared.
const shortestInterval = time.Second

// faults says what is wrong with the schedule at path, as far as it can be
// told without reading another file.
func (s ScheduleConfig) faults(path string, receivers []string) []error {
	var out []error
	fault := func(field, format string, args ...any) {
		out = append(out, faultAt(path+"."+field, format, args...))
	}
	switch {
	case s.Cron == "" && s.Every == 0:
		out = append(out, faultAt(path, "it says neither cron: nor every:, so it would never run"))
	case s.Cron != "" && s.Every != 0:
		fault("every", "cron: stands here as well: leave out one")
	case s.Cron == "" && s.Every < shortestInterval:
		fault("every", "%s is too short: %s at least", s.Every, shortestInterval)
	case s.Every != 0 && s.Timezone != "":
		fault("timezone", "an interval has no time zone")
	default:
		if _, err := newTimetable(s.Cron, s.Timezone, s.Every); err != nil {
			field := "cron"
			if strings.Contains(err.Error(), "time zone:") {
				field = "timezone"
			}
			fault(field, "%w", err)
		}
	}
	for field, d := range map[string]time.Duration{"jitter": s.Jitter, "deadline": s.Deadline} {
		if d < 0 {
			fault(field, "%s is not positive", d)
		}
	}
	if s.Every > 0 && s.Jitter >= s.Every {
		fault("jitter", "%s is not shorter than the interval", s.Jitter)
	}
	if s.FailOn != "" {
		if _, err := policies.ParseSeverity(s.FailOn); err != nil {
			fault("fail_on", "%w", err)
		}
	}
	for i, r := range s.Receivers {
		if !slices.Contains(receivers, r) {
			known := "notify.receivers has none"
			if len(receivers) > 0 {
				known = "notify.receivers has " + strings.Join(receivers, ", ")
			}
			fault(fmt.Sprintf("receivers[%d]", i), "no receiver is called %q%s (%s)", r, policies.Nearest(r, receivers), known)
		}
	}
	return out
}

// scheduleFaults says what is wrong with the section "schedules".
func (cfg Config) scheduleFaults() error {
	receivers := slices.Sorted(maps.Keys(cfg.Notify.Receivers))
	var out []error
	for _, name := range slices.Sorted(maps.Keys(cfg.Schedules)) {
		out = append(out, cfg.Schedules[name].faults("schedules."+name, receivers)...)
	}
	return errors.Join(out...)
}

// of returns the configuration as it holds for a schedule.
func (cfg Config) of(s ScheduleConfig) Config {
	if s.Deadline > 0 {
		cfg.Limits.Time = s.Deadline
	}
	if s.Model != "" {
		cfg.Model = s.Model
	}
	if len(s.Thresholds) > 0 {
		all := ThresholdsConfig{}
		for _, t := range []ThresholdsConfig{cfg.Thresholds, s.Thresholds} {
			for who, limits := range t {
				if all[who] == nil {
					all[who] = map[string]float64{}
				}
				maps.Copy(all[who], limits)
			}
		}
		cfg.Thresholds = all
	}
	return cfg
}

// flags are what a schedule would say on a command line.
func (s ScheduleConfig) flags(cfg Config) netFlags {
	f := netFlags{limit: s.Limit, quiet: true}
	if s.Inventory != "" {
		f.inventory = cfg.beside(s.Inventory)
	}
	return f
}

// try reads what a schedule names (inventory, devices, groups, rules,
// thresholds, the model) and says what of it does not exist.
func (c *console) try(cfg Config, name string) error {
	s, path := cfg.Schedules[name], "schedules."+name
	own := cfg.of(s)
	quiet := c.with(own)
	inv, _, err := quiet.inventory(s.flags(cfg))
	if err != nil {
		return faultAt(path, "%w", err)
	}
	n := &network{cfg: own, inv: inv}
	if err := n.narrow(s.Groups); err != nil {
		return faultAt(path+".groups", "%w", err)
	}
	rules, err := own.loadRules(inv)
	if err != nil {
		return faultAt(path, "%w", err)
	}
	if _, err := chosen(rules, s.Rules); err != nil {
		return faultAt(path+".rules", "%w", err)
	}
	n.progress = c.progress(len(s.Groups) > 0)
	if _, err := n.intention(); err != nil {
		return faultAt(path, "%w", err)
	}
	return nil
}

// tried holds all that the schedules name against what there is.
func (c *console) tried(cfg Config) error {
	var faults []error
	for _, name := range slices.Sorted(maps.Keys(cfg.Schedules)) {
		faults = append(faults, c.try(cfg, name))
	}
	if _, err := c.secret(cfg.Serve.Token); err != nil {
		faults = append(faults, faultAt("serve.token", "%w", err))
	}
	_, err := c.receivers(cfg)
	if err = errors.Join(cfg.fault(errors.Join(faults...)), err); err != nil {
		return &usageError{err}
	}
	return nil
}
