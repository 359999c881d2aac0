package email

import (
	"net/url"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// line folds s to one printable line of at most limit runes. Control
// characters, line breaks and the marks that reorder text on a screen are gone:
// they could forge a line of the text part or a header.
func line(s string, limit int) string {
	var b strings.Builder
	space, runes := false, 0
	for i, r := range s {
		if r == utf8.RuneError {
			if _, size := utf8.DecodeRuneInString(s[i:]); size == 1 {
				continue
			}
		}
		switch {
		case unicode.IsSpace(r):
			space = b.Len() > 0
			continue
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r):
			continue
		}
		width := 1
		if space {
			width = 2
		}
		if runes+width > limit {
			return strings.TrimRight(b.String(), " ,;:.-") + "…"
		}
		if space {
			b.WriteByte(' ')
			space = false
		}
		b.WriteRune(r)
		runes += width
	}
	return b.String()
}

// lines applies line to each of at most most strings and drops what is empty or
// said already.
func lines(all []string, most, limit int) []string {
	var out []string
	seen := make(map[string]bool)
	for _, s := range all {
		if len(out) == most {
			break
		}
		if s = line(s, limit); s != "" && !seen[s] {
			seen[s] = true
			out = append(out, s)
		}
	}
	return out
}

// webAddress gives s back when it is an absolute http or https address that can
// stand in a line of text, and nothing otherwise.
func webAddress(s string) string {
	const longest = 500
	if len(s) > longest {
		return ""
	}
	u, err := url.Parse(s)
	if err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Host == "" || u.User != nil {
		return ""
	}
	// String escapes spaces, angle brackets and everything outside ASCII.
	return u.String()
}

// count writes a number with its noun.
func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}

// list joins parts as prose: "a, b and c".
func list(parts []string, last string) string {
	switch len(parts) {
	case 0:
		return ""
	case 1:
		return parts[0]
	default:
		return strings.Join(parts[:len(parts)-1], ", ") + " " + last + " " + parts[len(parts)-1]
	}
}

// upperFirst makes the first letter a capital.
func upperFirst(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	if size == 0 {
		return s
	}
	return string(unicode.ToUpper(r)) + s[size:]
}

// lowerFirst makes the first letter a small one.
func lowerFirst(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	if size == 0 {
		return s
	}
	return string(unicode.ToLower(r)) + s[size:]
}

// hostOf gives the host of an address that webAddress has passed.
func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return line(u.Hostname(), 60)
}
