package state

import (
	"net/netip"
	"time"
)

// A Load is how busy a machine's processors are: the processes that run or
// wait, averaged over 1, 5 and 15 minutes. Numbers that were not told are -1.
type Load struct {
	Origin
	One, Five, Fifteen float64
	CPUs               int // 0 if not told
	Busy               int // percent of the time that the processors were at work; -1 if not told
}

// PerCPU is the load of the last 15 minutes for each processor; 0 if not
// known.
func (l Load) PerCPU() float64 {
	if l.CPUs == 0 || l.Fifteen < 0 {
		return 0
	}
	return l.Fifteen / float64(l.CPUs)
}

// A Memory is a machine's main memory in kB; 0 if not told.
type Memory struct {
	Origin
	TotalKB, AvailableKB, SwapTotalKB, SwapFreeKB int64
}

// UsedPercent is the share of the memory that is neither free nor can be
// freed at once; 0 if not known.
func (m Memory) UsedPercent() int64 {
	if m.TotalKB <= 0 {
		return 0
	}
	return 100 - m.AvailableKB*100/m.TotalKB
}

// A Disk is one mounted file system.
type Disk struct {
	Origin
	Name        string // where it is mounted
	Device      string
	SizeKB      int64
	UsedPercent int // as the system tells it; -1 if not told
}

// Fixed reports whether the file system can fill up: not one that is made to
// be full (an image), and none of the kernel's own.
func (x Disk) Fixed() bool {
	switch x.Device {
	case "tmpfs", "devtmpfs", "udev", "none", "overlay", "squashfs", "efivarfs":
		return x.Device == "overlay" || x.Device == "tmpfs" && (x.Name == "/var" || x.Name == "/var/log" || x.Name == "/")
	}
	return x.SizeKB > 0 && len(x.Device) > 0 && x.Device[0] == '/' && !isLoop(x.Device)
}

func isLoop(device string) bool { return len(device) > 9 && device[:9] == "/dev/loop" }

// A TimeSync is how the device's clock is kept (NTP, RFC 5905).
type TimeSync struct {
	Origin
	Synced  bool
	Source  string        // reference it follows; "" for none
	Stratum int           // 0 if not told
	Offset  time.Duration // of the clock from true time, as the device knows it
	Service string        // what keeps it; "" if not told
}

// A Sensor is one reading of the device's environment.
type Sensor struct {
	Origin
	Name     string
	Kind     SensorKind
	Value    float64 // degrees Celsius, revolutions a minute, volts, watts
	Critical float64 // limit of the device's own; 0 if not told
	Least    float64 // lower limit of the device's own; 0 if not told
	Alarm    bool    // the device itself says that it is wrong
}

// SensorKind says what a sensor measures.
type SensorKind string

// The kinds of sensor.
const (
	Temperature SensorKind = "temperature"
	Fan         SensorKind = "fan"
	Power       SensorKind = "power"
)

// A VirtualRouter is one VRRP group on an interface (RFC 5798).
type VirtualRouter struct {
	Origin
	ID        int
	Interface string
	State     string // Master, Backup, Initialize
	Priority  int
	Shutdown  bool
	Addresses []netip.Addr
}

// Tables of the machine and of what stands beside it.
const (
	TableResources = "resources" // load and memory
	TableDisks     = "disks"
	TableClock     = "clock"
	TableSensors   = "sensors"
	TableSyslog    = "syslog"  // fills rows of Logs
	TableStartup   = "startup" // the configuration that the device would start with
	TableVRRP      = "vrrp"
)
