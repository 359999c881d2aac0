//go:build unix

package main

import (
	"fmt"
	"os/exec"
	"syscall"
)

// limitProcess limits what this process may use, for as long as it lives.
func limitProcess() error {
	for _, l := range []struct {
		name     string
		resource int
		value    uint64
	}{
		{"address space", syscall.RLIMIT_AS, documentAddress},
		{"memory", syscall.RLIMIT_DATA, documentData},
		{"processor time", syscall.RLIMIT_CPU, documentSeconds},
		{"file size", syscall.RLIMIT_FSIZE, 0},
		{"core dumps", syscall.RLIMIT_CORE, 0},
	} {
		limit := syscall.Rlimit{Cur: l.value, Max: l.value}
		if l.resource == syscall.RLIMIT_CPU {
			limit.Max++ // the first is a warning, the second a kill
		}
		if err := syscall.Setrlimit(l.resource, &limit); err != nil {
			return fmt.Errorf("limit %s: %w", l.name, err)
		}
	}
	return nil
}

// ownGroup lets a process, and whatever it starts, be killed together.
func ownGroup(child *exec.Cmd) {
	child.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	child.Cancel = func() error { return syscall.Kill(-child.Process.Pid, syscall.SIGKILL) }
}
