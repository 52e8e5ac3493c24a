package target

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/openconfig/gnmi/proto/gnmi"
	gnmipath "github.com/openconfig/gnmic/pkg/api/path"
	"github.com/vishvananda/netlink"
	"go.uber.org/goleak"
	"golang.org/x/sys/unix"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreTopFunction("github.com/golang/glog.(*fileSink).flushDaemon")) // started by its init
}

// namespace is a network namespace of one test: lo, and eth1 with its other
// end eth2.
type namespace struct {
	path string
	do   chan func() // runs in the namespace
}

// newNamespace makes it on a thread of its own, which ends with the test.
func newNamespace(t *testing.T) *namespace {
	t.Helper()
	ns := &namespace{do: make(chan func())}
	ready := make(chan error)
	done := make(chan struct{})
	go func() {
		defer close(done)
		runtime.LockOSThread() // never unlocked: the thread dies with the goroutine
		if err := unix.Unshare(unix.CLONE_NEWNET); err != nil {
			ready <- err
			return
		}
		ns.path = fmt.Sprintf("/proc/%d/task/%d/ns/net", os.Getpid(), unix.Gettid())
		ready <- links()
		for f := range ns.do {
			f()
		}
	}()
	err := <-ready
	if errors.Is(err, unix.EPERM) {
		<-done
		t.Skip("network namespaces need root")
	}
	t.Cleanup(func() { close(ns.do); <-done })
	if err != nil {
		t.Fatal(err)
	}
	return ns
}

func links() error {
	veth := &netlink.Veth{LinkAttrs: netlink.LinkAttrs{Name: "eth1", MTU: 1400}, PeerName: "eth2"}
	if err := netlink.LinkAdd(veth); err != nil {
		return err
	}
	addr, err := netlink.ParseAddr("10.1.0.1/30")
	if err != nil {
		return err
	}
	if err := netlink.AddrAdd(veth, addr); err != nil {
		return err
	}
	for _, name := range []string{"lo", "eth1", "eth2"} {
		if err := up(name); err != nil {
			return err
		}
	}
	return carrier("eth1", "eth2")
}

// carrier waits until the kernel has noticed that the links are up, which it
// does a moment later.
func carrier(names ...string) error {
	for range 3000 {
		working := 0
		for _, name := range names {
			l, err := netlink.LinkByName(name)
			if err != nil {
				return err
			}
			if l.Attrs().OperState == netlink.OperUp {
				working++
			}
		}
		if working == len(names) {
			return nil
		}
		time.Sleep(10 * time.Millisecond)
	}
	return errors.New("no carrier on a veth pair")
}

func up(name string) error {
	l, err := netlink.LinkByName(name)
	if err != nil {
		return err
	}
	return netlink.LinkSetUp(l)
}

// in runs f in the namespace.
func (ns *namespace) in(t *testing.T, f func() error) {
	t.Helper()
	result := make(chan error)
	ns.do <- func() { result <- f() }
	if err := <-result; err != nil {
		t.Fatal(err)
	}
}

// down sets the far end of eth1 down: eth1 loses its carrier.
func (ns *namespace) down(t *testing.T) {
	t.Helper()
	ns.in(t, func() error {
		l, err := netlink.LinkByName("eth2")
		if err != nil {
			return err
		}
		return netlink.LinkSetDown(l)
	})
}

// daemons serves the recorded answers of FRR's daemons on vty sockets and
// returns their folder.
func daemons(t *testing.T, names ...string) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "vty") // short: a socket's path has 107 bytes
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	for _, name := range names {
		l, err := net.Listen("unix", filepath.Join(dir, name+".vty"))
		if err != nil {
			t.Fatal(err)
		}
		var all sync.WaitGroup
		all.Go(func() {
			for {
				c, err := l.Accept()
				if err != nil {
					return
				}
				all.Go(func() { answer(c, name) })
			}
		})
		t.Cleanup(func() { _ = l.Close(); all.Wait() })
	}
	return dir
}

// answer speaks the vty protocol: a command and a NUL in, the text, three
// NULs and the result code out.
func answer(c net.Conn, daemon string) {
	defer c.Close()
	in := bufio.NewReader(c)
	for {
		command, err := in.ReadString(0)
		if err != nil {
			return
		}
		name := strings.ReplaceAll(strings.TrimSuffix(command, "\x00"), " ", "_") + ".txt"
		text, err := os.ReadFile(filepath.Join("testdata", daemon, name))
		code := byte(0)
		if err != nil {
			text, code = []byte("% Unknown command\n"), 2
		}
		if _, err := c.Write(append(text, 0, 0, 0, code)); err != nil {
			return
		}
	}
}

// serve runs the target of n and returns a client of it.
func serve(t *testing.T, n Node) gnmi.GNMIClient {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	n.Name, n.Listener = "r1", l
	if n.Every == 0 {
		n.Every = 50 * time.Millisecond
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() { ended <- Serve(ctx, n) }()
	conn, err := grpc.NewClient(l.Addr().String(), grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = conn.Close()
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("Serve: %v", err)
		}
	})
	return gnmi.NewGNMIClient(conn)
}

func pathOf(t *testing.T, s string) *gnmi.Path {
	t.Helper()
	p, err := gnmipath.ParsePath(s)
	if err != nil {
		t.Fatal(err)
	}
	return p
}
