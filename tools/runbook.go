package tools

import (
	"context"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/netsonde/netsonde/policies"
)

// runbookIn is what the runbook tool takes.
type runbookIn struct {
	Topic string `json:"topic" jsonschema:"a protocol or symptom, such as ospf or packet-loss; empty lists the topics"`
}

// newRunbook makes the tool that gives the runbook of a protocol or symptom.
func newRunbook(e Env) (Tool, error) {
	return New("runbook", func(_ context.Context, in runbookIn) (Result, error) {
		topics, err := runbooks()
		if err != nil {
			return Result{}, err
		}
		want := strings.ToLower(strings.TrimSpace(in.Topic))
		for _, t := range topics {
			if t == want {
				text, err := policies.Files.ReadFile("runbooks/" + t + ".md")
				return Result{Text: shape([]block{{text: string(text)}}, e.Budget)}, err
			}
		}
		list := "topics: " + strings.Join(topics, ", ")
		if want == "" {
			return Result{Text: list + "\n"}, nil
		}
		return Result{}, fmt.Errorf("no runbook %q; %s", in.Topic, list)
	})
}

// runbooks lists the topics that have a runbook.
func runbooks() ([]string, error) {
	files, err := fs.Glob(policies.Files, "runbooks/*.md")
	if err != nil {
		return nil, fmt.Errorf("runbooks: %w", err)
	}
	var topics []string
	for _, f := range files {
		if t := strings.TrimSuffix(path.Base(f), ".md"); t != "README" {
			topics = append(topics, t)
		}
	}
	return topics, nil
}
