package storetest

import (
	"crypto/rand"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sendwatch/sendwatch/store"
)

// token mints a token.
func (b *bench) token(kind store.TokenKind, expires *time.Time) store.Token {
	b.t.Helper()
	secret, err := store.MintToken(rand.Reader, kind)
	b.must(err)
	return store.Token{Secret: secret, Kind: kind, ExpiresAt: expires}
}

// in is a moment from now.
func (b *bench) in(d time.Duration) *time.Time {
	at := b.clock.Now().Add(d)
	return &at
}

// proves checks whom a token proves, "" for nobody.
func (b *bench) proves(t store.Token, want, when string) {
	b.t.Helper()
	a, err := b.Authenticate(b.t.Context(), t.Kind, t.Secret)
	if want == "" && !errors.Is(err, store.ErrNotFound) || want != "" && err != nil || a.Name != want {
		b.t.Errorf("%s: a %s proves %q (%v), want %q", when, t.Kind, a.Name, err, want)
	}
}

func testAccess(t *testing.T, open Open) {
	b := newBench(t, open)
	ctx := t.Context()
	link := b.token(store.TokenLink, b.in(time.Hour))
	b.must(b.AddAccess(ctx, store.Access{Name: "Jo", Role: store.RoleOperator}, link))
	key := b.token(store.TokenKey, nil)
	b.must(b.AddAccess(ctx, store.Access{Name: "acme", Role: store.RoleAgency, ExpiresAt: b.in(48 * time.Hour)}, key))
	if err := b.AddAccess(ctx, store.Access{Name: "Jo", Role: store.RoleAdviser}, b.token(store.TokenKey, nil)); !errors.Is(err, store.ErrTaken) {
		t.Errorf("a second Jo: %v, want ErrTaken", err)
	}

	// A link proves nothing by itself, is good for one session, and for no other kind.
	b.proves(link, "", "before signing in")
	b.proves(store.Token{Secret: link.Secret, Kind: store.TokenSession}, "", "as what it is not")
	b.proves(store.Token{Secret: strings.Repeat("x", 1<<20), Kind: store.TokenKey}, "", "out of all bounds")
	session := b.token(store.TokenSession, b.in(72*time.Hour))
	a, err := b.SignIn(ctx, link.Secret, session)
	b.must(err)
	if want := (store.Access{Name: "Jo", Role: store.RoleOperator, CreatedAt: b.clock.Now()}); !cmp.Equal(a, want) {
		t.Errorf("signed in as %+v, want %+v", a, want)
	}
	if _, err := b.SignIn(ctx, link.Secret, b.token(store.TokenSession, nil)); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("the link a second time: %v, want ErrNotFound", err)
	}
	if _, err := b.SignIn(ctx, key.Secret, b.token(store.TokenSession, nil)); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a key as a link: %v, want ErrNotFound", err)
	}
	b.proves(session, "Jo", "after signing in")
	b.proves(key, "acme", "with its key")

	// A second process knows the same, and what is listed holds no secret.
	again := open(t, b.opts)
	if got, err := again.Authenticate(ctx, store.TokenSession, session.Secret); err != nil || got.Name != "Jo" {
		t.Errorf("in another process the session proves %q (%v)", got.Name, err)
	}
	list, err := b.Accesses(ctx)
	b.must(err)
	now := b.clock.Now()
	want := []store.Access{
		{Name: "Jo", Role: store.RoleOperator, CreatedAt: now, Tokens: []store.TokenInfo{
			{Kind: store.TokenSession, Hint: session.Secret[:8], CreatedAt: now, ExpiresAt: session.ExpiresAt, UsedAt: &now}}},
		{Name: "acme", Role: store.RoleAgency, CreatedAt: now, ExpiresAt: b.in(48 * time.Hour), Tokens: []store.TokenInfo{
			{Kind: store.TokenKey, Hint: key.Secret[:8], CreatedAt: now, UsedAt: &now}}},
	}
	if d := cmp.Diff(want, list); d != "" {
		t.Errorf("listed (want, got):\n%s", d)
	}

	// A new key takes the old one's place at once; a session outlives a new link.
	newKey := b.token(store.TokenKey, nil)
	_, err = b.GrantToken(ctx, "acme", newKey)
	b.must(err)
	b.proves(key, "", "after a new key")
	b.proves(newKey, "acme", "after a new key")
	unused := b.token(store.TokenLink, b.in(time.Hour))
	_, err = b.GrantToken(ctx, "Jo", unused)
	b.must(err)
	b.proves(session, "Jo", "after a new link")
	if _, err := b.GrantToken(ctx, "nobody", newKey); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a key for nobody: %v, want ErrNotFound", err)
	}

	// Signing out ends one session; revoking ends everything at once.
	other := b.token(store.TokenSession, nil)
	_, err = b.SignIn(ctx, unused.Secret, other)
	b.must(err)
	b.must(b.SignOut(ctx, session.Secret))
	b.must(b.SignOut(ctx, session.Secret))
	b.proves(session, "", "after signing out")
	b.proves(other, "Jo", "after signing out elsewhere")
	b.must(b.RevokeAccess(ctx, "Jo"))
	b.proves(other, "", "when revoked")
	if err := b.RevokeAccess(ctx, "Jo"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("revoked again: %v, want ErrNotFound", err)
	}
}

