package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"time"
)

// ErrTaken says that a name is in use.
var ErrTaken = errors.New("name is taken")

// Role is what an access is for.
type Role string

// The roles.
const (
	RoleOperator Role = "operator" // runs the site
	RoleAdviser  Role = "adviser"  // looks after clients
	RoleAgency   Role = "agency"   // asks the API more than others may
)

// TokenKind is what a token is good for.
type TokenKind string

// The kinds of token. A link is good for one session, a session and a key for any
// number of requests.
const (
	TokenLink    TokenKind = "link"
	TokenSession TokenKind = "session"
	TokenKey     TokenKind = "key"
)

// tokenPrefix says of a token what it is, so that one that has leaked is found by
// those who look for such things.
var tokenPrefix = map[TokenKind]string{TokenLink: "swl_", TokenSession: "sws_", TokenKey: "swk_"}

const (
	// tokenBytes is how much of a token nobody can guess: 256 bits.
	tokenBytes = 32
	// tokenHint is how much of a token is kept as it is, to tell one from another.
	tokenHint = 8
	// mostToken bounds what is looked up as a token.
	mostToken = 100
	// sessionIdle is how long a session lives unused.
	sessionIdle = 24 * time.Hour
	// usedEvery is how exactly it is known when a token was last used: a write a
	// minute, not a write a request.
	usedEvery = time.Minute
)

// MintToken makes a token of a kind.
func MintToken(random io.Reader, kind TokenKind) (string, error) {
	var b [tokenBytes]byte
	if _, err := io.ReadFull(random, b[:]); err != nil {
		return "", fmt.Errorf("mint a token: %w", err)
	}
	return tokenPrefix[kind] + base64.RawURLEncoding.EncodeToString(b[:]), nil
}

// tokenDigest is what stands for a token in the database. A token is as hard to
// guess as its digest, so a plain hash does.
func tokenDigest(secret string) string {
	sum := sha256.Sum256([]byte("sendwatch token:" + secret))
	return hex.EncodeToString(sum[:])
}

// Access is somebody who may see or do more than everybody.
type Access struct {
	// Name is what the operator calls it, different for each.
	Name      string
	Role      Role
	CreatedAt time.Time
	// ExpiresAt is nil for an access that does not end by itself.
	ExpiresAt *time.Time
	// Tokens are those that are alive; only Accesses fills them in.
	Tokens []TokenInfo
}

// TokenInfo is what is known of a token.
type TokenInfo struct {
	Kind TokenKind
	// Hint is how the token begins.
	Hint      string
	CreatedAt time.Time
	ExpiresAt *time.Time
	// UsedAt is nil for one that was never used, and else right to a minute.
	UsedAt *time.Time
}

// Token is a new token, as only its owner will know it.
type Token struct {
	Secret    string
	Kind      TokenKind
	ExpiresAt *time.Time
}

// AddAccess makes an access with its first token. ErrTaken means that there is one
// of that name.
func (s *Store) AddAccess(ctx context.Context, a Access, t Token) error {
	err := s.inTx(ctx, func(tx *txn) error {
		// One that has ended keeps its name from nobody.
		if _, err := s.dropExpired(ctx, tx); err != nil {
			return err
		}
		n, err := exec(ctx, tx, `INSERT INTO access (name, role, created_at, expires_at) VALUES ($1, $2, $3, $4) ON CONFLICT (name) DO NOTHING`,
			a.Name, string(a.Role), ms(s.now()), nullMS(a.ExpiresAt))
		if err == nil && n == 0 {
			err = ErrTaken
		}
		if err != nil {
			return err
		}
		return s.putToken(ctx, tx, a.Name, t, 0)
	})
	if err != nil {
		return fmt.Errorf("store: add access %q: %w", a.Name, err)
	}
	return nil
}

