package deploy_test

import (
	"net"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/sendwatch/sendwatch/configs"
)

// configuration is what a service of ours reads: the mounted file, and over it the
// image's environment and the service's own.
func configuration(t *testing.T, c *composeFile, name string) *configs.Config {
	t.Helper()
	s := c.Services[name]
	known := append(configs.Variables(), "SENDWATCH_CONFIG")
	env := imageEnvironment(t)
	for key, value := range s.Environment {
		if strings.HasPrefix(key, "SENDWATCH_") && !slices.Contains(known, key) {
			t.Errorf("%s: %s sets nothing", name, key)
		}
		env[key] = value
	}
	file := ""
	for _, r := range s.Configs {
		if r.Target == env["SENDWATCH_CONFIG"] {
			file = filepath.Join("..", c.Configs[r.Source].File)
		}
	}
	cfg, err := configs.Load(file, func(key string) string { return env[key] })
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return cfg
}

// The image without anything listens where EXPOSE says, beyond its own loopback.
func TestImageAlone(t *testing.T) {
	env := imageEnvironment(t)
	for key := range env {
		if !slices.Contains(configs.Variables(), key) {
			t.Errorf("ENV %s sets nothing", key)
		}
	}
	cfg, err := configs.Load("", func(key string) string { return env[key] })
	if err != nil {
		t.Fatal(err)
	}
	host, port, err := net.SplitHostPort(cfg.Site.Listen)
	if err != nil || host != "0.0.0.0" || dockerfile(t).last("EXPOSE") != port+"/tcp" {
		t.Errorf("the site listens on %s, EXPOSE %s", cfg.Site.Listen, dockerfile(t).last("EXPOSE"))
	}
}

func TestConfigurationsOfServices(t *testing.T) {
	for _, tc := range []struct {
		name         string
		env          map[string]string
		placeholders int
		smtp         string
	}{
		{"as it comes", nil, 3, "localhost"},
		{"with the settings of env.example", examples(t), 0, "relay.school.uk"},
	} {
		c := compose(t, tc.env)
		ours := 0
		for name, s := range c.Services {
			if !s.ours() {
				continue
			}
			ours++
			cfg := configuration(t, c, name)
			if got := cfg.Placeholder(); len(got) != tc.placeholders {
				t.Errorf("%s, %s: %v hold example values, want %d", tc.name, name, got, tc.placeholders)
			}
			if cfg.SMTP.Host != tc.smtp {
				t.Errorf("%s, %s: mail goes to %q, want %q", tc.name, name, cfg.SMTP.Host, tc.smtp)
			}
			if !slices.ContainsFunc(s.Volumes, func(v mountedVolume) bool { return v.Target == cfg.DataDir }) {
				t.Errorf("%s, %s: no volume is mounted on %s", tc.name, name, cfg.DataDir)
			}
			if len(cfg.Sources) == 0 {
				t.Errorf("%s, %s: nothing is crawled", tc.name, name)
			}
		}
		if ours < 2 {
			t.Errorf("%d services run sendwatch", ours)
		}
	}
}

// The mail catcher is a service under the name and the port that env.example gives.
func TestMailCatcherOfTheExample(t *testing.T) {
	text, err := os.ReadFile("env.example")
	if err != nil {
		t.Fatal(err)
	}
	env := examples(t)
	for line := range strings.Lines(string(text)) {
		if key, value, found := strings.Cut(strings.TrimSpace(line), "="); found && strings.HasPrefix(key, "#SENDWATCH_SMTP_") {
			env[key[1:]] = value
		}
	}
	c := compose(t, env)
	cfg := configuration(t, c, "worker")
	if m, ok := c.Services[cfg.SMTP.Host]; !ok || cfg.SMTP.Port != 1025 || cfg.SMTP.TLS != "none" || !reaches(c, "worker", cfg.SMTP.Host) {
		t.Errorf("mail goes to %s port %d by %s: %+v", cfg.SMTP.Host, cfg.SMTP.Port, cfg.SMTP.TLS, m)
	}
}

// reaches reports whether two services share a network.
func reaches(c *composeFile, from, to string) bool {
	return slices.ContainsFunc(c.Services[from].Networks, func(n string) bool { return slices.Contains(c.Services[to].Networks, n) })
}

// The database and the index are those that run, and take what they are asked with.
func TestEnginesAgree(t *testing.T) {
	c := compose(t, nil)
	made := makeSecrets(t, filepath.Join(t.TempDir(), "secrets"))
	secret := func(name string) string { // what a service finds in /run/secrets
		return strings.TrimSpace(made[path.Base(c.Secrets[name].File)])
	}
	for _, name := range []string{"web", "worker"} {
		cfg := configuration(t, c, name)
		address, err := url.Parse(secret(path.Base(cfg.DatabaseURLFile)))
		if err != nil {
			t.Fatal(err)
		}
		postgres := c.Services[address.Hostname()]
		password, _ := address.User.Password()
		if !reaches(c, name, address.Hostname()) || address.Port() != "5432" ||
			address.Path != "/"+postgres.Environment["POSTGRES_DB"] || address.User.Username() != postgres.Environment["POSTGRES_USER"] ||
			password != secret(path.Base(postgres.Environment["POSTGRES_PASSWORD_FILE"])) {
			t.Errorf("%s is sent to a database that is not there, or not so", name)
		}
		nodes := cfg.Search.Meilisearch()
		if len(nodes) != 1 {
			t.Fatalf("%s asks %v", name, nodes)
		}
		node, err := url.Parse(nodes[0])
		if err != nil {
			t.Fatal(err)
		}
		meilisearch := c.Services[node.Hostname()]
		if !reaches(c, name, node.Hostname()) || !slices.ContainsFunc(meilisearch.Healthcheck.Test, func(arg string) bool { return strings.Contains(arg, ":"+node.Port()+"/") }) {
			t.Errorf("%s asks %s, where nobody answers", name, node)
		}
		if key := secret(path.Base(cfg.Search.MeilisearchKeyFile)); !strings.Contains(secret("meilisearch_config"), `"`+key+`"`) {
			t.Errorf("%s does not ask with Meilisearch's key", name)
		}
		if len(secret(path.Base(cfg.SigningKeyFile))) < 32 {
			t.Errorf("%s: the signing key is too short", name)
		}
	}
}

// The port that a service publishes is where the site listens, for everybody in the
// container and nobody beyond what is published.
func TestPublishedPort(t *testing.T) {
	c := compose(t, nil)
	_, port, _ := strings.Cut(configuration(t, c, "web").Site.Listen, ":")
	if got := c.Services["web"].Ports; !slices.Equal(got, []string{"127.0.0.1:8080:" + port}) {
		t.Errorf("the site listens on port %s, published is %v", port, got)
	}
	if got := dockerfile(t).last("EXPOSE"); got != port+"/tcp" {
		t.Errorf("the image exposes %s, the site listens on port %s", got, port)
	}
	if got := compose(t, map[string]string{"HTTP_PORT": "80"}).Services["web"].Ports[0]; got != "127.0.0.1:80:"+port {
		t.Errorf("HTTP_PORT=80 publishes %s", got)
	}
}
