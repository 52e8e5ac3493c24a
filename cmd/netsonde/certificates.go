package main

import (
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/netsonde/netsonde/devices"
	"github.com/netsonde/netsonde/devices/state"
	"github.com/netsonde/netsonde/policies"
)

// certificates reads the copies of a device's certificates.
func (r *intentReader) certificates(name string, files []string) {
	at := "certificates." + name
	if _, ok := r.n.inv.Find(name); !ok {
		r.unknown(at, "no device is called %q%s", name, policies.Nearest(name, r.names()))
		return
	}
	for i, f := range files {
		path := f
		if !filepath.IsAbs(f) {
			path = filepath.Join(filepath.Dir(r.file), f)
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			r.fault(fmt.Sprintf("%s[%d]", at, i), "%w", err)
			continue
		}
		found := false
		for block, rest := pem.Decode(raw); block != nil; block, rest = pem.Decode(rest) {
			if block.Type != "CERTIFICATE" {
				continue // a key beside it is nobody's business
			}
			c, err := x509.ParseCertificate(block.Bytes)
			if err != nil {
				r.fault(fmt.Sprintf("%s[%d]", at, i), "%s: %w", path, err)
				continue
			}
			found = true
			r.certificate(name, f, c)
			break // the first is the device's, the others are its issuers'
		}
		if !found {
			r.fault(fmt.Sprintf("%s[%d]", at, i), "%s holds no certificate in PEM", path)
		}
	}
}

// certificate makes the facts of a certificate, and the observation that they
// are read from.
func (r *intentReader) certificate(device, file string, c *x509.Certificate) {
	query := "certificate " + file
	text := fmt.Sprintf("Subject: %s\nIssuer: %s\nNot before: %s\nNot after: %s\n", c.Subject, c.Issuer, c.NotBefore.UTC().Format(time.RFC3339), c.NotAfter.UTC().Format(time.RFC3339))
	r.out.beside = append(r.out.beside, devices.Observation{Device: device, Query: query, At: r.n.info.CapturedAt, Output: text})
	r.out.Certificates = append(r.out.Certificates, state.Certificate{
		Origin: state.Origin{Row: state.Ref{Device: device, Query: query, Line: 4}},
		Device: device, Name: file, Subject: c.Subject.String(), NotAfter: c.NotAfter,
	})
}
