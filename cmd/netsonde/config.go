package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/goccy/go-yaml"

	"github.com/netsonde/netsonde/agent/notify"
)

// A Config is what netsonde reads from its configuration file, the environment
// and the flags, in rising precedence; OPENAI_BASE_URL and OPENAI_API_KEY, which
// are not netsonde's own, only fill in what the file does not say. This file is
// the only reader of the environment.
type Config struct {
	Model     string        `yaml:"model"`    // "rules", or the name of a model
	BaseURL   string        `yaml:"base_url"` // of an OpenAI-compatible endpoint
	APIKey    string        `yaml:"api_key"`  // env:NAME or file:PATH
	Azure     string        `yaml:"azure_api_version"`
	NoTools   bool          `yaml:"no_tool_calls"` // the model has no tool calling: use the JSON protocol
	Inventory string        `yaml:"inventory"`     // relative to this file
	StateDir  string        `yaml:"state_dir"`     // relative to this file
	Rules     RulesConfig   `yaml:"rules"`
	Probes    bool          `yaml:"probes"`
	Limits    LimitsConfig  `yaml:"limits"`
	Price     PriceConfig   `yaml:"price"`
	Timeout   time.Duration `yaml:"timeout"` // of one read

	Thresholds ThresholdsConfig `yaml:"thresholds"`
	Intent     []string         `yaml:"intent"` // files; relative to this one
	Notify     notify.Config    `yaml:"notify"`
	History    HistoryConfig    `yaml:"history"`

	Schedules map[string]ScheduleConfig `yaml:"schedules"`
	Serve     ServeConfig               `yaml:"serve"`

	Telemetry TelemetryConfig `yaml:"telemetry"`

	origin string // the file that was read; "" if none
	text   []byte // of it
}

// LimitsConfig bounds a run and the care for devices.
type LimitsConfig struct {
	Steps     int           `yaml:"steps"`
	Tokens    int           `yaml:"tokens"`
	Time      time.Duration `yaml:"time"`
	PerDevice int           `yaml:"per_device"` // reads at once on one device
	Total     int           `yaml:"total"`      // reads at once overall
	Rate      float64       `yaml:"rate"`       // reads a second on one device
	Result    int           `yaml:"result"`     // tokens of one tool result
}

// PriceConfig is the price of a model in dollars per million tokens; zero
// means unknown, and no cost is shown.
type PriceConfig struct {
	Input  float64 `yaml:"input"`
	Output float64 `yaml:"output"`
}

// defaults are what holds where nothing else is said.
func defaults() Config {
	return Config{
		Model:   "rules",
		Timeout: 30 * time.Second,
		Limits:  LimitsConfig{Steps: 30, Tokens: 400_000, Time: 10 * time.Minute, PerDevice: 1, Total: 20, Rate: 20, Result: 3000},
	}
}

// loadConfig reads the first file that exists of NETSONDE_CONFIG,
// ./.netsonde.yaml, $XDG_CONFIG_HOME/netsonde/config.yaml and
// ~/.netsonde.yaml, and then the environment.
func (c *console) loadConfig() (Config, error) {
	if c.config != nil {
		return *c.config, nil
	}
	cfg := defaults()
	home := c.getenv("HOME")
	xdg := c.getenv("XDG_CONFIG_HOME")
	if xdg == "" && home != "" {
		xdg = filepath.Join(home, ".config")
	}
	candidates := []string{".netsonde.yaml"}
	if xdg != "" {
		candidates = append(candidates, filepath.Join(xdg, "netsonde", "config.yaml"))
	}
	if home != "" {
		candidates = append(candidates, filepath.Join(home, ".netsonde.yaml"))
	}
	if f := c.getenv("NETSONDE_CONFIG"); f != "" {
		if _, err := os.Stat(f); err != nil {
			return cfg, usagef("NETSONDE_CONFIG: %w", err)
		}
		candidates = []string{f}
	}
	for _, f := range candidates {
		got, err := c.readConfig(f)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		return got, err
	}
	c.fromEnv(&cfg)
	return cfg, cfg.validate()
}

