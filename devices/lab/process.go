package lab

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"syscall"
	"time"
)

// A Process is known by its id and its start time, so that an id which the
// kernel has given to another process since is never taken for it.
type Process struct {
	PID   int    `json:"pid"`
	Start uint64 `json:"start"` // clock ticks since boot (proc(5), stat field 22)
}

// processOf returns the process that has that id now.
func processOf(pid int) (Process, error) {
	start, err := startTime(pid)
	return Process{pid, start}, err
}

// startTime reads field 22 of /proc/PID/stat. The fields are counted from
// behind the command's closing parenthesis, for a command may hold spaces.
func startTime(pid int) (uint64, error) {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, err
	}
	fields := bytes.Fields(data[bytes.LastIndexByte(data, ')')+1:])
	if len(fields) < 20 {
		return 0, fmt.Errorf("process %d: short stat", pid)
	}
	if string(fields[0]) == "Z" {
		return 0, fmt.Errorf("process %d has ended", pid)
	}
	return strconv.ParseUint(string(fields[19]), 10, 64)
}

// Alive reports whether the process still runs.
func (p Process) Alive() bool {
	if p.PID <= 0 {
		return false
	}
	start, err := startTime(p.PID)
	return err == nil && start == p.Start
}

// signal sends sig if the process still runs.
func (p Process) signal(sig syscall.Signal) {
	if p.Alive() {
		_ = syscall.Kill(p.PID, sig) // it may end in between; that is what was wanted
	}
}

// waitGone waits until the process has ended, for at most d.
func (p Process) waitGone(d time.Duration) bool {
	for end := time.Now().Add(d); p.Alive(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			return false
		}
	}
	return true
}
