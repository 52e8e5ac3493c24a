package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"sort"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/netsonde/netsonde/policies"
)

func newPolicy(c *console) *cobra.Command {
	cmd := &cobra.Command{Use: "policy", Short: "Say what the policy allows, and what it would send", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() }}
	cmd.AddCommand(newPolicyTest(c), newPolicyList(c))
	return cmd
}

func newPolicyTest(c *console) *cobra.Command {
	var platform string
	var escaped bool
	cmd := &cobra.Command{
		Use:   "test --platform P [COMMAND]",
		Short: "Print the verdict on commands: class or refuse, the exact text sent, the reason",
		Long: `Print one line a command: allow, heavy, probe or refuse, a tab, the exact text
that would be sent (empty when refused), a tab, the reason. Without COMMAND,
each line of standard input is a command. Nothing is sent.`,
		Example: `  netsonde policy test --platform frr sh ip ospf nei
  netsonde policy test --platform frr 'show run | redirect tftp:'`,
		RunE: func(_ *cobra.Command, args []string) error {
			p, err := c.platform(platform)
			if err != nil {
				return err
			}
			if len(args) > 0 {
				return c.judge(p, strings.Join(args, " "), escaped)
			}
			lines := bufio.NewReader(c.in)
			for {
				line, err := lines.ReadString('\n')
				if line != "" {
					if err := c.judge(p, strings.TrimSuffix(line, "\n"), escaped); err != nil {
						return err
					}
				}
				if errors.Is(err, io.EOF) {
					return nil
				}
				if err != nil {
					return err
				}
			}
		},
	}
	cmd.Flags().StringVar(&platform, "platform", "", "platform whose grammar decides (netsonde policy list names them)")
	cmd.Flags().BoolVar(&escaped, "escaped", false, `decode \n, \r, \t, \\, \xHH and \uHHHH first`)
	return cmd
}

// judge prints the verdict on one line.
func (c *console) judge(p *policies.Platform, line string, escaped bool) error {
	if escaped {
		line = unescape(line)
	}
	q, err := p.Show(line)
	var refusal *policies.Refusal
	if errors.As(err, &refusal) {
		_, err = fmt.Fprintf(c.out, "refuse\t\t%s\n", oneLine(strings.TrimPrefix(refusal.Error(), "refused: ")))
		return err
	}
	if err != nil {
		return err
	}
	verdict, reason := "allow", "a read of "+q.Platform()
	switch q.Class() {
	case policies.Heavy:
		verdict, reason = "heavy", "a full table: bounded"
	case policies.Probe:
		verdict, reason = "probe", "sends traffic: off unless probes are turned on"
	}
	if len(q.Filter()) > 0 {
		reason += "; the filter is applied by netsonde, not sent"
	}
	_, err = fmt.Fprintf(c.out, "%s\t%s\t%s\n", verdict, q.Text(), reason)
	return err
}

// oneLine makes text safe and free of tabs and newlines.
func oneLine(s string) string { return strings.ReplaceAll(clean(s), "\t", " ") }

// unescape decodes \n, \r, \t, \\, \xHH and \uHHHH; anything else stays.
func unescape(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 == len(s) {
			b.WriteByte(s[i])
			continue
		}
		i++
		switch s[i] {
		case 'n':
			b.WriteByte('\n')
		case 'r':
			b.WriteByte('\r')
		case 't':
			b.WriteByte('\t')
		case '\\':
			b.WriteByte('\\')
		case 'x', 'u':
			n := map[byte]int{'x': 2, 'u': 4}[s[i]]
			if v, err := strconv.ParseUint(s[i+1:min(i+1+n, len(s))], 16, 32); err == nil && i+n < len(s) {
				if n == 2 {
					b.WriteByte(byte(v))
				} else {
					b.WriteRune(rune(v))
				}
				i += n
				continue
			}
			fallthrough
		default:
			b.WriteByte('\\')
			b.WriteByte(s[i])
		}
	}
	return b.String()
}

func newPolicyList(c *console) *cobra.Command {
	var platform string
	cmd := &cobra.Command{
		Use: "list [--platform P]", Short: "Print the platforms, or the grammar of one", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			if platform != "" {
				p, err := c.platform(platform)
				if err != nil {
					return err
				}
				_, err = fmt.Fprint(c.out, p.Grammar())
				return err
			}
			ps, err := policies.OpenPlatforms(policies.Files)
			if err != nil {
				return err
			}
			for _, name := range platformNames(ps) {
				also := strings.Join(ps[name].Aliases, ", ")
				fmt.Fprintf(c.out, "%-18s %s\n", name, also)
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&platform, "platform", "", "platform whose grammar is printed")
	return cmd
}

// platform finds a platform by its name or an alias.
func (c *console) platform(name string) (*policies.Platform, error) {
	ps, err := policies.OpenPlatforms(policies.Files)
	if err != nil {
		return nil, err
	}
	if p, ok := ps[canonical(ps, name)]; ok {
		return p, nil
	}
	names := strings.Join(platformNames(ps), ", ")
	if name == "" {
		return nil, hint(usagef("no platform is given"), "--platform takes one of "+names)
	}
	return nil, hint(usagef("unknown platform %q", name), "the platforms are "+names)
}

// canonical resolves an alias; a name that is none stays as it is.
func canonical(ps map[string]*policies.Platform, name string) string {
	for _, p := range ps {
		for _, a := range p.Aliases {
			if a == name {
				return p.Name
			}
		}
	}
	return name
}

func platformNames(ps map[string]*policies.Platform) []string {
	names := make([]string, 0, len(ps))
	for name := range ps {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}
