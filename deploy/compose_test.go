// Package deploy_test holds the container files to what they promise, as far as that
// can be checked without a container engine: that everything they name exists, that
// the configuration which they make is sound, that nothing is open that need not be,
// and that the image's build command builds.
package deploy_test

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
)

// composeFile is what docker-compose.yml may hold. A key that is not here is a
// mistake or a new decision, and either is looked at.
type composeFile struct {
	Name      string                 `yaml:"name"`
	Guarded   any                    `yaml:"x-guarded"`
	Sendwatch any                    `yaml:"x-sendwatch"`
	Patience  any                    `yaml:"x-patience"`
	Services  map[string]service     `yaml:"services"`
	Networks  map[string]network     `yaml:"networks"`
	Volumes   map[string]struct{}    `yaml:"volumes"`
	Configs   map[string]mountedFile `yaml:"configs"`
	Secrets   map[string]mountedFile `yaml:"secrets"`
}

type service struct {
	Image           string               `yaml:"image"`
	Build           *build               `yaml:"build"`
	Command         []string             `yaml:"command"`
	User            string               `yaml:"user"`
	Environment     map[string]string    `yaml:"environment"`
	Ports           []string             `yaml:"ports"`
	Networks        []string             `yaml:"networks"`
	Volumes         []mountedVolume      `yaml:"volumes"`
	Configs         []reference          `yaml:"configs"`
	Secrets         []reference          `yaml:"secrets"`
	Tmpfs           []string             `yaml:"tmpfs"`
	ShmSize         string               `yaml:"shm_size"`
	DependsOn       map[string]condition `yaml:"depends_on"`
	Profiles        []string             `yaml:"profiles"`
	Healthcheck     healthcheck          `yaml:"healthcheck"`
	Restart         string               `yaml:"restart"`
	ReadOnly        bool                 `yaml:"read_only"`
	CapDrop         []string             `yaml:"cap_drop"`
	SecurityOpt     []string             `yaml:"security_opt"`
	StopGracePeriod time.Duration        `yaml:"stop_grace_period"`
	Logging         logging              `yaml:"logging"`
	Deploy          deployment           `yaml:"deploy"`
}

type build struct {
	Context string            `yaml:"context"`
	Args    map[string]string `yaml:"args"`
}

type network struct {
	Internal bool `yaml:"internal"`
}

type mountedFile struct {
	File string `yaml:"file"`
}

type mountedVolume struct {
	Type   string `yaml:"type"`
	Source string `yaml:"source"`
	Target string `yaml:"target"`
}

type condition struct {
	Condition string `yaml:"condition"`
}

type healthcheck struct {
	Test        []string      `yaml:"test"`
	Interval    time.Duration `yaml:"interval"`
	Timeout     time.Duration `yaml:"timeout"`
	StartPeriod time.Duration `yaml:"start_period"`
	Retries     int           `yaml:"retries"`
}

type logging struct {
	Driver  string            `yaml:"driver"`
	Options map[string]string `yaml:"options"`
}

type deployment struct {
	Resources struct {
		Limits struct {
			CPUs   string `yaml:"cpus"`
			Memory string `yaml:"memory"`
			PIDs   int    `yaml:"pids"`
		} `yaml:"limits"`
	} `yaml:"resources"`
}

// reference names a config or a secret of the file, in short or with a target.
type reference struct {
	Source string `yaml:"source"`
	Target string `yaml:"target"`
}

// UnmarshalYAML reads either form.
func (r *reference) UnmarshalYAML(b []byte) error {
	if yaml.Unmarshal(b, &r.Source) == nil && !strings.Contains(r.Source, ":") {
		r.Target = "/run/secrets/" + r.Source
		return nil
	}
	type long reference
	if err := yaml.UnmarshalWithOptions(b, (*long)(r), yaml.Strict()); err != nil {
		return err
	}
	if !strings.HasPrefix(r.Target, "/") {
		r.Target = "/run/secrets/" + r.Target
	}
	return nil
}

var variable = regexp.MustCompile(`\$(\$|\{(\w+)(:-([^}]*))?\})?`)