// GrantToken gives an access a new link or key, in the place of those of its kind
// that it had, and returns the access.
func (s *Store) GrantToken(ctx context.Context, name string, t Token) (Access, error) {
	var a Access
	err := s.inTx(ctx, func(tx *txn) (err error) {
		a, err = scanAccess(tx.QueryRowContext(ctx, accessColumns+` WHERE name = $1 AND `+notEnded("", 2)+tx.locks("NO KEY UPDATE"), name, ms(s.now())))
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM access_token WHERE access = $1 AND kind = $2`, name, string(t.Kind)); err != nil {
			return err
		}
		return s.putToken(ctx, tx, name, t, 0)
	})
	if err != nil {
		return Access{}, fmt.Errorf("store: token for access %q: %w", name, err)
	}
	return a, nil
}

func (s *Store) putToken(ctx context.Context, tx *txn, name string, t Token, used int64) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO access_token (digest, access, kind, hint, created_at, expires_at, used_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		tokenDigest(t.Secret), name, string(t.Kind), t.Secret[:min(tokenHint, len(t.Secret))], ms(s.now()), nullMS(t.ExpiresAt), used)
	return err
}

const accessColumns = `SELECT name, role, created_at, expires_at FROM access`

func scanAccess(row interface{ Scan(...any) error }) (a Access, err error) {
	var created int64
	var expires sql.NullInt64
	err = row.Scan(&a.Name, &a.Role, &created, &expires)
	a.CreatedAt, a.ExpiresAt = fromMS(created), fromNullMS(expires)
	return a, notFound(err)
}

// notEnded holds for the rows of a table whose end has not come at the moment that
// is the given argument.
func notEnded(table string, argument int) string {
	return fmt.Sprintf(`(%[1]sexpires_at IS NULL OR %[1]sexpires_at > $%[2]d)`, table, argument)
}

// SignIn uses a link up and begins a session. ErrNotFound means that there is no
// such link, that it was used, or that it or its access has ended.
func (s *Store) SignIn(ctx context.Context, link string, session Token) (Access, error) {
	var a Access
	err := s.inTx(ctx, func(tx *txn) (err error) {
		// The access is locked before its tokens, here as in RevokeAccess.
		if a, _, err = s.proved(ctx, tx, TokenLink, link, tx.locks("SHARE OF a")); err != nil {
			return err
		}
		n, err := exec(ctx, tx, `DELETE FROM access_token WHERE digest = $1`, tokenDigest(link))
		if err == nil && n == 0 {
			err = ErrNotFound // somebody else used it this moment
		}
		if err != nil {
			return err
		}
		return s.putToken(ctx, tx, a.Name, session, ms(s.now()))
	})
	if err != nil {
		return Access{}, fmt.Errorf("store: sign in: %w", err)
	}
	return a, nil
}

// Authenticate returns the access that a session or a key proves, or ErrNotFound. A
// link proves nothing before it was used up.
func (s *Store) Authenticate(ctx context.Context, kind TokenKind, secret string) (Access, error) {
	if kind == TokenLink {
		return Access{}, fmt.Errorf("store: authenticate: by a link: %w", ErrNotFound)
	}
	a, used, err := s.proved(ctx, s.read, kind, secret, "")
	if err == nil && s.now().Sub(used) >= usedEvery {
		err = s.inTx(ctx, func(tx *txn) error {
			_, err := tx.ExecContext(ctx, `UPDATE access_token SET used_at = $1 WHERE digest = $2 AND used_at < $1`, ms(s.now()), tokenDigest(secret))
			return err
		})
	}
	if err != nil {
		return Access{}, fmt.Errorf("store: authenticate: %w", err)
	}
	return a, nil
}

// proved returns the access that a live token belongs to, and when the token was
// last used.
func (s *Store) proved(ctx context.Context, q querier, kind TokenKind, secret, locks string) (a Access, used time.Time, err error) {
	if len(secret) > mostToken {
		return a, used, ErrNotFound
	}
	now := s.now()
	var created, at int64
	var expires sql.NullInt64
	err = q.QueryRowContext(ctx, `SELECT a.name, a.role, a.created_at, a.expires_at, t.used_at FROM access_token t JOIN access a ON a.name = t.access
		WHERE t.digest = $1 AND t.kind = $2 AND (t.kind <> $3 OR t.used_at > $4) AND `+notEnded("t.", 5)+` AND `+notEnded("a.", 5)+locks,
		tokenDigest(secret), string(kind), string(TokenSession), ms(now.Add(-sessionIdle)), ms(now)).
		Scan(&a.Name, &a.Role, &created, &expires, &at)
	a.CreatedAt, a.ExpiresAt = fromMS(created), fromNullMS(expires)
	return a, fromMS(at), notFound(err)
}

// SignOut ends a session. One that has ended already is fine.
func (s *Store) SignOut(ctx context.Context, session string) error {
	err := s.inTx(ctx, func(tx *txn) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM access_token WHERE digest = $1 AND kind = $2`, tokenDigest(session), string(TokenSession))
		return err
	})
	if err != nil {
		return fmt.Errorf("store: sign out: %w", err)
	}
	return nil
}

