package deploy_test

import (
	"bytes"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// makeSecrets runs secrets.sh on a folder and returns what is in it.
func makeSecrets(t *testing.T, folder string) map[string]string {
	t.Helper()
	if out, err := exec.CommandContext(t.Context(), "sh", "secrets.sh", folder).CombinedOutput(); err != nil {
		t.Fatalf("secrets.sh: %v\n%s", err, out)
	}
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	made := map[string]string{}
	for _, e := range entries {
		text, err := os.ReadFile(filepath.Join(folder, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		made[e.Name()] = string(text)
	}
	return made
}

func TestSecretsAreMadeOnce(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "a folder", "secrets")
	made := makeSecrets(t, folder)
	random := regexp.MustCompile(`^[0-9a-f]{64}\n$`)
	seen := map[string]bool{}
	for _, name := range []string{"database_password.txt", "meilisearch_key.txt", "signing_key.txt"} {
		if !random.MatchString(made[name]) || seen[made[name]] {
			t.Errorf("%s is not 256 bits of its own", name)
		}
		seen[made[name]] = true
	}
	if key := strings.TrimSpace(made["meilisearch_key.txt"]); made["meilisearch.toml"] != "master_key = \""+key+"\"\n" {
		t.Error("Meilisearch is not given the key that is asked with")
	}
	if password := strings.TrimSpace(made["database_password.txt"]); !strings.Contains(made["database_url.txt"], ":"+password+"@") {
		t.Error("the database's address does not hold its password")
	}
	modes(t, folder)

	// The operator writes the relay's password; then everything stays as it is.
	made["smtp_password.txt"] = "relay\n"
	if err := os.WriteFile(filepath.Join(folder, "smtp_password.txt"), []byte("relay\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if again := makeSecrets(t, folder); !maps.Equal(again, made) {
		t.Error("a second run changed a secret")
	}
	modes(t, folder)

	// What was lost is made anew, in agreement with what was not.
	if err := os.Remove(filepath.Join(folder, "database_url.txt")); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(filepath.Join(folder, "meilisearch.toml"), 0); err != nil {
		t.Fatal(err)
	}
	if again := makeSecrets(t, folder); !maps.Equal(again, made) {
		t.Error("what was lost came back different")
	}
}

// modes checks that the folder is closed and the files can be read inside a
// container by whoever runs there.
func modes(t *testing.T, folder string) {
	t.Helper()
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		st, err := d.Info()
		want := fs.FileMode(0o444)
		switch {
		case d.IsDir():
			want = 0o700
		case d.Name() == "smtp_password.txt": // which is written by hand
			want = 0o644
		}
		if err == nil && st.Mode().Perm() != want {
			t.Errorf("%s has mode %o, want %o", d.Name(), st.Mode().Perm(), want)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// An engine that was started too early leaves folders in the place of files.
func TestSecretsSayWhatIsInTheWay(t *testing.T) {
	folder := t.TempDir()
	if err := os.Mkdir(filepath.Join(folder, "signing_key.txt"), 0o700); err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), "sh", "secrets.sh", folder).CombinedOutput()
	if err == nil || !bytes.Contains(out, []byte("signing_key.txt is a folder; remove it")) {
		t.Errorf("secrets.sh: %v, %s", err, out)
	}
}

func TestSecretsAreNotCommitted(t *testing.T) {
	out, err := exec.CommandContext(t.Context(), "git", "check-ignore", "secrets/database_url.txt").CombinedOutput()
	if err != nil && bytes.Contains(out, []byte("not a git repository")) {
		t.Skip("needs a git checkout")
	}
	if err != nil {
		t.Errorf("git would take deploy/secrets/database_url.txt: %v %s", err, out)
	}
}
