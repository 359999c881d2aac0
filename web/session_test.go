package web

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/sendwatch/sendwatch/store"
)

// invite gives somebody access and returns the path of the sign-in link.
func (b *bench) invite(name string, role store.Role) string {
	b.t.Helper()
	secret, err := store.MintToken(rand.Reader, store.TokenLink)
	if err != nil {
		b.t.Fatal(err)
	}
	ends := b.now.Add(time.Hour)
	if err := b.store.AddAccess(b.t.Context(), store.Access{Name: name, Role: role}, store.Token{Secret: secret, Kind: store.TokenLink, ExpiresAt: &ends}); err != nil {
		b.t.Fatal(err)
	}
	return "/sign-in/" + secret
}

// signIn signs somebody in and returns the cookie.
func (b *bench) signIn(name string, role store.Role) *http.Cookie {
	b.t.Helper()
	cs := b.post(b.invite(name, role), nil).is(http.StatusSeeOther).Result().Cookies()
	if len(cs) != 1 {
		b.t.Fatalf("cookies %v, want one", cs)
	}
	return cs[0]
}

// as opens a page with a cookie.
func (b *bench) as(c *http.Cookie, method, target string) answer {
	b.t.Helper()
	r := httptest.NewRequestWithContext(b.t.Context(), method, target, http.NoBody)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.AddCookie(c)
	return b.do(r)
}

func TestSignIn(t *testing.T) {
	b := newBench(t)
	link := b.invite("Jo", store.RoleOperator)
	for range 3 { // as mail scanners do
		b.get(link).is(http.StatusOK).says("Press the button to sign in")
	}
	a := b.post(link, nil).is(http.StatusSeeOther)
	if to := a.Header().Get("Location"); to != "/operator" {
		t.Errorf("an operator lands at %q", to)
	}
	got := a.Header().Get("Set-Cookie")
	for _, want := range []string{"__Host-sendwatch=sws_", "; Path=/;", "; HttpOnly", "; Secure", "; SameSite=Strict", "; Max-Age=604800"} {
		if !strings.Contains(got, want) {
			t.Errorf("the cookie %q lacks %q", got, want)
		}
	}
	c := a.Result().Cookies()[0]
	b.as(c, http.MethodGet, "/operator").is(http.StatusOK).says("How the site runs")
	b.post(link, nil).is(http.StatusNotFound).says("was used")
	b.post("/sign-in/swl_nothing", nil).is(http.StatusNotFound).says("was used")

	out := b.as(c, http.MethodPost, "/sign-out").is(http.StatusOK).says("signed out")
	if got := out.Result().Cookies(); len(got) != 1 || got[0].MaxAge >= 0 || got[0].Value != "" {
		t.Errorf("signing out leaves %v", got)
	}
	b.as(c, http.MethodGet, "/operator").is(http.StatusForbidden).says("Open your sign-in link")
	if strings.Contains(b.log.String(), "sws_") || strings.Contains(b.log.String(), "swl_") || strings.Contains(b.log.String(), "Jo") {
		t.Errorf("a secret or a name is in the log:\n%s", b.log.String())
	}
}

func TestSignInCrossSite(t *testing.T) {
	b := newBench(t)
	link := b.invite("Jo", store.RoleOperator)
	b.from(link, "", map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}).is(http.StatusForbidden)
	b.from("/sign-out", "", map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}).is(http.StatusForbidden)
	// Over plain HTTP, off this machine, browsers say only this of a page without a referrer.
	b.from(link, "", map[string]string{"Origin": "null"}).is(http.StatusSeeOther)
}

// TestOnly holds every page of the operator shut to everybody else.
func TestOnly(t *testing.T) {
	b := newBench(t)
	adviser := b.signIn("sam", store.RoleAdviser)
	operator := b.signIn("Jo", store.RoleOperator)
	for _, page := range []string{"/operator", "/operator/sources/board", "/operator/quarantine?source=a"} {
		said := b.get(page).is(http.StatusForbidden).text("main")
		for name, c := range map[string]*http.Cookie{
			"an adviser": adviser, "a stranger": {Name: operator.Name, Value: "sws_nothing"}, "nothing": {Name: operator.Name},
			"the cookie of plain HTTP": {Name: plainCookie, Value: operator.Value},
		} {
			if got := b.as(c, http.MethodGet, page).is(http.StatusForbidden).text("main"); got != said {
				t.Errorf("%s with %s says %q, want %q", page, name, got, said)
			}
		}
	}
	if err := b.store.RevokeAccess(t.Context(), "Jo"); err != nil {
		t.Fatal(err)
	}
	b.as(operator, http.MethodGet, "/operator").is(http.StatusForbidden)
}

func TestPlainSession(t *testing.T) {
	s := &Site{}
	s.o.Links.Base = "http://127.0.0.1:8080"
	w := httptest.NewRecorder()
	s.setSession(w, "secret")
	if got := w.Header().Get("Set-Cookie"); !strings.HasPrefix(got, "sendwatch=secret; ") || strings.Contains(got, "Secure") || !strings.Contains(got, "HttpOnly; SameSite=Strict") {
		t.Errorf("on plain HTTP the cookie is %q", got)
	}
}

func TestKeyHolder(t *testing.T) {
	b := newBench(t)
	key, err := store.MintToken(rand.Reader, store.TokenKey)
	if err != nil {
		t.Fatal(err)
	}
	if err := b.store.AddAccess(t.Context(), store.Access{Name: "acme", Role: store.RoleAgency}, store.Token{Secret: key, Kind: store.TokenKey}); err != nil {
		t.Fatal(err)
	}
	s := &Site{o: Options{Store: b.store}}
	for header, want := range map[string]struct {
		role store.Role
		err  error
	}{
		"":                                   {},
		"Basic " + key:                       {},
		"Bearer " + key:                      {role: store.RoleAgency},
		"bearer  " + key + " ":               {role: store.RoleAgency},
		"Bearer":                             {err: errKey},
		"Bearer swk_nothing":                 {err: errKey},
		"Bearer " + strings.ToUpper(key):     {err: errKey},
		"Bearer " + strings.Repeat("x", 1e5): {err: errKey},
	} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/api/v1/vacancies", http.NoBody)
		r.Header.Set("Authorization", header)
		a, err := s.keyHolder(r)
		if a.Role != want.role || err != want.err { //nolint:errorlint // the very value is meant
			t.Errorf("%.40q: %q, %v; want %q, %v", header, a.Role, err, want.role, want.err)
		}
	}
}

// TestKeysMayAskMore: a key is counted for its holder, wherever it is used, and ten
// times as much; one that is none of ours is refused and does not pass as nobody's.
func TestKeysMayAskMore(t *testing.T) {
	b := newBenchWith(t, func(o *Options) { o.Limits = Limits{Pages: 1, API: 2} })
	key, err := store.MintToken(rand.Reader, store.TokenKey)
	if err != nil {
		t.Fatal(err)
	}
	if err := b.store.AddAccess(t.Context(), store.Access{Name: "acme", Role: store.RoleAgency}, store.Token{Secret: key, Kind: store.TokenKey}); err != nil {
		t.Fatal(err)
	}
	ask := func(target, key, from string) answer {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, target, http.NoBody)
		r.RemoteAddr = from
		if key != "" {
			r.Header.Set("Authorization", "Bearer "+key)
		}
		return b.do(r)
	}
	for i := range 20 {
		a := ask("/api/v1/vacancies", key, fmt.Sprintf("192.0.2.%d:5", i)).is(http.StatusOK)
		if got, want := a.Header().Get("RateLimit-Policy"), `"api";q=20;w=60`; got != want {
			t.Fatalf("RateLimit-Policy is %q, want %q", got, want)
		}
	}
	ask("/api/v1/vacancies", key, "192.0.2.99:5").is(http.StatusTooManyRequests)
	wrong := ask("/api/v1/vacancies", key+"x", "198.51.100.1:5").is(http.StatusUnauthorized)
	if got := wrong.Header().Get("WWW-Authenticate"); got != `Bearer error="invalid_token"` {
		t.Errorf("WWW-Authenticate is %q", got)
	}
	if got := wrong.Header().Get("Content-Type"); got != "application/problem+json" {
		t.Errorf("a wrong key is answered as %q", got)
	}
	ask("/api/v1/vacancies", key+"x", "198.51.100.1:5").is(http.StatusUnauthorized)
	ask("/api/v1/vacancies", key+"x", "198.51.100.1:5").is(http.StatusTooManyRequests)
	ask("/about", key, "203.0.113.1:5").is(http.StatusOK)
	ask("/about", key, "203.0.113.1:5").is(http.StatusTooManyRequests)
}
