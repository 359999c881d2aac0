package fetch

import (
	"errors"
	"strings"
)

// hidden stands for what is not to be shown.
const hidden = "…"

// shown is a text without the policy's secrets.
func (p *Policy) shown(s string) string {
	for _, secret := range p.Secrets {
		if secret != "" {
			s = strings.ReplaceAll(s, secret, hidden)
		}
	}
	return s
}

// conceal takes the policy's secrets out of an error's words. What the error wraps
// is found as before.
func (rt *RoundTripper) conceal(err error) error {
	var failed *Error
	if len(rt.policy.Secrets) == 0 || !errors.As(err, &failed) {
		return err
	}
	out := *failed
	out.URL = rt.policy.shown(failed.URL)
	if failed.Err != nil {
		out.Err = &concealed{rt.policy.shown(failed.Err.Error()), failed.Err}
	}
	return &out
}

// concealed is an error in other words.
type concealed struct {
	words string
	err   error
}

func (c *concealed) Error() string { return c.words }
func (c *concealed) Unwrap() error { return c.err }
