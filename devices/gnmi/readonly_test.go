package gnmi

import (
	"context"
	"slices"
	"testing"

	pb "github.com/openconfig/gnmi/proto/gnmi"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// TestSetNeverLeaves goes behind the session's back, with gnmic's target and
// with its bare connection, and finds that the server saw none of it.
func TestSetNeverLeaves(t *testing.T) {
	f := &fake{}
	s := open(t, f.serve(t, nil), Dialer{})
	ctx := context.Background()
	if _, err := s.target.Set(ctx, &pb.SetRequest{}); status.Code(err) != codes.PermissionDenied {
		t.Errorf("Set: %v; want PermissionDenied", err)
	}
	if _, err := s.target.Client.Set(ctx, &pb.SetRequest{}); status.Code(err) != codes.PermissionDenied {
		t.Errorf("Set by the client: %v; want PermissionDenied", err)
	}
	if got, want := f.seen(), []string{pb.GNMI_Capabilities_FullMethodName}; !slices.Equal(got, want) {
		t.Errorf("the server saw %v; want %v", got, want)
	}
}

// TestInterceptorsPassThree drives both interceptors with every kind of name.
func TestInterceptorsPassThree(t *testing.T) {
	for method, want := range map[string]bool{
		"/gnmi.gNMI/Capabilities":               true,
		"/gnmi.gNMI/Get":                        true,
		"/gnmi.gNMI/Subscribe":                  true,
		"/gnmi.gNMI/Set":                        false,
		"/gnmi.gNMI/get":                        false,
		"/gnoi.system.System/Reboot":            false,
		"/gnoi.file.File/Put":                   false,
		"/gribi.gRIBI/Modify":                   false,
		"/grpc.reflection.v1.ServerReflection/": false,
		"":                                      false,
	} {
		passed := 0
		_ = readOnlyUnary(context.Background(), method, nil, nil, nil,
			func(context.Context, string, any, any, *grpc.ClientConn, ...grpc.CallOption) error {
				passed++
				return nil
			})
		_, _ = readOnlyStream(context.Background(), nil, nil, method,
			func(context.Context, *grpc.StreamDesc, *grpc.ClientConn, string, ...grpc.CallOption) (grpc.ClientStream, error) {
				passed++
				return nil, nil
			})
		if passed != map[bool]int{true: 2, false: 0}[want] {
			t.Errorf("%q passed %d interceptors", method, passed)
		}
	}
}
