package main

import (
	"cmp"
	"context"
	"log/slog"
	"time"

	"github.com/sendwatch/sendwatch/configs"
)

// doctorPatience bounds each check.
const doctorPatience = 5 * time.Second

type doctorCmd struct {
	Live  bool `help:"Only say by the exit code whether serve works on this data folder, for a container's health check." xor:"health"`
	Ready bool `help:"As --live, and the site must answer." xor:"health"`
}

func (doctorCmd) Help() string {
	return `Looks at the configuration, the data folder, the database, every index, the mail
server, the sources and the site, all at once, and says what to do. No site is
crawled and no message is sent. Each check ends after 5 seconds; what is down is a
line that says so. The exit code is 1 when a line says FAIL, else 0.

Examples:
  sendwatch --config sendwatch.yaml doctor
  sendwatch doctor --json
  sendwatch doctor --live`
}

func (c *doctorCmd) Run(e *env) error {
	cfg, err := e.config()
	if c.Live || c.Ready {
		if err != nil {
			return err
		}
		ctx, cancel := context.WithTimeout(e.ctx, doctorPatience)
		defer cancel()
		return alive(ctx, cfg, c.Ready)
	}
	var found []finding
	if err != nil {
		found = unsound(err)
	} else if found, err = e.examine(cfg, doctorPatience); err != nil {
		return err
	}
	d := diagnose(found)
	if err := d.print(e.out, e.cli.JSON); err != nil {
		return err
	}
	if !d.OK {
		return errSaid
	}
	return nil
}

// examine looks at everything that a configuration names. Patience bounds each check.
func (e *env) examine(cfg *configs.Config, patience time.Duration) ([]finding, error) {
	k, err := learn()
	if err != nil {
		return nil, err
	}
	d := &doctor{
		knowledge: k, cfg: cfg, now: e.now,
		file: cmp.Or(e.cli.Config, e.getenv("SENDWATCH_CONFIG"), "the built-in defaults"),
	}
	// Whoever waits for the database needs time to say that it does not answer.
	d.openStore(e.ctx, patience*8/10)
	found := examination{now: e.now, patience: patience}.examine(e.ctx, d.checks())
	return found, d.closeStore()
}

// doctor looks at one configuration's engines.
type doctor struct {
	*knowledge
	cfg     *configs.Config
	file    string
	now     func() time.Time
	opening *storeOpening
}

// checks are all there is to look at, in the order in which they are shown.
func (d *doctor) checks() []check {
	checks := []check{
		{"configuration", d.checkConfiguration},
		{"data folder", d.checkDataFolder},
		{"signing key", d.checkSigningKey},
		{"secrets", d.checkSecrets},
		{"serve", d.checkServe},
		{"database", d.checkStore},
		{"embedded index", d.checkEmbedded},
	}
	for _, node := range d.cfg.Search.Meilisearch() {
		checks = append(checks, check{nodeName(node), func(ctx context.Context) []finding { return d.checkNode(ctx, node) }})
	}
	return append(checks,
		check{"mail", d.checkMail},
		check{"sources", d.checkSources},
		check{"site", d.checkSite},
	)
}

// quiet keeps what the engines would log out of the report.
func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }
