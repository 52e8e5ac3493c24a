package main

import (
	"io"
	"strings"
	"testing"

	"github.com/netsonde/netsonde/devices"
)

// What netsonde logs in with never stands in what is told of a device, also
// where no pattern would find it.
func TestLoginsAreRedacted(t *testing.T) {
	c := testConsole(t, io.Discard)
	ssh := devices.SSH{User: "ops", Password: devices.NewSecret("login-pw"), Passphrase: devices.NewSecret("key-phrase")}
	inv := &devices.Inventory{
		Devices: []devices.Device{
			{Name: "r1", SSH: ssh, GNMI: devices.GNMI{Password: devices.NewSecret("gnmi-pw"), Token: devices.NewSecret("gnmi-token")}},
			{Name: "r2", SSH: ssh},
		},
		Jumps: []devices.Device{{Name: "j1", SSH: devices.SSH{Password: devices.NewSecret("jump-pw")}}},
	}
	r, err := c.redactor(Config{StateDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	const said = "it echoed login-pw key-phrase gnmi-pw gnmi-token jump-pw to ops"
	got := r.Knowing(logins(inv)...).Redact("", said)
	for _, secret := range logins(inv) {
		if strings.Contains(got, secret) {
			t.Errorf("%q holds %s", got, secret)
		}
	}
	if len(logins(inv)) != 5 || !strings.HasPrefix(got, "it echoed ") || !strings.HasSuffix(got, " to ops") {
		t.Errorf("got %q of %d secrets", got, len(logins(inv)))
	}
}