// readConfig reads one configuration file, and then the environment.
func (c *console) readConfig(file string) (Config, error) {
	cfg := defaults()
	raw, err := os.ReadFile(file)
	if err != nil {
		return cfg, usagef("configuration: %w", err)
	}
	if err := yaml.UnmarshalWithOptions(raw, &cfg, yaml.Strict()); err != nil {
		return cfg, usagef("configuration %s: %s", file, yaml.FormatError(err, false, true))
	}
	cfg.origin, cfg.text = file, raw
	for _, path := range []*string{&cfg.Inventory, &cfg.StateDir} {
		if *path != "" && !filepath.IsAbs(*path) {
			*path = filepath.Join(filepath.Dir(file), *path)
		}
	}
	c.fromEnv(&cfg)
	return cfg, cfg.validate()
}

// with is c with a configuration that was read already.
func (c *console) with(cfg Config) *console {
	own := *c
	own.config = &cfg
	return &own
}

// fromEnv lets the environment override the file. A key in the environment
// alone changes nothing: only a model's name lets a model lead.
func (c *console) fromEnv(cfg *Config) {
	for name, field := range map[string]*string{
		"NETSONDE_MODEL": &cfg.Model, "NETSONDE_INVENTORY": &cfg.Inventory, "NETSONDE_STATE_DIR": &cfg.StateDir,
	} {
		if v := c.getenv(name); v != "" {
			*field = v
		}
	}
	if cfg.BaseURL == "" {
		cfg.BaseURL = c.getenv("OPENAI_BASE_URL")
	}
	if cfg.APIKey == "" && c.getenv("OPENAI_API_KEY") != "" {
		cfg.APIKey = "env:OPENAI_API_KEY"
	}
	if cfg.StateDir == "" {
		cfg.StateDir = c.stateDir()
	}
}

// stateDir is $XDG_STATE_HOME/netsonde, by default ~/.local/state/netsonde.
func (c *console) stateDir() string {
	if d := c.getenv("XDG_STATE_HOME"); d != "" {
		return filepath.Join(d, "netsonde")
	}
	if home := c.getenv("HOME"); home != "" {
		return filepath.Join(home, ".local", "state", "netsonde")
	}
	return filepath.Join(os.TempDir(), fmt.Sprintf("netsonde-%d", os.Getuid()))
}

// validate checks the whole configuration and joins all faults.
func (cfg Config) validate() error {
	var faults []error
	l := cfg.Limits
	for name, v := range map[string]int{
		"limits.steps": l.Steps, "limits.tokens": l.Tokens, "limits.per_device": l.PerDevice, "limits.total": l.Total, "limits.result": l.Result,
	} {
		if v <= 0 {
			faults = append(faults, fmt.Errorf("%s: %d is not positive", name, v))
		}
	}
	if cfg.Timeout <= 0 {
		faults = append(faults, fmt.Errorf("timeout: %s is not positive", cfg.Timeout))
	}
	if l.Rate <= 0 {
		faults = append(faults, fmt.Errorf("limits.rate: %g is not positive", l.Rate))
	}
	if l.Time <= 0 {
		faults = append(faults, fmt.Errorf("limits.time: %s is not positive", l.Time))
	}
	if len(faults) > 0 {
		return &usageError{fmt.Errorf("configuration %s: %w", or(cfg.origin, "(no file)"), errors.Join(faults...))}
	}
	return cfg.fault(errors.Join(cfg.receiverFaults(), errors.Join(cfg.History.faults()...), cfg.scheduleFaults(), errors.Join(cfg.Serve.faults()...), cfg.Telemetry.fault()))
}

// secret resolves a reference "env:NAME" or "file:PATH" of the configuration.
func (c *console) secret(ref string) (string, error) {
	kind, name, _ := strings.Cut(ref, ":")
	switch kind {
	case "":
		return "", nil
	case "env":
		if c.getenv(name) == "" {
			return "", usagef("$%s is not set", name)
		}
		return c.getenv(name), nil
	case "file":
		raw, err := os.ReadFile(name)
		if err != nil {
			return "", &usageError{err}
		}
		return strings.TrimRight(string(raw), "\r\n"), nil
	}
	return "", usagef("%q is not a reference: write env:NAME or file:PATH", kind)
}
