// Package ssh reads devices over SSH: a [Dialer] opens sessions that take
// nothing but a policies.Query.
//
// It keeps these rules:
//
//   - What goes over the wire is the text of a Query and a line's end, or the
//     fixed form in which a shell runs it (vtysh -c '...'). No code here knows
//     how to leave a device's exec mode.
//   - A host key must stand in the device's known_hosts files. A key that
//     changed and a key that is not known are two errors, each with its way
//     out; accepting new keys is the only loosening, and a changed key is
//     never accepted.
//   - A password is sent to a device once a dial, by one method. A refused
//     login is devices.ErrDenied, which the caller does not try again.
//   - A session that timed out, was cancelled or overflowed is spent: late
//     output would answer the next query.
//
// A platform whose commands are run by a shell is read over exec channels, the
// others on a terminal, by way of scrapligo's generic driver over a transport
// of this package.
package ssh