// interpolate puts the values of variables in their places, as ${NAME} or
// ${NAME:-default}; anything else that begins with a dollar is a mistake.
func interpolate(t *testing.T, text string, env map[string]string) string {
	t.Helper()
	return variable.ReplaceAllStringFunc(text, func(found string) string {
		m := variable.FindStringSubmatch(found)
		switch {
		case m[1] == "$":
			return "$"
		case m[2] == "":
			t.Errorf("docker-compose.yml: a dollar without ${NAME} or ${NAME:-default}")
		case env[m[2]] != "":
			return env[m[2]]
		}
		return m[4]
	})
}

// compose reads docker-compose.yml with the given variables.
func compose(t *testing.T, env map[string]string) *composeFile {
	t.Helper()
	text, err := os.ReadFile("../docker-compose.yml")
	if err != nil {
		t.Fatal(err)
	}
	var c composeFile
	if err := yaml.UnmarshalWithOptions([]byte(interpolate(t, string(text), env)), &c, yaml.Strict()); err != nil {
		t.Fatalf("docker-compose.yml: %v", yaml.FormatError(err, false, true))
	}
	return &c
}

// ours reports whether a service runs the binary of this repository.
func (s *service) ours() bool { return s.Build != nil }

func TestServices(t *testing.T) {
	c := compose(t, nil)
	if got := slices.Sorted(maps.Keys(c.Services)); !slices.Equal(got, []string{"mail", "meilisearch", "postgres", "web", "worker"}) {
		t.Errorf("the services are %v", got)
	}
	pinned := regexp.MustCompile(`^[a-z0-9]+(/[a-z0-9]+)*:v?\d+\.\d+(\.\d+)?(-[a-z]+[\d.]+)?$`)
	for name, s := range c.Services {
		switch {
		case s.ours() && (s.Build.Context != "." || s.Image != "sendwatch:local"):
			t.Errorf("%s is built from %q as %q", name, s.Build.Context, s.Image)
		case !s.ours() && !pinned.MatchString(s.Image):
			t.Errorf("%s: the image %q names no version", name, s.Image)
		}
		if h := s.Healthcheck; len(h.Test) < 2 || h.Test[0] != "CMD" || h.Interval == 0 || h.Timeout == 0 || h.Timeout >= h.Interval || h.StartPeriod == 0 || h.Retries < 1 {
			t.Errorf("%s: the health check %+v is not whole", name, h)
		}
	}
}

func TestServicesAreGuarded(t *testing.T) {
	c := compose(t, nil)
	for name, s := range c.Services {
		limits := s.Deploy.Resources.Limits
		for what, holds := range map[string]bool{
			"its file system can be written":     s.ReadOnly,
			"it keeps capabilities":              slices.Equal(s.CapDrop, []string{"ALL"}),
			"it can gain privileges":             slices.Contains(s.SecurityOpt, "no-new-privileges:true"),
			"it does not come back":              s.Restart == "unless-stopped",
			"its log grows without end":          s.Logging.Options["max-size"] != "" && s.Logging.Options["max-file"] != "",
			"its limits are not set":             limits.CPUs != "" && limits.Memory != "" && limits.PIDs > 0,
			"it is not given time to stop":       s.StopGracePeriod > 0,
			"it has no folder for passing files": slices.ContainsFunc(s.Tmpfs, func(m string) bool { return strings.HasPrefix(m, "/tmp:") && strings.Contains(m, "size=") }),
			"it is on no network":                len(s.Networks) > 0,
		} {
			if !holds {
				t.Errorf("%s: %s", name, what)
			}
		}
		if len(s.Ports) > 0 && !s.ours() && !slices.Contains(s.Profiles, "trial") {
			t.Errorf("%s publishes %v: only the site is published", name, s.Ports)
		}
		for _, p := range s.Ports {
			if !regexp.MustCompile(`^127\.0\.0\.1:\d+:\d+$`).MatchString(p) {
				t.Errorf("%s publishes %q beyond this machine", name, p)
			}
		}
	}
	if !c.Networks["backend"].Internal || c.Networks["outside"].Internal {
		t.Errorf("the networks are %+v: backend has no way out, outside has", c.Networks)
	}
	for _, name := range []string{"postgres", "meilisearch"} {
		if got := c.Services[name].Networks; !slices.Equal(got, []string{"backend"}) {
			t.Errorf("%s is on %v, want the backend alone", name, got)
		}
	}
}

