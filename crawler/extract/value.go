package extract

import (
	"encoding/json"
	"html"
	"net/url"
	"regexp"
	"strings"
	"unicode/utf8"
)

// How much of one field is kept, in bytes: a line such as a title, a short text
// such as pay, and a body.
const (
	maxLine = 500
	maxText = 4_000
	maxBody = 500_000
)

// first is the first of a list, or the value itself.
func first(v any) any {
	if list, ok := v.([]any); ok {
		if len(list) == 0 {
			return nil
		}
		return first(list[0])
	}
	return v
}

// text is a value's words: a string, a number, or what names an object.
func text(v any) string {
	switch t := first(v).(type) {
	case string:
		return t
	case json.Number:
		return t.String()
	case bool:
		if t {
			return "true"
		}
		return "false"
	case object:
		for _, key := range []string{"@value", "name", "legalName", "credentialCategory", "description"} {
			if s, ok := first(t[key]).(string); ok && strings.TrimSpace(s) != "" {
				return s
			}
		}
	}
	return ""
}

// plain is a value as one line without markup, cut at a limit.
func plain(v any, limit int) string {
	s := cut(text(v), 4*limit)
	if strings.Contains(s, "<") || strings.Contains(s, "&") {
		s = stripTags(html.UnescapeString(stripTags(s)))
	}
	return cut(squash(s), limit)
}

// prose is a long value, and whether it is HTML. Several values become
// paragraphs. Markup that was escaped once too often is unescaped.
func prose(v any) (body string, isHTML bool) {
	if list, ok := v.([]any); ok {
		var parts []string
		for _, e := range list {
			if part, _ := prose(e); part != "" {
				parts = append(parts, part)
			}
		}
		body = strings.Join(parts, "\n\n")
	} else {
		body = text(v)
	}
	body = cut(strings.TrimSpace(body), maxBody)
	if !tag.MatchString(body) && strings.Contains(body, "&") {
		body = html.UnescapeString(body)
	}
	return body, tag.MatchString(body)
}

// tag is the beginning of an element or the end of one.
var tag = regexp.MustCompile(`</?[a-zA-Z][^<>]*>`)

// stripTags puts a space where markup stood, so that words stay apart.
func stripTags(s string) string {
	if !strings.Contains(s, "<") {
		return s
	}
	return tag.ReplaceAllString(s, " ")
}

// paragraphs writes plain text as HTML.
func paragraphs(s string) string {
	var b strings.Builder
	for line := range strings.Lines(s) {
		if line = strings.TrimSpace(line); line != "" {
			b.WriteString("<p>" + html.EscapeString(line) + "</p>\n")
		}
	}
	return b.String()
}

// squash makes every run of space one blank.
func squash(s string) string { return strings.Join(strings.Fields(s), " ") }

// cut keeps at most limit bytes, whole characters only.
func cut(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	for limit > 0 && !utf8.RuneStart(s[limit]) {
		limit--
	}
	return s[:limit]
}

// address is a value that is a web address, or empty.
func address(v any) string {
	s := strings.TrimSpace(text(v))
	u, err := url.Parse(s)
	if err != nil || len(s) > maxAddress || (u.Scheme != "" && u.Scheme != "http" && u.Scheme != "https") {
		return ""
	}
	return s
}

// maxAddress is the longest address that is kept, the limit of the sitemap
// protocol (sitemaps.org).
const maxAddress = 2048

// Plain is what a reader sees of markup, on one line and cut to what people are
// shown of a long text.
func Plain(markup string) string { return plain(markup, maxText) }
