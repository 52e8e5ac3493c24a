package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"
)

// A grade says how a check of doctor's ended.
type grade string

// The grades.
const (
	gradeOK   grade = "ok"
	gradeWarn grade = "warn"
	gradeFail grade = "fail"
)

// A diagnostic is one line of doctor's: what was looked at, how it is, and what
// to do next where it is not well.
type diagnostic struct {
	Subject string `json:"subject"` // a device's name, or "netsonde"
	Check   string `json:"check"`
	Grade   grade  `json:"status"`
	Detail  string `json:"detail"`
	Next    string `json:"next,omitempty"`
}

func newDoctor(c *console) *cobra.Command {
	var f netFlags
	var m modelFlags
	var format, recipe string
	cmd := &cobra.Command{
		Use: "doctor", Short: "Check what netsonde needs, and what its accounts could do", Args: cobra.NoArgs,
		Long: `Check, with reads only, what netsonde needs: the state directory, the model's
endpoint, and of each device whether it is reached, its host key known, the
login taken, what the account could change, how its clock runs, and what it
offers over gNMI. --recipe PLATFORM prints how to make a read-only account.

Exit status: 0 all is well, 1 something failed, 2 usage or configuration,
3 there are warnings, 130 interrupted.`,
		Example: `  netsonde doctor -l 'r*'
  netsonde doctor -o json
  netsonde doctor --recipe cisco_iosxe`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			switch {
			case recipe != "":
				return c.recipe(recipe)
			case f.replay != "":
				return hint(usagef("a recording has no login to look at"), "leave out --replay")
			case format != "text" && format != "json":
				return usagef("--output %s: use text, json", format)
			}
			return c.doctor(cmd.Context(), f, m, format)
		},
	}
	f.add(cmd)
	f.addGNMI(cmd)
	m.add(cmd)
	cmd.Flags().StringVarP(&format, "output", "o", "text", "text, json")
	cmd.Flags().StringVar(&recipe, "recipe", "", "print how to make a read-only account on this platform")
	return cmd
}

// recipe prints how to make a read-only account.
func (c *console) recipe(platform string) error {
	p, err := c.platform(platform)
	if err != nil {
		return err
	}
	text, err := p.Recipe()
	if err != nil {
		return err
	}
	_, err = fmt.Fprint(c.out, text)
	return err
}

// doctor looks at everything, and prints what it finds as it comes to it.
func (c *console) doctor(ctx context.Context, f netFlags, m modelFlags, format string) error {
	cfg, err := c.loadConfig()
	if err != nil {
		return err
	}
	d := &examination{c: c, json: format == "json"}
	d.add(c.examineState(cfg))
	d.add(c.examineModel(ctx, cfg, m)...)
	n, err := c.open(f)
	if err != nil {
		if f.inventory != "" || f.address != "" || f.limit != "" || cfg.Inventory != "" {
			return err
		}
		d.add(diagnostic{"netsonde", "inventory", gradeWarn, clean(err.Error()), "name the devices: netsonde doctor -i inventory.yaml"})
		return d.end(ctx)
	}
	defer n.Close()
	found := make([][]diagnostic, len(n.inv.Devices))
	var wg sync.WaitGroup
	for i, dev := range n.inv.Devices {
		wg.Go(func() {
			e := &deviceExam{c: c, n: n, dev: dev, platform: n.platforms[dev.Platform]}
			found[i] = e.run(ctx)
		})
	}
	wg.Wait()
	n.progress.done()
	for _, lines := range found {
		d.add(lines...)
	}
	return d.end(ctx)
}

// An examination collects diagnostics and prints them.
type examination struct {
	c     *console
	json  bool
	all   []diagnostic
	worst grade
}

func (d *examination) add(lines ...diagnostic) {
	paint := map[grade]func(string) string{gradeOK: d.c.style().green, gradeWarn: d.c.style().yellow, gradeFail: d.c.style().red}
	for _, l := range lines {
		l.Detail, l.Next = clean(l.Detail), clean(l.Next)
		d.all = append(d.all, l)
		if l.Grade == gradeFail || l.Grade == gradeWarn && d.worst != gradeFail {
			d.worst = l.Grade
		}
		if d.json {
			continue
		}
		fmt.Fprintf(d.c.out, "%s  %s: %s: %s\n", paint[l.Grade](fmt.Sprintf("%-4s", l.Grade)), l.Subject, l.Check, l.Detail)
		if l.Next != "" {
			fmt.Fprintf(d.c.out, "      next: %s\n", l.Next)
		}
	}
}