// Everything that is named stands in the file, and everything in the file is named.
func TestComposeReferences(t *testing.T) {
	c := compose(t, nil)
	networks, volumes, files := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for name, s := range c.Services {
		for _, n := range s.Networks {
			_, known := c.Networks[n]
			networks[n] = known
		}
		for _, v := range s.Volumes {
			if v.Type != "volume" || !strings.HasPrefix(v.Target, "/") {
				t.Errorf("%s mounts %+v", name, v)
			}
			if v.Source != "" {
				_, known := c.Volumes[v.Source]
				volumes[v.Source] = known
			}
		}
		for _, r := range s.Configs {
			_, known := c.Configs[r.Source]
			files["config "+r.Source] = known
		}
		for _, r := range s.Secrets {
			_, known := c.Secrets[r.Source]
			files["secret "+r.Source] = known
		}
		for other, on := range s.DependsOn {
			d, known := c.Services[other]
			if !known || on.Condition != "service_healthy" || len(d.Healthcheck.Test) == 0 || len(d.Profiles) > 0 {
				t.Errorf("%s waits for %s to be %q", name, other, on.Condition)
			}
		}
	}
	for _, used := range []map[string]bool{networks, volumes, files} {
		for name, known := range used {
			if !known {
				t.Errorf("%s is used and not defined", name)
			}
		}
	}
	if len(networks) != len(c.Networks) || len(volumes) != len(c.Volumes) || len(files) != len(c.Configs)+len(c.Secrets) {
		t.Errorf("something is defined and not used: used are %v %v %v", networks, volumes, files)
	}
	for name, f := range c.Configs {
		if _, err := os.Stat(filepath.Join("..", f.File)); err != nil {
			t.Errorf("config %s: %v", name, err)
		}
	}
	made := makeSecrets(t, t.TempDir())
	for name, f := range c.Secrets {
		base, ok := strings.CutPrefix(f.File, "./deploy/secrets/")
		if _, is := made[base]; !ok || !is {
			t.Errorf("secret %s: deploy/secrets.sh does not make %s", name, f.File)
		}
		delete(made, base)
	}
	if len(made) > 0 {
		t.Errorf("deploy/secrets.sh makes what nobody reads: %v", slices.Collect(maps.Keys(made)))
	}
}

// What a service is told to read is mounted into it.
func TestFilesOfServicesAreMounted(t *testing.T) {
	c := compose(t, examples(t))
	for name, s := range c.Services {
		mounted := map[string]bool{}
		for _, r := range slices.Concat(s.Configs, s.Secrets) {
			mounted[r.Target] = true
		}
		for key, value := range s.Environment {
			if (strings.HasSuffix(key, "_FILE") || strings.HasSuffix(key, "_PATH") && strings.HasPrefix(value, "/run/") || key == "SENDWATCH_CONFIG") && !mounted[value] {
				t.Errorf("%s: %s is %q, which is not mounted", name, key, value)
			}
		}
	}
}

// examples are the settings of env.example with a domain that could be real.
func examples(t *testing.T) map[string]string {
	t.Helper()
	text, err := os.ReadFile("env.example")
	if err != nil {
		t.Fatal(err)
	}
	env := map[string]string{}
	for line := range strings.Lines(string(text)) {
		key, value, found := strings.Cut(strings.TrimSpace(line), "=")
		if found && !strings.HasPrefix(key, "#") {
			env[key] = strings.ReplaceAll(strings.Trim(value, `"`), "example.org", "school.uk")
		}
	}
	if len(env) < 8 {
		t.Fatalf("env.example sets %v", env)
	}
	return env
}

// The compose file knows every variable of env.example, and env.example shows every
// variable of the compose file.
func TestVariablesOfTheExample(t *testing.T) {
	text, err := os.ReadFile("../docker-compose.yml")
	if err != nil {
		t.Fatal(err)
	}
	example, err := os.ReadFile("env.example")
	if err != nil {
		t.Fatal(err)
	}
	used, shown := map[string]bool{}, map[string]bool{}
	for _, m := range variable.FindAllStringSubmatch(string(text), -1) {
		used[m[2]] = true
	}
	for _, m := range regexp.MustCompile(`(?m)^#?([A-Z_]+)=`).FindAllStringSubmatch(string(example), -1) {
		shown[m[1]] = true
	}
	if !maps.Equal(used, shown) {
		t.Errorf("docker-compose.yml uses %v, env.example shows %v", slices.Sorted(maps.Keys(used)), slices.Sorted(maps.Keys(shown)))
	}
}
