package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/netsonde/netsonde/devices"
	"github.com/netsonde/netsonde/devices/state"
	"github.com/netsonde/netsonde/tools"
)

func newPathCommand(c *console) *cobra.Command {
	var f netFlags
	var out outputFlags
	var flow string
	cmd := &cobra.Command{
		Use:   "path FROM TO",
		Short: "Walk a flow through the forwarding tables, hop by hop, without sending a packet",
		Long: `Walk a flow from a device to an address (or another device) through the
forwarding tables, filters and neighbour tables that the devices report, and
its answers back. It ends in delivered, dropped by, no route at, loops, or
unknown beyond. Nothing is sent along the path.

Exit status: 0 delivered there and back, 3 not delivered, 4 unknown, 1 failed,
2 usage or configuration, 130 interrupted.`,
		Example:           "  netsonde path h1 10.4.0.53\n  netsonde path h1 10.4.0.53 --flow udp/53 -o json",
		Args:              cobra.ExactArgs(2),
		ValidArgsFunction: c.completeDevices,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := out.check("text", "json"); err != nil {
				return err
			}
			n, err := c.open(f)
			if err != nil {
				return err
			}
			defer n.Close()
			return c.path(cmd.Context(), n, map[string]string{"from": args[0], "to": args[1], "flow": flow}, out)
		},
	}
	f.add(cmd)
	out.addFormats(cmd, "text or json")
	cmd.Flags().StringVar(&flow, "flow", "", "protocol and port: icmp, udp/53, tcp/443")
	return cmd
}

// path walks one flow, prints the walk, and says by the status how it ended.
func (c *console) path(ctx context.Context, n *network, asked map[string]string, out outputFlags) error {
	if _, err := n.inv.Found(asked["from"]); err != nil {
		return &usageError{err}
	}
	if _, err := state.ParseFlow(asked["flow"]); err != nil {
		return &usageError{err}
	}
	r, err := n.call(ctx, "path", asked)
	if err != nil {
		return orInterrupted(ctx, &usageError{err})
	}
	n.progress.done()
	p, ok := r.Facts.(state.Path)
	if !ok {
		return fmt.Errorf("path: the tool gave %T", r.Facts)
	}
	text := cleanLines(r.Text)
	if out.format == "json" {
		w := walkJSON(p, r)
		w.Version, w.To = 1, asked["to"]
		b, err := json.MarshalIndent(w, "", "  ")
		if err != nil {
			return err
		}
		text = string(b) + "\n"
	}
	if err := c.write(out, text); err != nil {
		return err
	}
	for way := &p; way != nil; way = way.Back {
		switch way.Outcome {
		case state.Delivered:
		case state.Unknown:
			return exitStatus(exitInconclusive)
		default:
			return exitStatus(exitFault)
		}
	}
	return nil
}

// A walk is a path as JSON. Empty lists are [].
type walk struct {
	Version int         `json:"version,omitempty"`
	From    string      `json:"from"`
	To      string      `json:"to,omitempty"`
	Flow    string      `json:"flow"`
	Outcome string      `json:"outcome"` // delivered, dropped, no route, no answer, loops, unknown
	At      string      `json:"at"`      // the place where it ended
	Reason  string      `json:"reason"`
	Hops    []walkHop   `json:"hops"`
	Proof   []walkProof `json:"proof"`
	MTU     int         `json:"mtu"` // bytes, the smallest on the way; 0 unknown
	Back    *walk       `json:"back"`
	Unread  []string    `json:"not_evaluated,omitempty"`
}

type walkHop struct {
	Device  string     `json:"device"`
	In      string     `json:"in"`
	Out     string     `json:"out"`
	NextHop string     `json:"next_hop"`
	Prefix  string     `json:"prefix"`
	Route   *walkProof `json:"route"`
}

// A walkProof is a line of what a device said.
type walkProof struct {
	Device string `json:"device"`
	Query  string `json:"query"`
	Quote  string `json:"quote"`
	Absent bool   `json:"absent"` // the complete answer does not contain the quote
}

// walkJSON words a walk and the way back.
func walkJSON(p state.Path, r tools.Result) walk {
	w := walk{From: p.From, Flow: fmt.Sprintf("%s %s", p.Flow, p.Flow.Dst), Outcome: string(p.Outcome), At: p.At, Reason: p.Reason,
		Hops: []walkHop{}, Proof: []walkProof{}, MTU: p.MTU, Unread: r.Unread}
	for _, h := range p.Hops {
		hop := walkHop{Device: h.Device, In: h.In, Out: h.Out}
		if h.NextHop.IsValid() {
			hop.NextHop = h.NextHop.String()
		}
		if h.Route.Origin.Known() {
			hop.Prefix = h.Route.Prefix.String()
			quoted := proofOf(h.Route.Row, r.Seen)
			hop.Route = &quoted
		}
		w.Hops = append(w.Hops, hop)
	}
	for _, ref := range p.Proof {
		w.Proof = append(w.Proof, proofOf(ref, r.Seen))
	}
	if p.Lacking != nil {
		w.Proof = append(w.Proof, walkProof{Device: p.Lacking.Ref.Device, Query: p.Lacking.Ref.Query, Quote: p.Lacking.Lacks, Absent: true})
	}
	if p.Back != nil {
		back := walkJSON(*p.Back, tools.Result{Seen: r.Seen})
		w.Back = &back
	}
	return w
}

// proofOf quotes the line that ref points at.
func proofOf(ref state.Ref, seen []devices.Observation) walkProof {
	out := walkProof{Device: ref.Device, Query: ref.Query}
	for _, o := range seen {
		if o.Device == ref.Device && o.Query == ref.Query {
			if lines := strings.Split(o.Output, "\n"); ref.Line > 0 && ref.Line <= len(lines) {
				out.Quote = strings.TrimSpace(lines[ref.Line-1])
			}
			break
		}
	}
	return out
}
