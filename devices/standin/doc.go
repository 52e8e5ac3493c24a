// Package standin serves stand-ins for devices on loopback: real SSH and gNMI servers
// that answer from a recording or a function, with the faults that real
// devices have. It is for tests, demonstrations and loads of thousands of
// devices; it imitates what a client sees, and knows no network.
//
// A server lives until its Close, which ends every connection and waits for
// their goroutines.
package standin
