package extract

import (
	"bytes"
	"strings"
)

// wrappers are what old templates put before and after a script's text. Comments
// in the manner of JavaScript are left to repairJSON.
var wrappers = struct{ before, after []string }{
	before: []string{"\ufeff", "<!--", "//<![CDATA[", "// <![CDATA[", "/*<![CDATA[*/", "/* <![CDATA[ */", "<![CDATA["},
	after:  []string{"-->", "//]]>", "// ]]>", "/*]]>*/", "/* ]]> */", ";", ","},
}

// unwrap takes off what stands around a script's JSON.
func unwrap(text string) string {
	inCDATA := false
	for again := true; again; {
		again = false
		if words, rest, ok := strings.Cut(text, "-->"); ok && strings.HasPrefix(strings.TrimSpace(words), "<!--") && !strings.ContainsAny(words, "{[") {
			text, again = rest, true // a comment by itself, and no wrapper
		}
		for _, w := range wrappers.before {
			var cut bool
			if text, cut = strings.CutPrefix(strings.TrimSpace(text), w); cut {
				again, inCDATA = true, inCDATA || strings.Contains(w, "CDATA")
			}
		}
	}
	after := wrappers.after
	if inCDATA {
		after = append([]string{"]]>"}, after...)
	}
	for again := true; again; {
		again = false
		for _, w := range after {
			var cut bool
			if text, cut = strings.CutSuffix(strings.TrimSpace(text), w); cut {
				again = true
			}
		}
	}
	return strings.TrimSpace(text)
}

// repairJSON mends what generators get wrong and only one thing can be meant by:
// control characters inside strings become escapes, escapes that JSON does not
// know lose their backslash, commas that separate nothing go, comments go, and
// words that JSON has no value for become null.
func repairJSON(text string) string {
	r := repairer{text: text, comma: -1}
	r.out.Grow(len(text))
	for r.i < len(r.text) {
		switch c := r.text[r.i]; {
		case r.inString:
			r.string(c)
		case r.comment():
		default:
			r.outside(c)
		}
	}
	return r.out.String()
}

// repairer goes through a text once.
type repairer struct {
	text     string
	i        int
	out      bytes.Buffer
	inString bool
	// comma is where in out a comma stands that nothing but space has followed.
	comma int
}

// comment skips the comment that begins here, if one does.
func (r *repairer) comment() bool {
	rest := r.text[r.i:]
	for _, form := range [...]struct{ begin, end string }{{"//", "\n"}, {"/*", "*/"}, {"<!--", "-->"}} {
		if !strings.HasPrefix(rest, form.begin) {
			continue
		}
		n := strings.Index(rest[len(form.begin):], form.end)
		if n < 0 {
			r.i = len(r.text)
			return true
		}
		r.i += len(form.begin) + n + len(form.end)
		return true
	}
	return false
}

// outside takes one character that stands in no string.
func (r *repairer) outside(c byte) {
	r.i++
	switch {
	case c == ',':
		if r.comma >= 0 {
			return // a second comma
		}
		r.comma = r.out.Len()
	case c == '}' || c == ']':
		if r.comma >= 0 {
			r.out.Bytes()[r.comma] = ' '
		}
		r.comma = -1
	case c == ' ' || c == '\n' || c == '\r' || c == '\t':
	case c < ' ':
		return
	case isLetter(c) && !r.inNumber():
		r.comma = -1
		r.word()
		return
	default:
		r.comma = -1
		r.inString = c == '"'
	}
	r.out.WriteByte(c)
}

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

// inNumber reports whether what was written last is part of a number, whose
// exponent has a letter.
func (r *repairer) inNumber() bool {
	written := r.out.Bytes()
	if len(written) == 0 {
		return false
	}
	last := written[len(written)-1]
	return last >= '0' && last <= '9' || last == '.'
}

// word takes a bare word: JSON's own, those of other languages, and null for what
// has no value in JSON.
func (r *repairer) word() {
	begin := r.i - 1
	for r.i < len(r.text) && isLetter(r.text[r.i]) {
		r.i++
	}
	switch word := r.text[begin:r.i]; strings.ToLower(word) {
	case "true", "false", "null":
		r.out.WriteString(strings.ToLower(word))
	case "nan", "undefined", "none", "infinity":
		r.out.WriteString("null")
	default:
		r.out.WriteString(word)
	}
}

// string takes one character, or one escape, inside a string.
func (r *repairer) string(c byte) {
	r.i++
	switch {
	case c == '"':
		r.inString = false
		r.out.WriteByte(c)
	case c == '\\' && r.i < len(r.text):
		if next := r.text[r.i]; strings.IndexByte(`"\/bfnrtu`, next) >= 0 {
			r.i++
			r.out.WriteByte('\\')
			r.out.WriteByte(next)
		} // else the backslash goes, and what it escaped is read for itself
	case c == '\n':
		r.out.WriteString(`\n`)
	case c == '\t':
		r.out.WriteString(`\t`)
	case c < ' ':
	default:
		r.out.WriteByte(c)
	}
}
