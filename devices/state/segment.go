package state

import "fmt"

// segment names the layer 2 segment that a bridged port belongs to: the VNI
// that its bridge is stretched over, else the bridge of this device alone; ""
// where the port is not bridged.
func (n *Network) segment(e End) string {
	bridge := e.Interface.Master
	if e.Node == nil || bridge == "" {
		return ""
	}
	if b := e.Node.Interface(bridge); b == nil || b.Kind != "bridge" {
		return ""
	}
	for _, v := range e.Node.VNIs {
		if v.Bridge == bridge && v.Layer != "L3" {
			return fmt.Sprintf("vni %d", v.ID)
		}
	}
	for _, i := range e.Node.Interfaces {
		if i.Master == bridge && i.Kind == "vxlan" {
			for _, v := range e.Node.VNIs {
				if v.Interface == i.Name && v.Layer != "L3" {
					return fmt.Sprintf("vni %d", v.ID)
				}
			}
		}
	}
	return e.Node.Name + " " + bridge
}

// segmentOf names the segment on which an address is: that of the port that it
// is cabled to, or that of the bridge which has it.
func (n *Network) segmentOf(o owner) string {
	if o.intf.Kind == "bridge" {
		return n.segment(End{Node: o.device, Interface: Interface{Name: o.intf.Name, Master: o.intf.Name}})
	}
	far, _ := n.Far(o.device.Name, o.intf.Name)
	return n.segment(far)
}
