package state

// lldpJSON reads `lldpcli -f json0 show neighbors` (lists throughout) and the
// plain json format, where what is single stands without a list and under
// its name.
func lldpJSON(d *Device, t *text) {
	var rows []LLDPNeighbor
	for _, doc := range t.documents() {
		for _, l := range doc.get("lldp").rows() {
			for _, n := range l.get("interface").rows() {
				rows = append(rows, lldpInterfaces(t, n)...)
			}
		}
	}
	d.lldp(rows)
}

// lldpInterfaces reads an interface of json0, or {"eth1": {...}} of json.
func lldpInterfaces(t *text, n *node) []LLDPNeighbor {
	if n.get("chassis") != nil {
		return []LLDPNeighbor{lldpNode(t, n.str("name"), n)}
	}
	var rows []LLDPNeighbor
	for i, inner := range n.list() {
		if n.isObject() && inner.get("chassis") != nil {
			rows = append(rows, lldpNode(t, n.keys[i], inner))
		}
	}
	return rows
}

func lldpNode(t *text, name string, n *node) LLDPNeighbor {
	row := LLDPNeighbor{Origin: t.origin(n.line), Interface: name}
	for _, c := range n.get("chassis").rows() {
		if c.get("id") == nil && len(c.list()) == 1 && c.isObject() { // {"r2": {"id": ...}}
			row.SystemName, c = c.keys[0], c.items[0]
		}
		row.ChassisID = lldpValue(c.get("id"))
		if s := lldpValue(c.get("name")); s != "" {
			row.SystemName = s
		}
		for _, ip := range c.get("mgmt-ip").rows() {
			a := address(ip.str("value"))
			if !a.IsValid() {
				a = address(ip.scalar())
			}
			if a.IsValid() {
				row.Management = append(row.Management, a)
			}
		}
	}
	for _, p := range n.get("port").rows() {
		row.PortID, row.PortDesc = lldpValue(p.get("id")), lldpValue(p.get("descr"))
	}
	return row
}

// lldpValue is the text of {"value": x}, of a list of it, or of x itself.
func lldpValue(n *node) string {
	if n.isList() && len(n.items) > 0 {
		n = n.items[0]
	}
	if v := n.get("value"); v != nil {
		return v.text
	}
	return n.scalar()
}
