package web

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/sendwatch/sendwatch/store"
)

// sessionLife is how long a session lives that is used. An unused one ends sooner;
// see the store.
const sessionLife = 7 * 24 * time.Hour

// The cookie that carries a session. The __Host- prefix has browsers refuse one that
// another host of the domain, or plain HTTP, tries to set.
const (
	secureCookie = "__Host-sendwatch"
	plainCookie  = "sendwatch"
)

// errSignIn is what a page says that needs an access which the visitor does not
// show. It is the same whether the page is there or not.
var errSignIn = userError{http.StatusForbidden, "This page is for those who run the site. Open your sign-in link first: “sendwatch access link” makes one. If you have signed in and came here from another site, open the page again."}

// errSpent is what a sign-in link says that does not serve.
var errSpent = userError{http.StatusNotFound, "This sign-in link does not serve any more: it was used, its time is over, or it was cut short. “sendwatch access link” makes a new one."}

// errKey is what a request with a key that is none of ours is answered.
var errKey = userError{http.StatusUnauthorized, "This API key is not known here, or it was revoked. Ask whoever runs this site for a new one, or leave the Authorization field out."}

// secure reports whether the site is reached over TLS.
func (s *Site) secure() bool { return strings.HasPrefix(s.o.Links.Base, "https://") }

func (s *Site) cookieName() string {
	if s.secure() {
		return secureCookie
	}
	return plainCookie
}

// setSession gives the browser a session, or with an empty one takes it away.
func (s *Site) setSession(w http.ResponseWriter, secret string) {
	c := http.Cookie{
		Name: s.cookieName(), Value: secret, Path: "/", MaxAge: int(sessionLife.Seconds()),
		Secure: s.secure(), HttpOnly: true, SameSite: http.SameSiteStrictMode,
	}
	if secret == "" {
		c.MaxAge = -1
	}
	http.SetCookie(w, &c)
}

// signInPage shows a button: programs that look at links in messages open them, and
// the link is good for one use.
func (s *Site) signInPage(w http.ResponseWriter, _ *http.Request) error {
	return s.button(w, "Sign in", buttonPage{
		Text:   "Press the button to sign in on this browser. The link works once; until you sign out, one small cookie remembers you here.",
		Button: "Sign in",
	})
}

// signIn uses the link up and begins a session.
func (s *Site) signIn(w http.ResponseWriter, r *http.Request) error {
	secret, err := store.MintToken(s.o.Random, store.TokenSession)
	if err != nil {
		return err
	}
	ends := s.o.Now().Add(sessionLife)
	a, err := s.o.Store.SignIn(r.Context(), r.PathValue("token"), store.Token{Secret: secret, Kind: store.TokenSession, ExpiresAt: &ends})
	if errors.Is(err, store.ErrNotFound) {
		return errSpent
	}
	if err != nil {
		return err
	}
	s.o.Log.Info("somebody signed in", "role", a.Role)
	s.setSession(w, secret)
	home := "/"
	if a.Role == store.RoleOperator {
		home = "/operator"
	}
	http.Redirect(w, r, home, http.StatusSeeOther)
	return nil
}

func (s *Site) signOut(w http.ResponseWriter, r *http.Request) error {
	if c, err := r.Cookie(s.cookieName()); err == nil {
		if err := s.o.Store.SignOut(r.Context(), c.Value); err != nil {
			return err
		}
	}
	s.setSession(w, "")
	return s.say(w, "Signed out", message{Text: "This browser is signed out.", Next: "/", NextText: "Search the posts"})
}

// only lets those through who have signed in with the role.
func (s *Site) only(role store.Role, h handler) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		c, err := r.Cookie(s.cookieName())
		if err != nil {
			return errSignIn
		}
		a, err := s.o.Store.Authenticate(r.Context(), store.TokenSession, c.Value)
		if errors.Is(err, store.ErrNotFound) || err == nil && a.Role != role {
			return errSignIn
		}
		if err != nil {
			return err
		}
		return h(w, r)
	}
}

// admit counts a request, and returns why it may not pass. What programs ask with an
// API key is counted for the key's holder, everything else for its address.
func (s *Site) admit(w http.ResponseWriter, r *http.Request) error {
	var holder store.Access
	var err error
	switch classOf(r) {
	case classAPI, classExports, classMatch:
		holder, err = s.keyHolder(r)
	}
	var passes bool
	if holder.Name != "" {
		passes = s.limiter.allowHolder(w, r, holder.Name)
	} else {
		passes = s.limiter.allow(w, r)
	}
	if !passes {
		return errTooMany
	}
	if errors.Is(err, errKey) {
		w.Header().Set("WWW-Authenticate", `Bearer error="invalid_token"`)
	}
	return err
}

// keyHolder is whose API key a request carries: nobody's when it carries none, errKey
// when that is none of ours.
func (s *Site) keyHolder(r *http.Request) (store.Access, error) {
	scheme, secret, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return store.Access{}, nil
	}
	a, err := s.o.Store.Authenticate(r.Context(), store.TokenKey, strings.TrimSpace(secret))
	if errors.Is(err, store.ErrNotFound) {
		return store.Access{}, errKey
	}
	return a, err
}
