package pseudonym

import (
	"fmt"
	"strings"

	"github.com/netsonde/netsonde/devices"
	"github.com/netsonde/netsonde/policies"
)

// Recording writes a pseudonymised copy of the recording in from into to,
// which must not hold one of something else. from must be redacted: what is
// written was only pseudonymised. Files that answer no known query are copied
// too.
func (m *Mapper) Recording(from, to string, ps map[string]*policies.Platform) error {
	rec, err := devices.Replay(from, devices.Replaying{Platforms: ps})
	if err != nil {
		return err
	}
	defer func() { _ = rec.Close() }() // it was only read
	m.learn(rec)

	inv := &devices.Inventory{}
	for _, d := range rec.Inventory().Devices {
		inv.Devices = append(inv.Devices, devices.Device{Name: m.Text(d.Name), Platform: d.Platform, Address: m.Text(d.Address)})
	}
	for _, l := range rec.Inventory().Links {
		inv.Links = append(inv.Links, m.Text(l))
	}
	out, err := devices.Create(to, inv)
	if err != nil {
		return err
	}
	for _, d := range rec.Inventory().Devices {
		if err := m.device(rec, d.Name, out); err != nil {
			_ = out.Close() // the first error counts
			return fmt.Errorf("pseudonymise: %w", err)
		}
	}
	return out.Close()
}

// learn reads the whole recording for what identifies the network.
func (m *Mapper) learn(rec *devices.Recording) {
	for _, d := range rec.Inventory().Devices {
		m.Name(d.Name)
	}
	for _, d := range rec.Inventory().Devices {
		for k := range rec.Recorded(d.Name) {
			m.Learn(k.Output)
		}
	}
}

// device copies what is held of one device.
func (m *Mapper) device(rec *devices.Recording, name string, out *devices.Recorder) error {
	to := m.Text(name)
	for k := range rec.Recorded(name) {
		k.Device, k.Query, k.Output = to, m.query(k.Query), m.Text(k.Output)
		if k.Err != nil {
			k.Err = mapped{m.Text(k.Err.Error()), k.Err}
		}
		if err := out.Keep(k); err != nil {
			return err
		}
	}
	for _, f := range rec.Unnamed(name) {
		o, err := rec.File(name, f)
		if err != nil {
			continue // damaged: rec.Damage tells
		}
		if err := out.KeepFile(to, m.Text(f), m.Text(o.Output)); err != nil {
			return err
		}
	}
	return nil
}

// query maps the addresses and names of a query.
func (m *Mapper) query(q string) string {
	return strings.Join(strings.Fields(m.Text(q)), " ")
}

// mapped is an error in other words.
type mapped struct {
	text string
	err  error
}

func (e mapped) Error() string { return e.text }

func (e mapped) Unwrap() error { return e.err }