// RevokeAccess ends an access and everything that proves it, at once. ErrNotFound
// means that there is none of that name.
func (s *Store) RevokeAccess(ctx context.Context, name string) error {
	err := s.inTx(ctx, func(tx *txn) error {
		n, err := exec(ctx, tx, `DELETE FROM access WHERE name = $1`, name)
		if err == nil && n == 0 {
			err = ErrNotFound
		}
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `DELETE FROM access_token WHERE access = $1`, name)
		return err
	})
	if err != nil {
		return fmt.Errorf("store: revoke access %q: %w", name, err)
	}
	return nil
}

// Accesses lists everybody who has access, by name, with the tokens that are alive.
func (s *Store) Accesses(ctx context.Context) ([]Access, error) {
	var list []Access
	err := s.inSnapshot(ctx, func(q querier) (err error) {
		now := s.now()
		list, err = all(ctx, q, func(r *sql.Rows) (Access, error) { return scanAccess(r) }, accessColumns+` WHERE `+notEnded("", 1)+` ORDER BY name`, ms(now))
		if err != nil {
			return err
		}
		at := map[string]int{}
		for i, a := range list {
			at[a.Name] = i
		}
		_, err = all(ctx, q, func(r *sql.Rows) (struct{}, error) {
			name, t, err := scanToken(r)
			if i, ok := at[name]; ok && err == nil {
				list[i].Tokens = append(list[i].Tokens, t)
			}
			return struct{}{}, err
		}, `SELECT access, kind, hint, created_at, expires_at, used_at FROM access_token
			WHERE (kind <> $2 OR used_at > $3) AND `+notEnded("", 1)+` ORDER BY access, kind, created_at, digest`,
			ms(now), string(TokenSession), ms(now.Add(-sessionIdle)))
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("store: accesses: %w", err)
	}
	return list, nil
}

func scanToken(r *sql.Rows) (access string, t TokenInfo, err error) {
	var created, used int64
	var expires sql.NullInt64
	err = r.Scan(&access, &t.Kind, &t.Hint, &created, &expires, &used)
	t.CreatedAt, t.ExpiresAt = fromMS(created), fromNullMS(expires)
	if used > 0 {
		at := fromMS(used)
		t.UsedAt = &at
	}
	return access, t, err
}

// pruneAccess lets go of accesses and tokens that have ended.
func (s *Store) pruneAccess(ctx context.Context) (n int, err error) {
	err = s.inTx(ctx, func(tx *txn) (err error) {
		n, err = s.dropExpired(ctx, tx)
		return err
	})
	return n, err
}

func (s *Store) dropExpired(ctx context.Context, tx *txn) (int, error) {
	now := s.now()
	if _, err := tx.ExecContext(ctx, `DELETE FROM access WHERE expires_at <= $1`, ms(now)); err != nil {
		return 0, err
	}
	n, err := exec(ctx, tx, `DELETE FROM access_token WHERE expires_at <= $1 OR (kind = $2 AND used_at <= $3)
		OR NOT EXISTS (SELECT 1 FROM access a WHERE a.name = access_token.access)`, ms(now), string(TokenSession), ms(now.Add(-sessionIdle)))
	return int(n), err
}
