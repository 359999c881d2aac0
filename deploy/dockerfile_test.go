package deploy_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// instruction is one of a Dockerfile, with its continued lines joined.
type instruction struct {
	name  string
	flags map[string]string
	rest  string
}

type instructions []instruction

// dockerfile reads the Dockerfile.
func dockerfile(t *testing.T) instructions {
	t.Helper()
	text, err := os.ReadFile("../Dockerfile")
	if err != nil {
		t.Fatal(err)
	}
	var out instructions
	whole := ""
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		part, continued := strings.CutSuffix(line, `\`)
		whole += part + " "
		if !continued {
			out = append(out, parseInstruction(strings.TrimSpace(whole)))
			whole = ""
		}
	}
	if whole != "" || len(out) < 10 {
		t.Fatalf("the Dockerfile ends within %q, after %d instructions", whole, len(out))
	}
	return out
}

func parseInstruction(line string) instruction {
	name, rest, _ := strings.Cut(line, " ")
	in := instruction{name: name, flags: map[string]string{}, rest: strings.TrimSpace(rest)}
	for strings.HasPrefix(in.rest, "--") {
		flag, after, _ := strings.Cut(in.rest, " ")
		key, value, _ := strings.Cut(flag[2:], "=")
		in.flags[key] = value
		in.rest = strings.TrimSpace(after)
	}
	return in
}

// stage gives the instructions from one FROM to the next.
func (all instructions) stage(name string) (out instructions) {
	within := false
	for _, in := range all {
		if in.name == "FROM" {
			within = strings.HasSuffix(in.rest, " AS "+name)
		}
		if within {
			out = append(out, in)
		}
	}
	return out
}

// last is what stands in the last instruction of a name.
func (all instructions) last(name string) string {
	for _, in := range slices.Backward(all) {
		if in.name == name {
			return in.rest
		}
	}
	return ""
}

// words reads the form of CMD, ENTRYPOINT and VOLUME that needs no shell.
func words(t *testing.T, text string) (out []string) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), &out); err != nil {
		t.Errorf("%q wants a shell, and the image has none: %v", text, err)
	}
	return out
}

// imageEnvironment is what ENV sets in the image.
func imageEnvironment(t *testing.T) map[string]string {
	t.Helper()
	env := map[string]string{}
	for _, in := range dockerfile(t).stage("run") {
		if in.name != "ENV" {
			continue
		}
		for _, pair := range strings.Fields(in.rest) {
			key, value, _ := strings.Cut(pair, "=")
			env[key] = value
		}
	}
	return env
}

func TestDockerfile(t *testing.T) {
	all := dockerfile(t)
	run := all.stage("run")
	if len(run) == 0 || run[0].rest != "scratch AS run" || run[len(run)-1].name != "CMD" {
		t.Fatalf("the last stage is not run, from scratch: %+v", run)
	}
	if user := run.last("USER"); !regexp.MustCompile(`^[1-9]\d*:[1-9]\d*$`).MatchString(user) {
		t.Errorf("USER %s: want numbers, neither of them root's", user)
	}
	binary := "/sendwatch"
	if got := words(t, run.last("ENTRYPOINT")); !slices.Equal(got, []string{binary}) {
		t.Errorf("ENTRYPOINT %v", got)
	}
	if got := words(t, run.last("CMD")); !slices.Equal(got, []string{"serve"}) {
		t.Errorf("CMD %v", got)
	}
	check, exec := strings.CutPrefix(run.last("HEALTHCHECK"), "CMD ")
	if got := words(t, check); !exec || len(got) < 2 || got[0] != binary {
		t.Errorf("HEALTHCHECK %v", got)
	}
	if got := words(t, run.last("VOLUME")); !slices.Equal(got, []string{imageEnvironment(t)["SENDWATCH_DATA_DIR"]}) {
		t.Errorf("VOLUME %v", got)
	}
	if copied := slices.ContainsFunc(run, func(in instruction) bool { return in.name == "COPY" && strings.HasSuffix(in.rest, " "+binary) }); !copied {
		t.Errorf("nothing is copied to %s", binary)
	}
	for _, label := range []string{"title", "description", "source", "licenses", "version"} {
		if !strings.Contains(run.last("LABEL"), "org.opencontainers.image."+label+"=") {
			t.Errorf("there is no label %s", label)
		}
	}
	secret := regexp.MustCompile(`(?i)passw|secret|token|_key\b|_url\b`)
	for _, in := range all {
		switch {
		case in.name == "ADD":
			t.Errorf("ADD %s: COPY fetches nothing", in.rest)
		case (in.name == "ENV" || in.name == "ARG") && secret.MatchString(in.rest):
			t.Errorf("%s %s: no secret belongs in a layer", in.name, in.rest)
		}
	}
}

func TestStages(t *testing.T) {
	mod, err := os.ReadFile("../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	wanted := regexp.MustCompile(`(?m)^go (\d+\.\d+)`).FindSubmatch(mod)
	pinned := regexp.MustCompile(`^golang:(\d+\.\d+)\.\d+-bookworm$`)
	stages, next := []string{"scratch"}, ""
	for _, in := range dockerfile(t) {
		from := in.flags["from"]
		if in.name == "FROM" {
			base, name, named := strings.Cut(in.rest, " AS ")
			if !named {
				t.Errorf("FROM %s has no name", in.rest)
			}
			if m := pinned.FindStringSubmatch(base); m != nil && m[1] != string(wanted[1]) {
				t.Errorf("FROM %s: go.mod wants %s", base, wanted[1])
			} else if m == nil {
				from = base
			}
			next = name
		}
		if from != "" && !slices.Contains(stages, from) {
			t.Errorf("%s from %q, which is neither an earlier stage nor a pinned image of Go", in.name, from)
		}
		if next != "" {
			stages, next = append(stages, next), ""
		}
	}
}

// ignored reports whether .dockerignore keeps a file out of the build: the last
// pattern that fits it, or a folder above it, decides.
func ignored(t *testing.T, file string) bool {
	t.Helper()
	text, err := os.ReadFile("../.dockerignore")
	if err != nil {
		t.Fatal(err)
	}
	out := false
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		pattern, included := strings.CutPrefix(line, "!")
		expr := regexp.QuoteMeta(pattern)
		expr = strings.NewReplacer(`\*\*/`, `(?:.*/)?`, `\*`, `[^/]*`, `\?`, `[^/]`).Replace(expr)
		if regexp.MustCompile(`^` + expr + `(?:/|$)`).MatchString(file) {
			out = !included
		}
	}
	return out
}

func TestCopiedFilesExist(t *testing.T) {
	for _, in := range dockerfile(t) {
		if in.name != "COPY" || in.flags["from"] != "" {
			continue
		}
		paths := strings.Fields(in.rest)
		for _, source := range paths[:len(paths)-1] {
			if _, err := os.Stat(filepath.Join("..", source)); err != nil || source != "." && ignored(t, source) {
				t.Errorf("COPY %s: it is not there, or .dockerignore keeps it out: %v", source, err)
			}
		}
	}
}

// What the binary is built from goes into the build, and nothing else does.
func TestDockerignore(t *testing.T) {
	goTool, err := exec.LookPath("go")
	if err != nil {
		t.Skip("needs the go tool:", err)
	}
	const list = `{{if and .Module .Module.Main}}{{$dir := .Dir}}{{range .GoFiles}}{{$dir}}/{{.}}
{{end}}{{range .EmbedFiles}}{{$dir}}/{{.}}
{{end}}{{end}}`
	out, err := exec.CommandContext(t.Context(), goTool, "list", "-deps", "-f", list, "../cmd/sendwatch").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	needed := map[string]bool{"go.mod": true, "go.sum": true}
	for file := range strings.FieldsSeq(string(out)) {
		rel, err := filepath.Rel(root, file)
		if err != nil {
			t.Fatal(err)
		}
		needed[filepath.ToSlash(rel)] = true
	}
	if len(needed) < 100 {
		t.Fatalf("only %d files are needed: %v", len(needed), needed)
	}
	for file := range needed {
		if ignored(t, file) {
			t.Errorf(".dockerignore keeps out %s, which is built", file)
		}
	}
	for _, file := range []string{".git/config", ".env", "data/sendwatch.db", "deploy/secrets/database_url.txt", "sendwatch.yaml", "bin/golangci-lint", "repo_test.go", "pay/testdata/a.txt", "README.md", "tools/go.mod"} {
		if !ignored(t, file) {
			t.Errorf(".dockerignore lets in %s", file)
		}
	}
	// Beside it goes only source, of packages that tests import.
	tracked, err := exec.CommandContext(t.Context(), "git", "-C", "..", "ls-files", "-z").Output()
	if err != nil {
		t.Skip("needs a git checkout:", err)
	}
	for file := range strings.SplitSeq(strings.Trim(string(tracked), "\x00"), "\x00") {
		if !ignored(t, file) && !needed[file] && filepath.Ext(file) != ".go" && filepath.Ext(file) != ".md" {
			t.Errorf(".dockerignore lets in %s, which is not built", file)
		}
	}
}