// testAccessEnds moves the clock past every end.
func testAccessEnds(t *testing.T, open Open) {
	b := newBench(t, open)
	ctx := t.Context()
	late := b.token(store.TokenLink, b.in(time.Hour))
	b.must(b.AddAccess(ctx, store.Access{Name: "late", Role: store.RoleAdviser}, late))
	link := b.token(store.TokenLink, b.in(time.Hour))
	b.must(b.AddAccess(ctx, store.Access{Name: "Jo", Role: store.RoleOperator}, link))
	key := b.token(store.TokenKey, nil)
	b.must(b.AddAccess(ctx, store.Access{Name: "brief", Role: store.RoleAgency, ExpiresAt: b.in(30 * time.Hour)}, key))
	session := b.token(store.TokenSession, b.in(48*time.Hour))
	_, err := b.SignIn(ctx, link.Secret, session)
	b.must(err)

	b.clock.add(time.Hour)
	if _, err := b.SignIn(ctx, late.Secret, session); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a link after its end: %v, want ErrNotFound", err)
	}
	b.clock.add(22 * time.Hour)
	b.proves(session, "Jo", "used within a day")
	b.clock.add(23 * time.Hour)
	b.proves(session, "Jo", "used within a day of its last use")
	b.proves(key, "", "of an access that has ended")
	if _, err := b.GrantToken(ctx, "brief", b.token(store.TokenKey, nil)); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a new key for an access that has ended: %v, want ErrNotFound", err)
	}
	if list, err := b.Accesses(ctx); err != nil || len(list) != 2 || list[0].Name != "Jo" || len(list[0].Tokens) != 1 || len(list[1].Tokens) != 0 {
		t.Errorf("listed %+v (%v), want Jo with a session and late without a link", list, err)
	}
	if got, err := b.Prune(ctx, store.Retention{}); err != nil || got != (store.Pruned{Tokens: 2}) {
		t.Errorf("pruned %+v (%v), want the late link and the key", got, err)
	}
	b.must(b.AddAccess(ctx, store.Access{Name: "brief", Role: store.RoleAgency}, b.token(store.TokenKey, nil)))

	b.clock.add(2 * time.Hour)
	b.proves(session, "", "after its end")
	link = b.token(store.TokenLink, nil)
	_, err = b.GrantToken(ctx, "Jo", link)
	b.must(err)
	idle := b.token(store.TokenSession, b.in(1000*time.Hour))
	_, err = b.SignIn(ctx, link.Secret, idle)
	b.must(err)
	b.clock.add(25 * time.Hour)
	b.proves(idle, "", "after a day without use")
}

// testAccessRace has many use one link, and a session begin while its access is
// revoked.
func testAccessRace(t *testing.T, open Open) {
	b := newBench(t, open)
	ctx := t.Context()
	link := b.token(store.TokenLink, nil)
	b.must(b.AddAccess(ctx, store.Access{Name: "Jo", Role: store.RoleOperator}, link))
	sessions := make([]store.Token, 8)
	for i := range sessions {
		sessions[i] = b.token(store.TokenSession, nil)
	}
	var wg sync.WaitGroup
	errs := make([]error, len(sessions))
	for i := range sessions {
		wg.Go(func() { _, errs[i] = b.SignIn(ctx, link.Secret, sessions[i]) })
	}
	wg.Wait()
	began := 0
	for _, err := range errs {
		switch {
		case err == nil:
			began++
		case !errors.Is(err, store.ErrNotFound):
			t.Error(err)
		}
	}
	if began != 1 {
		t.Errorf("one link began %d sessions", began)
	}
	for range 10 {
		link, session := b.token(store.TokenLink, nil), b.token(store.TokenSession, nil)
		_, err := b.GrantToken(ctx, "Jo", link)
		b.must(err)
		wg.Go(func() {
			if _, err := b.SignIn(ctx, link.Secret, session); err != nil && !errors.Is(err, store.ErrNotFound) {
				t.Error(err)
			}
		})
		b.must(b.RevokeAccess(ctx, "Jo"))
		wg.Wait()
		b.proves(session, "", "after its access was revoked")
		b.must(b.AddAccess(ctx, store.Access{Name: "Jo", Role: store.RoleOperator}, b.token(store.TokenLink, nil)))
	}
}
