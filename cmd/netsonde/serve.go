package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"github.com/jonboulle/clockwork"
	"github.com/spf13/cobra"

	"github.com/netsonde/netsonde/agent/history"
	"github.com/netsonde/netsonde/cmd/netsonde/page"
)

func newServe(c *console) *cobra.Command {
	var file string
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Run health reports on schedules, tell receivers what changed, show a page",
		Long: `Run the schedules of the configuration until the process is asked to end. Each
report is compared with the last one of its schedule and kept in the history of
the state directory; receivers hear of it as they are configured.

SIGHUP reads the configuration again; one that is wrong changes nothing. SIGTERM
ends it: a run under way concludes from what it has read, and is made up at the
next start. One process at a time serves a state directory.

Exit status: 0 ended as asked, 1 failed, 2 usage or configuration.`,
		Example: "  netsonde config check --config netsonde.yaml\n  netsonde serve --config netsonde.yaml",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return c.serve(cmd.Context(), file) },
	}
	cmd.Flags().StringVarP(&file, "config", "c", "", "the configuration (default: as for every command)")
	return cmd
}

// serve runs until ctx ends.
func (c *console) serve(ctx context.Context, file string) error {
	c.err = &lockedWriter{w: c.err}
	cfg, err := c.serveConfig(file)
	if err != nil {
		return err
	}
	lease, err := history.Take(cfg.StateDir, fmt.Sprintf("process %d on %s since %s", os.Getpid(), hostname(), c.now().UTC().Format(time.RFC3339)))
	if errors.Is(err, history.ErrLeased) {
		return hint(err, "end that process, or give this one a state directory of its own (state_dir, $NETSONDE_STATE_DIR)")
	}
	if err != nil {
		return hintHistory(err)
	}
	defer lease.Release()
	store, err := c.openHistory(ctx, cfg.StateDir, cfg)
	if err != nil {
		return err
	}
	defer store.Close()
	log := slog.New(slog.NewTextHandler(c.err, nil))
	s := &server{store: store, clock: clockwork.NewRealClock(), log: log, count: page.NewMetrics(version()), stop: ctx, plans: map[string]*plan{}, leaving: map[string]*plan{}}
	s.run = func(ctx, stop context.Context, name string, cfg Config) (history.Edition, error) {
		return c.scheduled(ctx, stop, scheduled{name, cfg, store, s.count})
	}
	post, err := c.newPost(s, cfg)
	if err != nil {
		return err
	}
	s.told = post.tell
	site, err := c.openSite(s, cfg)
	if err != nil {
		return err
	}
	post.catchUp(ctx, cfg)
	if err := s.start(cfg); err != nil {
		return err
	}
	log.Info("serving", "schedules", len(cfg.Schedules), "history", store.Path(), "page", site.addr)
	var wg sync.WaitGroup
	wg.Go(func() { post.deliver(ctx) })
	wg.Go(func() { c.checkStore(ctx, s) })
	wg.Go(site.serve)
	c.reloads(ctx, s, file, post)
	log.Info("ending: what runs concludes from what it has read")
	err = errors.Join(s.end(), site.close())
	wg.Wait()
	return err
}

// serveConfig reads the configuration that is to be served, and tries all that
// it names.
func (c *console) serveConfig(file string) (Config, error) {
	cfg, err := c.checkedConfig(file)
	if err != nil {
		return cfg, err
	}
	if len(cfg.Schedules) == 0 {
		return cfg, hint(usagef("configuration %s: schedules: is missing or empty: there is nothing to serve", or(cfg.origin, "(no file)")),
			"--config FILE names the configuration", "schedules: {core: {every: 15m}} is the least there can be")
	}
	return cfg, nil
}

// checkedConfig reads a configuration and tries all that it names.
func (c *console) checkedConfig(file string) (Config, error) {
	var cfg Config
	var err error
	if file != "" {
		cfg, err = c.readConfig(file)
	} else {
		cfg, err = c.loadConfig()
	}
	if err != nil {
		return cfg, err
	}
	return cfg, c.tried(cfg)
}

// reloads reads the configuration again at each SIGHUP, until ctx ends.
func (c *console) reloads(ctx context.Context, s *server, file string, p *post) {
	hups := make(chan os.Signal, 1)
	signal.Notify(hups, syscall.SIGHUP)
	defer signal.Stop(hups)
	for {
		select {
		case <-ctx.Done():
			return
		case <-hups:
		}
		if err := c.reload(s, file, p); err != nil {
			s.log.Error("the configuration is wrong, so the one before stays", "error", cleanLines(err.Error()))
		} else {
			s.log.Info("the configuration was read again")
		}
	}
}

// reload takes the configuration anew; after an error nothing has changed.
func (c *console) reload(s *server, file string, p *post) error {
	cfg, err := c.serveConfig(file)
	if err != nil {
		return err
	}
	s.mu.Lock()
	old := s.cfg
	s.mu.Unlock()
	if cfg.StateDir != old.StateDir || cfg.Serve != old.Serve {
		return errors.New("state_dir or the section serve is another now: that takes a restart")
	}
	if err := p.load(cfg); err != nil {
		return err
	}
	return s.load(cfg)
}

// checkStore reads the whole history once, beside the work, to find damage
// before somebody needs what it holds.
func (c *console) checkStore(ctx context.Context, s *server) {
	if err := s.store.Check(ctx); err != nil && ctx.Err() == nil {
		var f *history.Fault
		next := ""
		if errors.As(err, &f) {
			next = f.Next
		}
		s.log.Error("the history is damaged", "error", err, "next", next)
	}
}

// scheduled is one run of a schedule.
type scheduled struct {
	name  string
	cfg   Config
	store *history.Store
	count *page.Metrics
}

// scheduled makes the report of one run.
func (c *console) scheduled(ctx, stop context.Context, r scheduled) (history.Edition, error) {
	conf := r.cfg.Schedules[r.name]
	own := c.with(r.cfg.of(conf))
	n, err := own.open(conf.flags(r.cfg))
	if err != nil {
		return history.Edition{}, err
	}
	defer n.Close()
	n.src = halting{r.count.Source(n.src), stop}
	if err := n.narrow(conf.Groups); err != nil {
		return history.Edition{}, err
	}
	e, _, err := own.checkup(ctx, n, checkup{stop: stop, id: n.run, schedule: r.name, scope: scheduleScope(r.name), rules: conf.Rules, store: r.store})
	return e, err
}

func hostname() string {
	name, err := os.Hostname()
	if err != nil {
		return "this machine"
	}
	return name
}

// A lockedWriter lets many goroutines write lines.
type lockedWriter struct {
	mu sync.Mutex
	w  io.Writer
}

// Write writes p as a whole.
func (l *lockedWriter) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(p)
}