// end prints the JSON, and gives the status.
func (d *examination) end(ctx context.Context) error {
	if d.worst == "" {
		d.worst = gradeOK
	}
	if d.json {
		enc := json.NewEncoder(d.c.out)
		enc.SetIndent("", "  ")
		enc.SetEscapeHTML(false)
		if err := enc.Encode(struct {
			Version int          `json:"version"`
			Status  grade        `json:"status"`
			Checks  []diagnostic `json:"checks"`
		}{1, d.worst, d.all}); err != nil {
			return err
		}
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	switch d.worst {
	case gradeFail:
		return exitStatus(exitFailed)
	case gradeWarn:
		return exitStatus(exitFault)
	}
	return nil
}

// examineState tries whether the state directory can be written.
func (c *console) examineState(cfg Config) diagnostic {
	l := diagnostic{Subject: "netsonde", Check: "state directory", Grade: gradeOK, Detail: cfg.StateDir + " can be written"}
	err := os.MkdirAll(cfg.StateDir, 0o700)
	if err == nil {
		var f *os.File
		if f, err = os.CreateTemp(cfg.StateDir, ".doctor-*"); err == nil {
			_, err = f.WriteString("x")
			_ = f.Close()
			_ = os.Remove(f.Name())
		}
	}
	if err != nil {
		l.Grade, l.Detail = gradeFail, err.Error()
		l.Next = "make it writable, or name another: state_dir in " + or(cfg.origin, ".netsonde.yaml") + ", or NETSONDE_STATE_DIR; without it no journal, no audit log and no history is kept"
		return l
	}
	if info, err := os.Stat(cfg.StateDir); err == nil && info.Mode().Perm()&0o077 != 0 {
		l.Grade, l.Detail = gradeWarn, fmt.Sprintf("%s can be read by others (%s)", cfg.StateDir, info.Mode().Perm())
		l.Next = "chmod 700 " + filepath.Clean(cfg.StateDir)
	}
	return l
}

// examineModel asks the model's endpoint, where one is configured.
func (c *console) examineModel(ctx context.Context, cfg Config, m modelFlags) []diagnostic {
	if m.name != "" {
		cfg.Model = m.name
	}
	l := diagnostic{Subject: "netsonde", Check: "model", Grade: gradeOK}
	if cfg.Model == rulesLead || cfg.Model == "" || strings.HasPrefix(cfg.Model, "replay:") {
		l.Detail = "none: the built-in rules lead"
		return []diagnostic{l}
	}
	m.once = true
	client, err := c.endpoint(cfg, m)
	if err != nil {
		l.Grade, l.Detail, l.Next = gradeFail, err.Error(), "give a key (OPENAI_API_KEY) or an endpoint (OPENAI_BASE_URL, --base-url)"
		return []diagnostic{l}
	}
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	e, err := client.Check(ctx)
	if err != nil {
		l.Grade, l.Detail, l.Next = gradeFail, err.Error(), "is the endpoint up, its address whole (…/v1), the model's name right, the key valid?"
		l.Next = strings.ReplaceAll(l.Next, "…", "...")
		return []diagnostic{l}
	}
	l.Detail = fmt.Sprintf("%s answers", or(e.Model, cfg.Model))
	lines := []diagnostic{l}
	tools := diagnostic{Subject: "netsonde", Check: "tool calling", Grade: gradeOK, Detail: "the model called a function when it was asked to"}
	if !e.Tools {
		tools.Grade, tools.Detail = gradeWarn, "the model called no function: it is served by a JSON protocol in the prompt, which costs accuracy"
		tools.Next = "use a model with tool calling, or switch it on at the server (vLLM: --enable-auto-tool-choice --tool-call-parser)"
	}
	size := diagnostic{Subject: "netsonde", Check: "context size", Grade: gradeOK, Detail: fmt.Sprintf("%d tokens", e.Context)}
	switch {
	case e.Context == 0:
		size.Detail = "the endpoint does not say"
	case e.Context < leastContext:
		size.Grade, size.Next = gradeWarn, fmt.Sprintf("serve the model with at least %d (Ollama: num_ctx, vLLM: --max-model-len), or set limits.result lower", leastContext)
	}
	return append(lines, tools, size)
}

// leastContext is how many tokens of context an investigation is comfortable in.
const leastContext = 32_768
