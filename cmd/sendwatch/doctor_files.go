package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/sendwatch/sendwatch/configs"
)

// Below these amounts of free space the database and the index come to harm.
const (
	diskFull   = 200 << 20
	diskScarce = 2 << 30
)

// unsound is the report on a configuration that could not be read: the rest is not
// known.
func unsound(err error) []finding {
	f := fail("correct these first; everything else is checked then", "%v", err)
	f.Check = "configuration"
	return []finding{f}
}

// blocked says what a setting that holds an example's value keeps from happening.
var blocked = map[string]string{
	"crawl.contact": "only this machine is crawled and mailed; give sites an address where they reach you",
	"smtp.from":     "only this machine is mailed; give the address that alerts come from",
	"site.base_url": "only this machine is mailed, and links in messages lead nowhere; give the address that people reach the site by",
}

func (d *doctor) checkConfiguration(context.Context) []finding {
	n := len(sources(d.cfg))
	found := []finding{fine("sound, from %s; %s enabled", d.file, plural(n, "source is", "sources are"))}
	for _, key := range d.cfg.Placeholder() {
		found = append(found, warn("set "+key+" ("+variableOf(key)+")", "%s still holds an example's value: %s", key, blocked[key]))
	}
	if n == 0 {
		found = append(found, warn("sendwatch sources try URL proposes one; the README shows the kinds", "no source is enabled, so nothing is crawled"))
	}
	known := append(configs.Variables(), "SENDWATCH_CONFIG")
	for _, pair := range os.Environ() {
		name, _, _ := strings.Cut(pair, "=")
		if strings.HasPrefix(name, "SENDWATCH_") && !strings.HasPrefix(name, "SENDWATCH_TEST_") && !slices.Contains(known, name) {
			found = append(found, warn("compare it with the keys of the configuration", "the environment variable %s sets nothing", name))
		}
	}
	return found
}

// variableOf is the environment variable that sets a key.
func variableOf(key string) string {
	return "SENDWATCH_" + strings.ToUpper(strings.ReplaceAll(key, ".", "_"))
}

func (d *doctor) checkDataFolder(context.Context) []finding {
	dir := d.cfg.DataDir
	st, err := os.Stat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return []finding{fine("%s is not there yet; the first start makes it", dir)}
	case err != nil:
		return []finding{fail("let the user that runs sendwatch into it", "%v", err)}
	case !st.IsDir():
		return []finding{fail("name a folder by data_dir", "%s is no folder", dir)}
	}
	var found []finding
	if err := tryToWrite(dir); err != nil {
		found = append(found, fail("make it belong to the user that runs sendwatch", "%v", err))
	}
	if mode := st.Mode().Perm(); mode&0o007 != 0 {
		found = append(found, warn("chmod o= "+dir, "every user of this machine may look into %s, where people's addresses are (mode %04o)", dir, mode))
	}
	return append(found, d.checkDisk(dir))
}

func tryToWrite(dir string) error {
	f, err := os.CreateTemp(dir, ".doctor-*")
	if err != nil {
		return err
	}
	_, err = f.WriteString("may this be written?\n")
	return errors.Join(err, f.Close(), os.Remove(f.Name()))
}

func (d *doctor) checkDisk(dir string) finding {
	disk, err := diskOf(dir)
	switch {
	case err != nil:
		return warn("", "%s: how much is free on its disk is not known: %v", dir, err)
	case disk.network && !d.onPostgres():
		return fail("put data_dir on a disk of this machine", "%s is on a network file system, where the database can be damaged", dir)
	case disk.free < diskFull:
		return fail("make room", "%s has %s free: nothing can be written soon", dir, size(disk.free))
	case disk.free < diskScarce:
		return warn("make room", "%s has only %s free", dir, size(disk.free))
	}
	return fine("%s can be written, %s free", dir, size(disk.free))
}

// size writes bytes as people read them.
func size(bytes uint64) string {
	if bytes < 1<<30 {
		return fmt.Sprintf("%d MiB", bytes>>20)
	}
	return fmt.Sprintf("%.1f GiB", float64(bytes)/(1<<30))
}

