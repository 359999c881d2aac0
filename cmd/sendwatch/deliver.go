package main

import (
	"context"
	"math/rand/v2"

	"github.com/sendwatch/sendwatch/configs"
	"github.com/sendwatch/sendwatch/ingest"
	"github.com/sendwatch/sendwatch/notifier"
	"github.com/sendwatch/sendwatch/notifier/email"
)

// renderer writes emails in the words of the taxonomy.
func (a *app) renderer() (*email.Renderer, error) {
	return email.NewRenderer(email.Options{
		From: a.cfg.SMTP.From, Site: a.links.Base, Now: a.now, Label: a.label, UnconfirmedDays: a.cfg.Privacy.UnconfirmedDays,
	})
}

// label is what a taxonomy id is called; empty when it is not known.
func (a *app) label(id string) string {
	if r, ok := a.taxonomy.Role(id); ok {
		return r.Label
	}
	if c, ok := a.taxonomy.Concept(id); ok {
		return c.Label
	}
	if l, ok := a.taxonomy.Need(id); ok {
		return l.Label
	}
	if l, ok := a.taxonomy.Setting(id); ok {
		return l.Label
	}
	if l, ok := a.taxonomy.Phase(id); ok {
		return l.Label
	}
	return ""
}

// dispatcher sends through the configured mail server.
func (a *app) dispatcher() (*notifier.Dispatcher, error) {
	password, err := configs.Secret(a.cfg.SMTP.PasswordFile)
	if err != nil {
		return nil, err
	}
	r, err := a.renderer()
	if err != nil {
		return nil, err
	}
	sender, err := email.NewSender(email.SMTPOptions{
		Host: a.cfg.SMTP.Host, Port: a.cfg.SMTP.Port, TLS: email.TLS(a.cfg.SMTP.TLS),
		Username: a.cfg.SMTP.Username, Password: password,
		LoopbackOnly: len(a.cfg.Placeholder()) > 0,
	})
	if err != nil {
		return nil, err
	}
	return notifier.NewDispatcher(notifier.DispatcherOptions{
		Store: a.store, Renderer: r, Sender: sender, Links: a.links, Now: a.now, Jitter: rand.Float64, Log: a.log,
		Operator: a.cfg.OperatorEmail(), Advice: ingest.Advice,
	}), nil
}

// deliver sends what is due and logs what it did.
func (a *app) deliver(ctx context.Context, d *notifier.Dispatcher) error {
	done, err := d.Deliver(ctx)
	for result, n := range map[string]int{"sent": done.Sent, "retried": done.Retried, "dropped": done.Dropped, "notice": done.Notices} {
		a.metrics.Messages(result, n)
	}
	if done != (notifier.Delivered{}) {
		a.log.Info("delivered", "sent", done.Sent, "confirmations", done.Confirmations, "notices", done.Notices, "retried", done.Retried, "dropped", done.Dropped)
	}
	return err
}
