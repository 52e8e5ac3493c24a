package gnmi

import (
	"context"

	pb "github.com/openconfig/gnmi/proto/gnmi"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// readOnly reports whether a gRPC method is one of the three that read.
func readOnly(method string) bool {
	switch method {
	case pb.GNMI_Capabilities_FullMethodName, pb.GNMI_Get_FullMethodName, pb.GNMI_Subscribe_FullMethodName:
		return true
	}
	return false
}

func refuse(method string) error {
	return status.Errorf(codes.PermissionDenied, "netsonde only reads: %s is never sent", method)
}

// readOnlyUnary and readOnlyStream are the last hop: what they refuse has not
// left the process.
func readOnlyUnary(ctx context.Context, method string, req, reply any, cc *grpc.ClientConn, next grpc.UnaryInvoker, opts ...grpc.CallOption) error {
	if !readOnly(method) {
		return refuse(method)
	}
	return next(ctx, method, req, reply, cc, opts...)
}

func readOnlyStream(ctx context.Context, d *grpc.StreamDesc, cc *grpc.ClientConn, method string, next grpc.Streamer, opts ...grpc.CallOption) (grpc.ClientStream, error) {
	if !readOnly(method) {
		return nil, refuse(method)
	}
	return next(ctx, d, cc, method, opts...)
}
