package lab

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"time"

	"github.com/netsonde/netsonde/devices/lab/target"
)

// An authority signs the certificates of one lab's gNMI targets. Its private
// key never leaves the supervisor's memory.
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

// validity is longer than any lab lives.
const validity = 30 * 24 * time.Hour

// newAuthority makes the lab's own authority and writes its certificate to
// ca.pem.
func (l *Lab) newAuthority() (*authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "sondelab " + l.Name},
		NotBefore: l.Created.Add(-time.Hour), NotAfter: l.Created.Add(validity),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return nil, err
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, err
	}
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	return &authority{cert, key}, os.WriteFile(l.path("ca.pem"), text, 0o644)
}

// issue makes a server certificate for a node.
func (a *authority) issue(node string) (*tls.Config, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	serial, err := rand.Int(rand.Reader, big.NewInt(1<<62))
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: node}, DNSNames: []string{node},
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, NotBefore: a.cert.NotBefore, NotAfter: a.cert.NotAfter,
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.cert, &key.PublicKey, a.key)
	if err != nil {
		return nil, err
	}
	return &tls.Config{
		MinVersion:   tls.VersionTLS12,
		Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}},
	}, nil
}

// gnmiTarget prepares the gNMI target of a node. It listens on the node's own
// loopback, so it is out of reach when the node is.
func (s *supervisor) gnmiTarget(n Running, a *authority) (target.Node, error) {
	t := target.Node{
		Name:  n.Name,
		NetNS: fmt.Sprintf("/proc/%d/ns/net", n.Init.PID),
		PID:   n.Init.PID,
		User:  User, Password: s.password,
	}
	if n.Group == "router" {
		t.RunDir = fmt.Sprintf("/proc/%d/root/run/frr", n.Init.PID)
	}
	var err error
	if t.TLS, err = a.issue(n.Name); err != nil {
		return t, err
	}
	err = inNetwork(n.Init.PID, func() (err error) {
		t.Listener, err = net.ListenTCP("tcp4", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: gnmiPort})
		return err
	})
	return t, err
}