// onPostgres reports whether the database is PostgreSQL.
func (d *doctor) onPostgres() bool { return cmp.Or(d.cfg.DatabaseURL, d.cfg.DatabaseURLFile) != "" }

func (d *doctor) checkSigningKey(context.Context) []finding {
	path := cmp.Or(d.cfg.SigningKeyFile, filepath.Join(d.cfg.DataDir, "signing.key"))
	var found []finding
	if d.onPostgres() && d.cfg.SigningKeyFile == "" {
		found = append(found, warn("give every process the same file by signing_key_file",
			"each data folder has a signing key of its own: a link that one process signs is refused by another"))
	}
	key, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist) && d.cfg.SigningKeyFile == "":
		return append(found, fine("%s is not there yet; the first start makes it", path))
	case err != nil:
		return append(found, fail("put 32 random bytes or more there, or correct signing_key_file", "%v", err))
	case len(key) < 32:
		return append(found, fail("put 32 random bytes or more there; links in old messages become invalid", "%s holds %d bytes, at least 32 are needed", path, len(key)))
	}
	return append(found, fine("%s", path))
}

// secretFiles are the files that the configuration names, by key.
func (d *doctor) secretFiles() map[string]string {
	files := map[string]string{
		"database_url_file": d.cfg.DatabaseURLFile, "search.meilisearch_key_file": d.cfg.Search.MeilisearchKeyFile,
		"smtp.password_file": d.cfg.SMTP.PasswordFile, "signing_key_file": d.cfg.SigningKeyFile,
	}
	if d.cfg.SigningKeyFile == "" {
		files["signing_key_file"] = filepath.Join(d.cfg.DataDir, "signing.key")
	}
	return files
}

// checkSecrets looks at who may read the files of secrets. What is in them is
// looked at by whoever needs it.
func (d *doctor) checkSecrets(context.Context) []finding {
	var found []finding
	files := d.secretFiles()
	n := 0
	for _, key := range []string{"database_url_file", "search.meilisearch_key_file", "smtp.password_file", "signing_key_file"} {
		path := files[key]
		open, err := openToAll(path)
		switch {
		case path == "" || errors.Is(err, fs.ErrNotExist):
		case err != nil:
			found = append(found, warn("let the user that runs sendwatch read it", "%s: %v", key, err))
		case open:
			found = append(found, warn("chmod o= "+path, "every user of this machine may read %s (%s)", path, key))
		default:
			n++
		}
	}
	if n > 0 {
		found = append([]finding{fine("%s closed to other users", plural(n, "file is", "files are"))}, found...)
	}
	return found
}

// mountedSecrets is where container engines put secrets. Their files are open to all
// users of the container, who are one, and the container is the wall.
const mountedSecrets = "/run/secrets/"

// openToAll reports whether every user may read a file: it and all folders above it
// let them.
func openToAll(path string) (bool, error) {
	path, err := filepath.Abs(path)
	if err != nil || strings.HasPrefix(path, mountedSecrets) {
		return false, err
	}
	if path, err = filepath.EvalSymlinks(path); err != nil {
		return false, err
	}
	st, err := os.Stat(path)
	if err != nil || st.Mode().Perm()&0o004 == 0 {
		return false, err
	}
	for dir := filepath.Dir(path); ; dir = filepath.Dir(dir) {
		st, err := os.Stat(dir)
		if err != nil || st.Mode().Perm()&0o001 == 0 {
			return false, err
		}
		if dir == filepath.Dir(dir) {
			return true, nil
		}
	}
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

func (d *doctor) checkServe(ctx context.Context) []finding {
	cursor, err := asked(ctx, d.cfg)
	if err == nil {
		return []finding{fine("the site of this data folder answers, its index is at change %d", cursor)}
	}
	if !nobodyListens(err) {
		return []finding{fail("look at its log, and start it again", "a serve has the socket of this data folder and does not answer: %v", err)}
	}
	n, err := atWork(d.cfg.DataDir)
	switch {
	case err != nil:
		return []finding{warn("", "%v", err)}
	case n == 0:
		return []finding{warn("start sendwatch serve", "no process works on this data folder")}
	}
	return []finding{fine("%s on this data folder, none with the site", plural(n, "process works", "processes work"))}
}
