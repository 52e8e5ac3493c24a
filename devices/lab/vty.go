package lab

import (
	"bufio"
	"bytes"
	"fmt"
	"net"
	"time"
)

// vty asks one of a router's daemons over its vty socket and returns the
// answer to the last command. It is what vtysh does, without the 30 ms of
// processor time that vtysh needs to build its command tree, which a health
// check of nine routers would spend fifty times.
//
// A command goes out with a zero byte behind it; an answer ends in three zero
// bytes and a return code (FRR, lib/vty.c, "vtysh_read").
func (r Running) vty(daemon string, commands ...string) (string, error) {
	// A Unix socket belongs to no network namespace; its path is the node's.
	conn, err := net.DialTimeout("unix", fmt.Sprintf("/proc/%d/root/run/frr/%s.vty", r.Init.PID, daemon), time.Second)
	if err != nil {
		return "", fmt.Errorf("%s: %s: %w", r.Name, daemon, err)
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(5 * time.Second)); err != nil {
		return "", err
	}
	in := bufio.NewReader(conn)
	var answer []byte
	for _, command := range commands {
		if _, err := conn.Write(append([]byte(command), 0)); err != nil {
			return "", fmt.Errorf("%s: %s: %s: %w", r.Name, daemon, command, err)
		}
		if answer, err = readAnswer(in); err != nil {
			return "", fmt.Errorf("%s: %s: %s: %w", r.Name, daemon, command, err)
		}
	}
	return string(answer), nil
}

// readAnswer reads one answer; a return code other than 0 is an error.
func readAnswer(in *bufio.Reader) ([]byte, error) {
	var all []byte
	for {
		part, err := in.ReadSlice(0)
		all = append(all, part...)
		if err == bufio.ErrBufferFull {
			continue
		}
		if err != nil {
			return nil, err
		}
		if text, ended := bytes.CutSuffix(all, []byte{0, 0, 0}); ended {
			code, err := in.ReadByte()
			if err == nil && code != 0 {
				err = fmt.Errorf("return code %d: %s", code, bytes.TrimSpace(text))
			}
			return text, err
		}
	}
}
