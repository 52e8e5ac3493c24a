package tools

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"github.com/netsonde/netsonde/devices/state"
)

// pathIn is what the path tool takes.
type pathIn struct {
	From string `json:"from" jsonschema:"the device that sends, such as h1"`
	To   string `json:"to" jsonschema:"an address, or a device"`
	Flow string `json:"flow,omitempty" jsonschema:"protocol and port: icmp (default), udp/53, tcp/443"`
}

// newPath makes the tool that walks a flow through the forwarding tables.
func newPath(e Env) (Tool, error) {
	return New("path", func(ctx context.Context, in pathIn) (Result, error) {
		if _, err := e.pick([]string{in.From}); err != nil {
			return Result{}, err
		}
		flow, err := state.ParseFlow(in.Flow)
		if err != nil {
			return Result{}, err
		}
		c, err := e.Collect(ctx, e.Inventory.Devices, state.TableInterfaces, state.TableAddresses, state.TableFIB, state.TableFIB6,
			state.TableRIB, state.TableRIB6, state.TableNeighbors, state.TableFilters, state.TableParameters)
		if err != nil {
			return Result{}, err
		}
		targets, err := Targets(c.Network, in.To)
		if err != nil {
			return Result{}, err
		}
		if len(targets) == 0 {
			return Result{}, fmt.Errorf("no address of %s is known: give one", in.To)
		}
		flow.Dst = targets[0]
		p := c.Network.Walk(in.From, flow)
		blocks := append([]block{{title: ending(p)}}, c.walked(p)...)
		return Result{Text: shape(blocks, e.Budget), Facts: p, Seen: c.Seen, Unread: c.missing(), Core: c.Core}, nil
	})
}

// ending says in one line how a walk and its way back ended.
func ending(p state.Path) string {
	switch {
	case p.Outcome != state.Delivered:
		return fmt.Sprintf("verdict: %s does not arrive: %s", p.Flow, cmp.Or(p.Reason, string(p.Outcome)))
	case p.Back == nil:
		return fmt.Sprintf("verdict: %s arrives; the way of its answers is not known", p.Flow)
	case p.Back.Outcome != state.Delivered:
		return fmt.Sprintf("verdict: %s arrives, its answers do not come back: %s", p.Flow, cmp.Or(p.Back.Reason, string(p.Back.Outcome)))
	}
	return fmt.Sprintf("verdict: %s arrives, and its answers come back", p.Flow)
}

// walked words a walk there and back: the line, then each hop's route and what
// shows how it ended, in the devices' own words.
func (c Collection) walked(p state.Path) []block {
	var out []block
	for way := &p; way != nil; way = way.Back {
		title := fmt.Sprintf("%s %s: %s", way.Flow, way.Flow.Dst, way)
		if way.Flow.Reply {
			title = "answers: " + title
		}
		var lines []string
		for _, h := range way.Hops {
			if h.Route.Origin.Known() {
				lines = append(lines, "  route: "+c.quote(h.Route.Row))
			}
		}
		for _, ref := range way.Proof {
			lines = append(lines, "  proof: "+c.quote(ref))
		}
		if way.Lacking != nil {
			lines = append(lines, fmt.Sprintf("  proof: %s: %s does not hold %q", way.Lacking.Ref.Device, way.Lacking.Ref.Query, way.Lacking.Lacks))
		}
		for _, ref := range way.Lossy {
			lines = append(lines, "  takes a share of the packets: "+c.quote(ref))
		}
		if way.MTU > 0 {
			lines = append(lines, fmt.Sprintf("  smallest MTU on the way: %d", way.MTU))
		}
		out = append(out, block{title: title, text: strings.Join(lines, "\n"), note: "ask each hop with state fib"})
	}
	return out
}

// quote words a line of an answer: the device, the query and the line itself.
func (c Collection) quote(ref state.Ref) string {
	where := ref.Device + ": " + ref.Query
	for _, o := range c.Seen {
		if o.Device != ref.Device || o.Query != ref.Query {
			continue
		}
		if lines := strings.Split(o.Output, "\n"); ref.Line > 0 && ref.Line <= len(lines) {
			return where + ": " + strings.TrimSpace(lines[ref.Line-1])
		}
	}
	return where
}
