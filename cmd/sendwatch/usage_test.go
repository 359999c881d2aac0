package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestExitCodes is the contract with scripts: 0 fine, 1 failed and said what, 2
// wrong usage. Data goes to standard output and everything else to standard error.
func TestExitCodes(t *testing.T) {
	dir := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	sound := file("sound.yaml", "data_dir: "+filepath.Join(dir, "data")+"\n")
	wrong := file("wrong.yaml", "data_dri: x\n")
	lines := file("lines.jsonl", `{"id":"1"}`+"\n")
	tests := []struct {
		name string
		args []string
		in   string
		want int
		says string // on standard error; "" means that it is not looked at
	}{
		{"no command shows the help", nil, "", exitFine, ""},
		{"help", []string{"--help"}, "", exitFine, ""},
		{"help of a command", []string{"normalise", "pay", "--help"}, "", exitFine, ""},
		{"version", []string{"--version"}, "", exitFine, ""},
		{"unknown command", []string{"frobnicate"}, "", exitUsage, "frobnicate"},
		{"unknown flag", []string{"crawl", "--fast"}, "", exitUsage, "--fast"},
		{"a command that needs another", []string{"sources"}, "", exitUsage, "check"},
		{"a missing argument", []string{"vacancy"}, "", exitUsage, "<id>"},
		{"a file that is not there", []string{"normalise", "pay", filepath.Join(dir, "none")}, "", exitUsage, "none"},
		{"half of a pair of flags", []string{"match", "--candidates", lines}, "", exitUsage, "go together"},
		{"a value out of a list", []string{"serve", "--role", "cook"}, "", exitUsage, "cook"},
		{"a distance that is none", []string{"search", "--within", "far"}, "", exitUsage, "--within"},
		{"an unknown source", []string{"--config", sound, "crawl", "nowhere"}, "", exitUsage, "nowhere"},
		{"an unknown place", []string{"--config", sound, "search", "--near", "Atlantis"}, "", exitFailed, "Atlantis"},
		{"an unknown role", []string{"--config", sound, "search", "--role", "wizard"}, "", exitFailed, "wizard"},
		{"a configuration that is not there", []string{"--config", filepath.Join(dir, "none.yaml"), "sources", "check"}, "", exitFailed, "none.yaml"},
		{"a configuration with a mistake", []string{"--config", wrong, "sources", "check"}, "", exitFailed, "data_dri"},
		{"no sources", []string{"--config", sound, "run-once"}, "", exitFailed, "sources:"},
		{"an unknown vacancy", []string{"--config", sound, "vacancy", "nothing"}, "", exitFailed, "nothing"},
		{"an unknown person", []string{"--config", sound, "privacy", "export", "nobody@people.example"}, "", exitFailed, "nothing is kept"},
		{"a line that cannot be read", []string{"normalise", "pay"}, "{\n", exitFailed, ""},
		{"lines that can be read", []string{"normalise", "pay", lines}, "", exitFine, ""},
		{"no lines at all", []string{"normalise", "vacancy"}, "", exitFine, ""},
		{"sources are checked", []string{"--config", sound, "sources", "check"}, "", exitFine, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var out, errs bytes.Buffer
			got := run(t.Context(), tt.args, streams{in: strings.NewReader(tt.in), out: &out, err: &errs, getenv: func(string) string { return "" }, now: time.Now})
			if got != tt.want {
				t.Errorf("exit %d, want %d\n%s%s", got, tt.want, out.String(), errs.String())
			}
			if !strings.Contains(errs.String(), tt.says) {
				t.Errorf("it says %q, and not %q", errs.String(), tt.says)
			}
			if tt.want == exitUsage && out.Len() > 0 {
				t.Errorf("a usage error prints to standard output: %q", out.String())
			}
			if tt.want == exitFine && errs.Len() > 0 {
				t.Errorf("a run that went well complains: %q", errs.String())
			}
		})
	}
}

// TestEveryCommandHasHelp walks the commands as the help lists them.
func TestEveryCommandHasHelp(t *testing.T) {
	for _, command := range []string{
		"demo", "serve", "run-once", "crawl", "index", "match", "deliver", "search", "vacancy",
		"sources list", "sources check", "sources try", "subscriptions import", "subscriptions export", "subscriptions list",
		"employers import", "employers list", "employers show", "normalise pay", "normalise requirements", "normalise vacancy", "renormalise", "reindex", "doctor", "access add", "access link", "access key", "access list", "access revoke", "privacy export", "privacy erase",
	} {
		t.Run(command, func(t *testing.T) {
			var out bytes.Buffer
			args := append(strings.Fields(command), "--help")
			code := run(t.Context(), args, streams{out: &out, err: &out, getenv: func(string) string { return "" }, now: time.Now})
			if code != exitFine || !strings.Contains(out.String(), "Usage: sendwatch "+command) {
				t.Errorf("exit %d:\n%s", code, out.String())
			}
			if !strings.Contains(out.String(), "sendwatch") || !strings.Contains(out.String(), "Example") {
				t.Errorf("no example in the help:\n%s", out.String())
			}
		})
	}
}
