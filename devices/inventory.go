package devices

import "github.com/netsonde/netsonde/policies"

// A Device is one managed router, switch or host of the inventory.
type Device struct {
	Name     string   // as findings name it
	Address  string   // host name or IP address
	Platform string   // canonical platform name
	Groups   []string // for --limit
	SSH      SSH
	GNMI     GNMI
}

// SSH says how a device is reached over SSH.
type SSH struct {
	Disabled   bool
	Port       int // 0 means 22
	User       string
	Password   Secret   // zero: none
	Key        string   // path of a private key file; "" for none
	Passphrase Secret   // of Key
	Agent      string   // socket of an SSH agent; "" for none
	Jump       string   // name of another device of the inventory, or user@host:port, to go through
	KnownHosts []string // files; a host key must stand in one of them
	Legacy     []string // old algorithms switched on for this device, by their SSH names
}

// GNMI says how a device is reached over gNMI. The zero value means that the
// device has none.
type GNMI struct {
	Port       int // 0: no gNMI
	User       string
	Password   Secret
	Token      Secret
	Insecure   bool   // plaintext: only when the inventory says so
	CA         string // file; "" means the system's roots
	Cert       string // client certificate file (mTLS)
	Key        string // client key file
	ServerName string // name expected in the certificate; "" means Address
	Origin     string // default origin for paths without one; "" for none
	Target     string // prefix target, for a device that demands one (SONiC: OC-YANG); "" for none
}

// Answers reports whether the inventory gives the device a transport that
// answers queries of a kind: SSH for Show, gNMI for Get and Watch.
func (d Device) Answers(kind policies.Kind) bool {
	if kind == policies.Show {
		return !d.SSH.Disabled
	}
	return d.GNMI.Port != 0
}

// An Inventory is the set of devices that netsonde may reach: devices and jump
// hosts come from nowhere else. It is immutable after loading.
type Inventory struct {
	Devices []Device // sorted by name, names unique
	Links   []string // intended links, "r1:eth1--r2:eth1", from a topology file; may be empty
	Jumps   []Device // hosts that are only gone through, by name; never asked anything
	Part    bool     // some devices were left out, or it is a recording's: a name that it lacks may be right
}

// Find returns the device of that name.
func (inv *Inventory) Find(name string) (Device, bool) {
	for _, d := range inv.Devices {
		if d.Name == name {
			return d, true
		}
	}
	return Device{}, false
}

// FindJump returns the host of that name to go through: one of Jumps, or else
// a device.
func (inv *Inventory) FindJump(name string) (Device, bool) {
	for _, d := range inv.Jumps {
		if d.Name == name {
			return d, true
		}
	}
	return inv.Find(name)
}
