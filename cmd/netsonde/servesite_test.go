package main

import (
	"errors"
	"strings"
	"testing"
	"time"
)

// A page that cannot be shown is told at the start: a server whose certificate
// is missing would listen and answer nobody.
func TestACertificateThatCannotBeUsed(t *testing.T) {
	s := newStage(t, t.TempDir(), time.Date(2026, 3, 2, 5, 0, 0, 0, time.UTC))
	c := &console{getenv: func(string) string { return "" }}
	cfg := defaults()
	cfg.Serve = ServeConfig{Listen: "127.0.0.1:0", Cert: t.TempDir() + "/none.pem", Key: "none.key"}
	site, err := c.openSite(s.server, cfg)
	if err == nil {
		_ = site.close()
	}
	if usage := new(usageError); !errors.As(err, &usage) || !strings.Contains(err.Error(), "serve.cert") || !strings.Contains(err.Error(), "none.pem") {
		t.Errorf("got %v: want a fault of the configuration that names field and file", err)
	}
}
