package hostileserver

import (
	"bytes"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"testing"
)

// MostMemory is how much more a hostile host may make us use than we did before.
const MostMemory = 256 << 20

// Memory begins a measurement, and returns what tells the most memory that was
// resident since over what is resident now, as the kernel knows it. Where it does not
// say, that is the most that Go ever had over what it had.
func Memory(t testing.TB) (over func() int64) {
	t.Helper()
	debug.FreeOSMemory()
	_ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0) // the kernel's peak; without it the run's so far stands
	base := peak(t)
	return func() int64 { return peak(t) - base }
}

func peak(t testing.TB) int64 {
	t.Helper()
	status, err := os.ReadFile("/proc/self/status")
	_, after, ok := bytes.Cut(status, []byte("VmHWM:"))
	if fields := bytes.Fields(after); err == nil && ok && len(fields) > 0 {
		kilobytes, err := strconv.ParseInt(string(fields[0]), 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		return kilobytes << 10
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.Sys)
}
