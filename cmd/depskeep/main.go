//go:build deps

// Package main keeps modules in go.mod while the parts that use them are written.
package main

import (
	_ "github.com/expr-lang/expr"
	_ "github.com/gaissmai/bart"
	_ "github.com/goccy/go-yaml"
	_ "github.com/google/go-cmp/cmp"
	_ "github.com/google/jsonschema-go/jsonschema"
	_ "github.com/hashicorp/go-retryablehttp"
	_ "github.com/kevinburke/ssh_config"
	_ "github.com/miekg/dns"
	_ "github.com/openconfig/gnmi/cache"
	_ "github.com/openconfig/gnmi/subscribe"
	_ "github.com/openconfig/gnmic/pkg/api"
	_ "github.com/openconfig/gnmic/pkg/api/path"
	_ "github.com/openconfig/gnmic/pkg/api/server"
	_ "github.com/openconfig/gnmic/pkg/api/target"
	_ "github.com/openconfig/gnmic/pkg/api/types"
	_ "github.com/rogpeppe/go-internal/testscript"
	_ "github.com/sashabaranov/go-openai"
	_ "github.com/scrapli/scrapligo/driver/generic"
	_ "github.com/scrapli/scrapligo/driver/options"
	_ "github.com/spf13/cobra"
	_ "github.com/vishvananda/netlink"
	_ "github.com/vishvananda/netns"
	_ "go.uber.org/goleak"
	_ "golang.org/x/crypto/ssh/agent"
	_ "golang.org/x/crypto/ssh/knownhosts"
	_ "golang.org/x/sync/errgroup"
	_ "golang.org/x/term"
	_ "modernc.org/sqlite"
)

func main() {}
