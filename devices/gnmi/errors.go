package gnmi

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/netsonde/netsonde/devices"
	"github.com/netsonde/netsonde/policies"
)

// translate turns an error of gRPC into one of the answers of devices, with a
// sentence that says what to do. The device's own words follow, cleaned.
func (s *session) translate(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded):
		return s.silent(err)
	case errors.Is(err, io.EOF) || errors.Is(err, errEnded):
		return fmt.Errorf("%w: the device ended the stream", devices.ErrUnreachable)
	}
	st, ok := status.FromError(err)
	if !ok {
		return err
	}
	said := st.Message()
	switch st.Code() {
	case codes.Unauthenticated:
		return answer(devices.ErrDenied, "the device refused the user name, password or token", said)
	case codes.PermissionDenied:
		return answer(devices.ErrDenied, "this account may not read it", said)
	case codes.Unimplemented:
		return answer(devices.ErrUnsupported, "the device does not have this call or encoding", said)
	case codes.NotFound:
		return answer(devices.ErrUnsupported, "the device has no such path, or nothing at it", said)
	case codes.InvalidArgument:
		return answer(devices.ErrUnsupported, "the device does not take this path", said)
	case codes.DeadlineExceeded, codes.Canceled:
		return s.silent(err)
	case codes.ResourceExhausted:
		if tooLarge(err) {
			return fmt.Errorf("the answer is larger than %d MiB: ask for a narrower path", s.limit>>20)
		}
		return fmt.Errorf("the device has no room for this read now: %s", quote(said))
	case codes.Unavailable:
		return s.unavailable(said)
	}
	if strings.Contains(said, "content-type") || strings.Contains(said, "HTTP status code") {
		return answer(devices.ErrUnreachable, "what answers at "+s.address()+" is not a gNMI server", said)
	}
	return fmt.Errorf("the device failed (%s): %s", st.Code(), quote(said))
}

// silent is the error of a deadline, or of a caller that has gone.
func (s *session) silent(err error) error {
	if errors.Is(err, context.Canceled) || status.Code(err) == codes.Canceled {
		return fmt.Errorf("gnmi: %w", context.Canceled)
	}
	return fmt.Errorf("%w: %s did not answer in time", devices.ErrTimeout, s.address())
}

func (s *session) address() string {
	return net.JoinHostPort(s.device.Address, strconv.Itoa(s.device.GNMI.Port))
}

// A sign is a text by which the TLS or gRPC library names what kept a
// connection from opening, and the sentence that a user can act on.
type sign struct {
	text     string
	sentinel error
	sentence string
}

func signs() []sign {
	return []sign{
		{"first record does not look like a TLS handshake", devices.ErrUnreachable,
			"the server speaks plaintext: if that is meant, say insecure: true for it in the inventory"},
		{"certificate required", devices.ErrDenied, "the server demands a client certificate: give cert and key in the inventory"},
		{"bad certificate", devices.ErrDenied, "the server refused our client certificate"},
		{"unknown certificate authority", devices.ErrDenied, "the server does not trust the authority of our client certificate"},
		{"signed by unknown authority", devices.ErrUnreachable,
			"the server's certificate is of an authority that is not trusted: give its CA as ca in the inventory"},
		{"certificate has expired", devices.ErrUnreachable, "the server's certificate is out of its time, or our clock is wrong"},
		{"certificate is valid for", devices.ErrUnreachable, "the server's certificate is for another name: give the right one as server_name"},
		{"cannot validate certificate for", devices.ErrUnreachable, "the server's certificate has no IP address: give its name as server_name"},
		{"x509: ", devices.ErrUnreachable, "the server's certificate is not acceptable"},
		{"protocol version", devices.ErrUnreachable, "the server has no TLS 1.2 or later"},
		{"connection refused", devices.ErrUnreachable, "nothing listens there: is gNMI switched on, and on this port?"},
		{"no such host", devices.ErrUnreachable, "the address does not resolve"},
		{"i/o timeout", devices.ErrUnreachable, "no answer: a filter, or the host is down"},
	}
}

// unavailable finds out why no connection came about, or why it broke.
func (s *session) unavailable(said string) error {
	for _, sg := range signs() {
		if strings.Contains(said, sg.text) {
			return answer(sg.sentinel, s.address()+": "+sg.sentence, said)
		}
	}
	for _, closed := range [...]string{"server preface", "EOF", "broken pipe", "connection reset"} {
		if strings.Contains(said, closed) {
			return s.closed(said)
		}
	}
	return answer(devices.ErrUnreachable, s.address()+": no connection", said)
}

// closed says why the server may have closed the connection without a word.
func (s *session) closed(said string) error {
	sentinel, sentence := devices.ErrUnreachable, "the server closed the connection"
	switch fresh := s.encodings == nil; {
	case !fresh:
	case s.asked.Load() && s.device.GNMI.Cert == "":
		sentinel, sentence = devices.ErrDenied, "the server demands a client certificate: give cert and key in the inventory"
	case s.asked.Load():
		sentinel, sentence = devices.ErrDenied, "the server closed the connection after it had asked for our client certificate: it does not accept it"
	case s.device.GNMI.Insecure:
		sentence = "the server does not speak gRPC in plaintext: leave out insecure if it has TLS"
	}
	return answer(sentinel, s.address()+": "+sentence, said)
}

// answer builds the error of one of the seven answers.
func answer(sentinel error, sentence, said string) error {
	if said == "" {
		return fmt.Errorf("%w: %s", sentinel, sentence)
	}
	return fmt.Errorf("%w: %s (%s)", sentinel, sentence, quote(said))
}

// quote makes the device's words short, printable and of one line.
func quote(said string) string {
	said = strings.Join(strings.Fields(policies.Printable(said)), " ")
	if len(said) > 200 {
		said = strings.ToValidUTF8(said[:200], "") + "..."
	}
	return said
}

// reason is err without the words of its sentinel's first part, for a mark
// within an answer.
func reason(err error) string { return quote(err.Error()) }

// atDial makes sure that whatever keeps a session from opening is one of the
// two answers that the caller knows: denied, or unreachable.
func atDial(err error) error {
	if errors.Is(err, devices.ErrDenied) || errors.Is(err, devices.ErrUnreachable) || errors.Is(err, context.Canceled) {
		return err
	}
	return fmt.Errorf("%w: %w", devices.ErrUnreachable, err)
}

// tooLarge reports whether the answer was too large for one message of ours.
func tooLarge(err error) bool {
	return status.Code(err) == codes.ResourceExhausted && strings.Contains(err.Error(), "larger than max")
}

// encodingRefused reports whether the device says that it does not have an
// encoding. Codes and words differ from vendor to vendor.
func encodingRefused(err error) bool {
	switch status.Code(err) {
	case codes.Unimplemented, codes.InvalidArgument, codes.Unknown, codes.Internal:
		return err != nil && strings.Contains(strings.ToLower(err.Error()), "encoding")
	}
	return false
}
