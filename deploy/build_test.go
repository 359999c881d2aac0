package deploy_test

import (
	"debug/elf"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// maxBinary is how large the image's binary, and with it the image, may become.
const maxBinary = 64 << 20

// TestImageBinary runs the Dockerfile's own build command and then what it built.
func TestImageBinary(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the whole binary")
	}
	if runtime.GOOS != "linux" {
		t.Skip("the image is Linux's")
	}
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("needs the go tool:", err)
	}
	const built = "/out/sendwatch"
	command := ""
	for _, in := range dockerfile(t).stage("build") {
		if in.name == "RUN" && strings.Contains(in.rest, "go build") {
			command = in.rest
		}
	}
	if strings.Count(command, built) != 1 {
		t.Fatalf("the build stage makes no %s: %q", built, command)
	}
	binary := filepath.Join(t.TempDir(), "sendwatch")
	build := exec.CommandContext(t.Context(), "sh", "-c", strings.Replace(command, built, `"$BINARY"`, 1))
	build.Dir = ".."
	build.Env = append(os.Environ(), "TARGETOS=linux", "TARGETARCH="+runtime.GOARCH, "VERSION=1.2.3-image", "BINARY="+binary)
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", command, err, out)
	}
	static(t, binary)

	// As in the image: no shell, no folder of its own, no environment but the image's.
	for args, want := range map[string]string{
		"--version":     "1.2.3-image",
		"serve --help":  "--role",
		"doctor --help": "--live",
	} {
		run := exec.CommandContext(t.Context(), binary, strings.Fields(args)...)
		run.Env = []string{"SENDWATCH_DATA_DIR=" + t.TempDir()}
		run.Dir = t.TempDir()
		if out, err := run.CombinedOutput(); err != nil || !strings.Contains(string(out), want) {
			t.Errorf("sendwatch %s: %v; %q is not in\n%s", args, err, want, out)
		}
	}
}

// static checks that a binary needs nothing of the system it runs on, and is small.
func static(t *testing.T, binary string) {
	t.Helper()
	st, err := os.Stat(binary)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("the binary has %.1f MiB", float64(st.Size())/(1<<20))
	if st.Size() > maxBinary {
		t.Errorf("the binary has %d bytes, more than %d", st.Size(), maxBinary)
	}
	f, err := elf.Open(binary)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	for _, p := range f.Progs {
		if p.Type == elf.PT_INTERP {
			t.Error("the binary wants a dynamic linker, and the image has none")
		}
	}
	for _, s := range f.Sections {
		if strings.HasPrefix(s.Name, ".debug") || s.Name == ".symtab" {
			t.Errorf("the binary carries %s", s.Name)
		}
	}
}
