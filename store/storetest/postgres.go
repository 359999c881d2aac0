package storetest

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/url"
	"os"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// PostgresEnv names the environment variable with the address of a server on which
// tests may create databases.
const PostgresEnv = "TEST_POSTGRES_URL"

// postgresPatience bounds what is asked of the server to set a test up.
const postgresPatience = time.Minute

// Postgres makes an empty database and returns its address. The database goes when
// the test ends. Its locale sorts as people do where the server can, so that a
// mistake about the order of texts shows. Without a server the test is skipped;
// on CI it fails.
func Postgres(t testing.TB) string {
	t.Helper()
	server := os.Getenv(PostgresEnv)
	if server == "" {
		if os.Getenv("CI") == "true" {
			t.Fatalf("%s is not set", PostgresEnv)
		}
		t.Skipf("%s is not set: it is the address of a PostgreSQL server on which databases may be created", PostgresEnv)
	}
	address, err := url.Parse(server)
	if err != nil {
		t.Fatalf("%s is not an address", PostgresEnv)
	}
	name := "sendwatch_test_" + rand.Text()
	quoted := `"` + name + `"`
	onServer(t, server, func(ctx context.Context, c *pgx.Conn) error {
		return createDatabase(ctx, c, quoted)
	})
	t.Cleanup(func() {
		onServer(t, server, func(ctx context.Context, c *pgx.Conn) error {
			_, err := c.Exec(ctx, "DROP DATABASE IF EXISTS "+quoted+" WITH (FORCE)")
			return err
		})
	})
	address.Path = "/" + name
	return address.String()
}

// createDatabase makes a database, in English order by ICU where the server knows
// how: from version 15, when it was built so.
func createDatabase(ctx context.Context, c *pgx.Conn, quoted string) error {
	create := "CREATE DATABASE " + quoted + " TEMPLATE template0 ENCODING 'UTF8'"
	if _, err := c.Exec(ctx, create+" LOCALE_PROVIDER icu ICU_LOCALE 'en-GB'"); err == nil {
		return nil
	}
	_, err := c.Exec(ctx, create)
	return err
}

// PostgresSchema makes an empty schema in the database at an address and returns
// the address of the schema.
func PostgresSchema(t testing.TB, address string) string {
	t.Helper()
	schema := "s" + rand.Text()
	onServer(t, address, func(ctx context.Context, c *pgx.Conn) error {
		_, err := c.Exec(ctx, `CREATE SCHEMA "`+schema+`"`)
		return err
	})
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal("not an address")
	}
	q := u.Query()
	q.Set("search_path", fmt.Sprintf("%q", schema))
	u.RawQuery = q.Encode()
	return u.String()
}

func onServer(t testing.TB, address string, fn func(context.Context, *pgx.Conn) error) {
	t.Helper()
	// Not the test's own context: that has ended when it cleans up.
	ctx, cancel := context.WithTimeout(context.Background(), postgresPatience)
	defer cancel()
	c, err := pgx.Connect(ctx, address)
	if err == nil {
		err = fn(ctx, c)
		_ = c.Close(ctx) // nothing is lost with it
	}
	if err != nil {
		t.Fatalf("PostgreSQL at %s: %v", PostgresEnv, err)
	}
}
