//go:build linux || darwin

package main

import (
	"fmt"
	"os/exec"
	"runtime"
	"syscall"
)

// processLimit is how much of a resource this process may use.
type processLimit struct {
	name     string
	resource int
	value    uint64
}

// limitProcess limits what this process may use, for as long as it lives.
func limitProcess() error {
	limits := []processLimit{
		{"processor time", syscall.RLIMIT_CPU, documentSeconds},
		{"file size", syscall.RLIMIT_FSIZE, 0},
		{"core dumps", syscall.RLIMIT_CORE, 0},
	}
	if runtime.GOOS == "linux" {
		// Elsewhere a Go process has more address space from its start, and the
		// limit is refused.
		limits = append(limits, processLimit{"address space", syscall.RLIMIT_AS, documentAddress}, processLimit{"memory", syscall.RLIMIT_DATA, documentData})
	}
	for _, l := range limits {
		var now syscall.Rlimit
		if err := syscall.Getrlimit(l.resource, &now); err != nil {
			return fmt.Errorf("limit of %s: %w", l.name, err)
		}
		// What is set already may be less, and can not be raised.
		limit := syscall.Rlimit{Cur: min(l.value, now.Max), Max: min(l.value, now.Max)}
		if l.resource == syscall.RLIMIT_CPU {
			limit.Max = min(l.value+1, now.Max) // the first is a warning, the second a kill
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
