package configs

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode"
)

// maxSecret is the most that a secret may hold, in bytes.
const maxSecret = 64 << 10

// Secret reads a secret of one line from a file, without its trailing newline. An
// empty path is an empty secret; a file that is missing, empty or holds more than
// one line is an error. What a secret holds never stands in an error.
func Secret(path string) (string, error) {
	if path == "" {
		return "", nil
	}
	b, err := readSecret(path)
	if err != nil {
		return "", err
	}
	s := strings.TrimRight(string(b), "\r\n")
	switch {
	case strings.TrimSpace(s) == "":
		return "", fmt.Errorf("secret %s: the file is empty; write the secret into it, on one line", path)
	case strings.ContainsFunc(s, unicode.IsControl):
		return "", fmt.Errorf("secret %s: holds more than one line, or control characters", path)
	}
	return s, nil
}

func readSecret(path string) ([]byte, error) {
	f, err := os.Open(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil, fmt.Errorf("secret %s: there is no such file", path)
	case err != nil:
		return nil, fmt.Errorf("secret: %w", err)
	}
	defer func() { _ = f.Close() }() // it was only read
	st, err := f.Stat()
	switch {
	case err != nil:
		return nil, fmt.Errorf("secret: %w", err)
	case st.IsDir(): // what a container engine mounts in the place of a missing file
		return nil, fmt.Errorf("secret %s: is a folder, not a file", path)
	}
	b, err := io.ReadAll(io.LimitReader(f, maxSecret+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("secret: %w", err)
	case len(b) > maxSecret:
		return nil, fmt.Errorf("secret %s: more than the %d bytes that a secret may hold", path, maxSecret)
	}
	return b, nil
}
