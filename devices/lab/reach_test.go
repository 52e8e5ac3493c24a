package lab

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/openconfig/gnmi/proto/gnmi"
	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/knownhosts"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

// password returns the lab's password, as its inventory refers to it.
func password(t *testing.T, l *Lab) string {
	t.Helper()
	data, err := os.ReadFile(l.path("password"))
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(data))
}

// checkPasswords logs in by password, which only the right one must allow.
func checkPasswords(t *testing.T, l *Lab) {
	n, err := l.Node("r1")
	if err != nil {
		t.Fatal(err)
	}
	known, err := knownhosts.New(l.KnownHosts())
	if err != nil {
		t.Fatal(err)
	}
	for _, user := range []string{User, TerminalUser, "root"} {
		for _, secret := range []string{password(t, l), "wrong"} {
			client, err := ssh.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", n.SSH), &ssh.ClientConfig{
				User: user, Auth: []ssh.AuthMethod{ssh.Password(secret)}, HostKeyCallback: known,
			})
			if allowed, want := err == nil, user != "root" && secret != "wrong"; allowed != want {
				t.Errorf("%s: let in is %v, want %v: %v", user, allowed, want, err)
			}
			if err == nil {
				client.Close()
			}
		}
	}
}

// checkGNMI asks a node's gNMI target for its state, as any client would.
func checkGNMI(t *testing.T, l *Lab) {
	n, err := l.Node("r1")
	if err != nil {
		t.Fatal(err)
	}
	ca, err := os.ReadFile(l.path("ca.pem"))
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(ca) {
		t.Fatal("ca.pem holds no certificate")
	}
	conn, err := grpc.NewClient(fmt.Sprintf("127.0.0.1:%d", n.GNMI),
		grpc.WithTransportCredentials(credentials.NewTLS(&tls.Config{RootCAs: pool, ServerName: "r1", MinVersion: tls.VersionTLS12})))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	client := gnmi.NewGNMIClient(conn)
	request := &gnmi.GetRequest{Encoding: gnmi.Encoding_JSON_IETF, Path: []*gnmi.Path{{Elem: []*gnmi.PathElem{
		{Name: "interfaces"}, {Name: "interface", Key: map[string]string{"name": "eth1"}}, {Name: "state"}, {Name: "oper-status"},
	}}}}
	as := func(secret string) (*gnmi.GetResponse, error) {
		return client.Get(metadata.AppendToOutgoingContext(t.Context(), "username", User, "password", secret), request)
	}
	answer, err := as(password(t, l))
	if err != nil || !strings.Contains(answer.String(), "UP") {
		t.Errorf("oper-status of r1:eth1: %v, %v", answer, err)
	}
	if _, err := as("wrong"); status.Code(err) != codes.Unauthenticated {
		t.Errorf("a wrong password: %v, want Unauthenticated", err)
	}
}
