package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/mail"
	"net/url"
	"strings"
	"time"

	"github.com/sendwatch/sendwatch/configs"
	"github.com/sendwatch/sendwatch/notifier/email"
)

// certificateSoon is how long before a certificate ends it is spoken of.
const certificateSoon = 14 * 24 * time.Hour

func (d *doctor) checkMail(ctx context.Context) []finding {
	o := d.cfg.SMTP
	password, err := configs.Secret(o.PasswordFile)
	if err != nil {
		return []finding{fail("correct smtp.password_file, or the file", "smtp.password_file: %v", err)}
	}
	var found []finding
	switch {
	case o.Username != "" && o.PasswordFile == "":
		found = append(found, warn("set smtp.password_file", "smtp.username is set and smtp.password_file is not"))
	case o.Username == "" && o.PasswordFile != "":
		found = append(found, warn("set smtp.username", "smtp.password_file is set and smtp.username is not, so nobody logs in"))
	}
	if o.TLS == "none" && !email.Loopback(o.Host) {
		found = append(found, warn("set smtp.tls to starttls or implicit", "messages travel to %s in the clear", o.Host))
	}
	sender, err := email.NewSender(email.SMTPOptions{
		Host: o.Host, Port: o.Port, TLS: email.TLS(o.TLS), Username: o.Username, Password: password,
		LoopbackOnly: len(d.cfg.Placeholder()) > 0,
	})
	if err != nil {
		return append(found, fail("set them, or a mail server on this machine; serve does not deliver until then", "%v", err))
	}
	from, err := mail.ParseAddress(o.From)
	if err != nil { // cannot be: the configuration is sound
		return append(found, fail("correct smtp.from", "smtp.from is no address"))
	}
	h, err := sender.Check(ctx, from.Address)
	if err != nil {
		return append(found, fail(mailRemedy(err), "%s: %v; messages wait and are tried again for five days", sender.Address(), err))
	}
	if !h.Expires.IsZero() && h.Expires.Sub(d.now()) < certificateSoon {
		found = append(found, warn("have it renewed", "the certificate of %s ends on %s", o.Host, h.Expires.UTC().Format("2 January 2006")))
	}
	said := []string{sender.Address() + " takes the sender"}
	if h.TLS != "" {
		said = append(said, "over "+h.TLS)
	}
	if h.LoggedIn {
		said = append(said, "with the password")
	}
	return append([]finding{fine("%s", strings.Join(said, ", "))}, found...)
}

// mailRemedy says what to do about a failure of the mail server.
func mailRemedy(err error) string {
	var refused *email.SendError
	if !errors.As(err, &refused) {
		return "correct smtp.host and smtp.port"
	}
	var unknown *tls.CertificateVerificationError
	switch {
	case refused.Step == email.StepSender:
		return "let the relay accept smtp.from from this user"
	case refused.Code == 530, refused.Code == 534, refused.Code == 535:
		return "correct smtp.username and the file of smtp.password_file"
	case errors.As(err, &unknown):
		return "use the name that stands in the server's certificate, or have one that this machine trusts"
	case refused.Code != 0:
		return "ask the relay's operator what this answer means"
	}
	return "start the relay, or correct smtp.host, smtp.port and smtp.tls"
}

func (d *doctor) checkSite(ctx context.Context) []finding {
	base, err := url.Parse(d.cfg.Site.BaseURL)
	if err != nil { // cannot be: the configuration is sound
		return []finding{fail("correct site.base_url", "site.base_url is no address")}
	}
	var found []finding
	if base.Scheme != "https" && !email.Loopback(base.Hostname()) {
		found = append(found, fail("put a proxy that speaks TLS before the site, and set site.base_url to its address",
			"%s is not https, so no alert can be sent: one-click unsubscribe needs it (RFC 8058)", base.Redacted()))
	}
	status, said, err := get(ctx, base.JoinPath("healthz"))
	switch {
	case err != nil:
		return append(found, warn("start serve, or let the proxy pass on to "+d.cfg.Site.Listen, "%s does not answer from here: %v", base.Redacted(), err))
	case status != http.StatusOK || strings.TrimSpace(said) != "ok":
		return append(found, warn("let the proxy pass everything on to "+d.cfg.Site.Listen, "%s is answered by something else (status %d)", base.JoinPath("healthz").Redacted(), status))
	}
	return append(found, fine("%s answers", base.Redacted()))
}

// get asks an address of the operator's own.
func get(ctx context.Context, u *url.URL) (status int, body string, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), http.NoBody)
	if err != nil {
		return 0, "", err
	}
	client := &http.Client{Transport: &http.Transport{Proxy: http.ProxyFromEnvironment, DisableKeepAlives: true}}
	resp, err := client.Do(req)
	if err != nil {
		var asked *url.Error
		if errors.As(err, &asked) {
			err = asked.Err // the address is said already
		}
		return 0, "", err
	}
	defer func() { _ = resp.Body.Close() }() // it was only read
	text, err := io.ReadAll(io.LimitReader(resp.Body, 1<<10))
	if err != nil {
		return 0, "", fmt.Errorf("read the answer: %w", err)
	}
	return resp.StatusCode, string(text), nil
}
