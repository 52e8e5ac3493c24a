package state

import (
	"strings"
)

// nftJSON reads `nft -j list ruleset` (libnftables-json(5)) by putting each
// rule into the words of the text.
func nftJSON(d *Device, t *text) {
	r := nftReader{t: t, sets: map[string]string{}}
	type base struct{ hook, policy string }
	chains := map[string]base{}
	for _, doc := range t.documents() {
		for _, item := range doc.get("nftables").list() {
			if s := item.get("set"); s != nil {
				r.sets["@"+s.str("name")] = nftList(s.get("elem").list())
			}
			if c := item.get("chain"); c.str("hook") != "" {
				policy := c.str("policy")
				if policy == "" {
					policy = "accept"
				}
				chains[nftChain(c, "name")] = base{c.str("hook"), policy}
			}
		}
		for _, item := range doc.get("nftables").list() {
			n, name := item.get("rule"), "chain"
			if n == nil {
				n, name = item.get("chain"), "name"
			}
			if n == nil {
				continue
			}
			b := chains[nftChain(n, name)]
			r.family, r.table, r.chain, r.hook, r.policy = n.str("family"), n.str("table"), n.str(name), b.hook, b.policy
			if name == "chain" {
				r.rows = append(r.rows, r.rule(n.line, nftRuleText(n)))
			} else if b.hook != "" {
				row := r.row(n.line, "type "+n.str("type")+" hook "+b.hook+" priority "+n.str("prio")+"; policy "+b.policy+";")
				row.InIf = n.str("dev")
				r.rows = append(r.rows, row)
			}
		}
	}
	d.filters(r.rows)
}

func nftChain(n *node, name string) string {
	return n.str("family") + " " + n.str("table") + " " + n.str(name)
}

// nftRuleText writes a rule as `nft list` would.
func nftRuleText(n *node) string {
	var words []string
	for _, e := range n.get("expr").list() {
		for i, v := range e.list() {
			if e.isObject() {
				words = append(words, nftExpr(e.keys[i], v))
			}
		}
	}
	if c := n.str("comment"); c != "" {
		words = append(words, `comment "`+c+`"`)
	}
	return strings.Join(words, " ")
}

// nftExpr writes one statement.
func nftExpr(kind string, v *node) string {
	switch kind {
	case "match":
		left, right, op := nftOperand(v.get("left")), nftOperand(v.get("right")), v.str("op")
		if op == "==" || op == "in" {
			return left + " " + right
		}
		return left + " " + op + " " + right
	case "counter":
		if v.get("packets") != nil {
			return "counter packets " + v.str("packets") + " bytes " + v.str("bytes")
		}
		return `counter name "` + v.scalar() + `"`
	case "jump", "goto":
		return kind + " " + v.str("target")
	case "limit":
		return "limit rate " + v.str("rate") + "/" + v.str("per")
	case "log":
		return `log prefix "` + v.str("prefix") + `"`
	case "reject":
		return strings.TrimSpace("reject with " + v.str("type") + " " + v.str("expr"))
	case "accept", "drop", "return", "continue", "masquerade":
		return kind
	}
	return kind
}

// nftOperand writes one side of a match.
func nftOperand(v *node) string {
	switch {
	case v == nil:
		return ""
	case v.isList():
		return strings.ReplaceAll(nftList(v.items), ", ", ",")
	case !v.isObject():
		return v.text
	case len(v.items) == 0:
		return ""
	}
	in := v.items[0]
	switch v.keys[0] {
	case "payload":
		if in.get("protocol") == nil {
			return "payload"
		}
		return in.str("protocol") + " " + in.str("field")
	case "meta":
		if key := in.str("key"); key == "iifname" || key == "oifname" {
			return key
		}
		return "meta " + in.str("key")
	case "ct":
		return "ct " + in.str("key")
	case "prefix":
		return in.str("addr") + "/" + in.str("len")
	case "range":
		if in.isList() && len(in.items) == 2 {
			return in.items[0].text + "-" + in.items[1].text
		}
	case "set":
		return "{ " + nftList(in.rows()) + " }"
	case "numgen":
		return "numgen " + in.str("mode") + " mod " + in.str("mod")
	}
	return v.keys[0]
}

func nftList(items []*node) string {
	var out []string
	for _, i := range items {
		out = append(out, nftOperand(i))
	}
	return strings.Join(out, ", ")
}
