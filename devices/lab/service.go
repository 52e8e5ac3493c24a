package lab

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/miekg/dns"
)

// Zone is what the lab's DNS server answers for.
var zone = map[string]string{
	"dns.lab.example.": "10.4.0.53",
	"www.lab.example.": "10.4.0.80",
	"h1.lab.example.":  "10.1.0.10",
	"h5.lab.example.":  "10.5.0.10",
}

// RunService is the life of one service process of a node: "dns" or "http".
// It listens wherever the node has an address, so that an address which comes
// and goes does not end it.
func RunService(ctx context.Context, name string) error {
	switch name {
	case "dns":
		return serveDNS(ctx)
	case "http":
		return serveHTTP(ctx)
	}
	return fmt.Errorf("no service %q: dns or http", name)
}

func serveDNS(ctx context.Context) error {
	mux := dns.NewServeMux()
	mux.HandleFunc("lab.example.", answer)
	failed := make(chan error, 2)
	for _, network := range []string{"udp", "tcp"} {
		s := &dns.Server{Addr: ":53", Net: network, Handler: mux}
		go func() { failed <- s.ListenAndServe() }()
		defer s.Shutdown()
	}
	select {
	case <-ctx.Done():
		return nil
	case err := <-failed:
		return err
	}
}

// answer answers A queries from the zone.
func answer(w dns.ResponseWriter, q *dns.Msg) {
	m := new(dns.Msg)
	m.SetReply(q)
	m.Authoritative = true
	for _, question := range q.Question {
		address, known := zone[question.Name]
		if !known {
			m.Rcode = dns.RcodeNameError
			continue
		}
		if question.Qtype == dns.TypeA {
			m.Answer = append(m.Answer, &dns.A{
				Hdr: dns.RR_Header{Name: question.Name, Rrtype: dns.TypeA, Class: dns.ClassINET, Ttl: 5},
				A:   net.ParseIP(address),
			})
		}
	}
	_ = w.WriteMsg(m) // a client that has gone needs no answer
}

func serveHTTP(ctx context.Context) error {
	s := &http.Server{
		Addr:              ":80",
		ReadHeaderTimeout: 5 * time.Second,
		Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprintln(w, "the service behind r4")
		}),
	}
	stop := context.AfterFunc(ctx, func() { s.Close() })
	defer stop()
	if err := s.ListenAndServe(); ctx.Err() == nil {
		return err
	}
	return nil
}
