package terms

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxQuery is how much of a search is read, in bytes.
const maxQuery = 1000

// Query is what a search asks: a document matches when it holds every term of
// All and no term of None. Both are sorted, each term once.
type Query struct {
	All  []string
	None []string
}

// Matches reports whether a document of these sorted terms is what q asks for.
func (q Query) Matches(document []string) bool {
	return HoldsAll(document, q.All) && !HoldsAny(document, q.None)
}

// HoldsAll reports whether every one of terms is in the sorted document.
func HoldsAll(document, terms []string) bool {
	for _, t := range terms {
		if _, ok := slices.BinarySearch(document, t); !ok {
			return false
		}
	}
	return true
}

// HoldsAny reports whether any of terms is in the sorted document.
func HoldsAny(document, terms []string) bool {
	for _, t := range terms {
		if _, ok := slices.BinarySearch(document, t); ok {
			return true
		}
	}
	return false
}

// Query reads what a person typed. Words and the forms of synonym groups must
// all be held; "quoted phrases" must stand so, without synonyms; a word or
// quoted phrase with a minus before it must not be there. A quoted phrase of
// three words or more is asked as its bigrams, and excluded by its last bigram,
// which in English carries its head.
func (a *Analyser) Query(words string) Query {
	var q Query
	var plain strings.Builder // neighbouring plain chunks, which may form phrases
	flush := func() {
		q.All = a.appendPlain(q.All, plain.String())
		plain.Reset()
	}
	for _, c := range chunks(words) {
		if !c.quoted && !c.excluded {
			plain.WriteString(c.text)
			plain.WriteByte(' ')
			continue
		}
		flush()
		switch s := a.stems.ofText(c.text); {
		case len(s) == 0:
		case c.excluded:
			q.None = append(q.None, a.exclusion(s, c.quoted))
		case len(s) == 1:
			q.All = append(q.All, s[0])
		default:
			for i := range s[1:] {
				q.All = append(q.All, s[i]+" "+s[i+1])
			}
		}
	}
	flush()
	q.All = sorted(q.All)
	q.None = sorted(q.None)
	return q
}

// exclusion is the one term that stands for what is excluded.
func (a *Analyser) exclusion(s []string, quoted bool) string {
	group := ""
	if !quoted {
		a.formsAt(s, 0, func(f form) bool {
			if len(f.stems) == len(s) {
				group = f.group
			}
			return group == ""
		})
	}
	switch n := len(s); {
	case group != "":
		return group
	case n == 1:
		return s[0]
	default:
		return s[n-2] + " " + s[n-1]
	}
}

// appendPlain adds the longest forms, and the stems of the words between them
// that are not ignored.
func (a *Analyser) appendPlain(all []string, text string) []string {
	var words, stems []string
	tokens(fold(text), func(token []byte) {
		w := string(token)
		words = append(words, w)
		stems = append(stems, a.stems.stem(w))
	})
	for i := 0; i < len(stems); {
		n := 0
		a.formsAt(stems, i, func(f form) bool {
			all, n = append(all, f.group), len(f.stems)
			return false
		})
		if n > 0 {
			i += n
			continue
		}
		if !a.ignored[words[i]] {
			all = append(all, stems[i])
		}
		i++
	}
	return all
}

func sorted(terms []string) []string {
	slices.Sort(terms)
	return slices.Compact(terms)
}

// chunk is a piece of a search between spaces, or a quoted phrase.
type chunk struct {
	text             string
	start            int // of text in the search, in bytes
	excluded, quoted bool
}

// chunks cuts a search up. A quote that is never closed reaches to the end.
func chunks(search string) []chunk {
	search = clip(search)
	var out []chunk
	for i := 0; i < len(search); {
		r, n := utf8.DecodeRuneInString(search[i:])
		if unicode.IsSpace(r) {
			i += n
			continue
		}
		c := chunk{}
		if rest := search[i+n:]; isMinus(r) && rest != "" && !strings.HasPrefix(rest, " ") {
			c.excluded = true
			i += n
			r, n = utf8.DecodeRuneInString(rest)
		}
		end := strings.IndexFunc(search[i:], unicode.IsSpace)
		next := 0
		if isQuote(r) {
			c.quoted = true
			i += n
			end = strings.IndexFunc(search[i:], isQuote)
			if end >= 0 {
				_, next = utf8.DecodeRuneInString(search[i+end:])
			}
		} else if q := strings.IndexFunc(search[i:], isQuote); q >= 0 && (end < 0 || q < end) {
			end = q // a quote within a chunk begins the next
		}
		if end < 0 {
			end = len(search) - i
		}
		c.text, c.start = search[i:i+end], i
		out = append(out, c)
		i += end + next
	}
	return out
}

// clip keeps the first maxQuery bytes, without half a character at the end.
func clip(s string) string {
	if len(s) <= maxQuery {
		return s
	}
	i := maxQuery
	for i > 0 && !utf8.RuneStart(s[i]) {
		i--
	}
	return s[:i]
}

func isMinus(r rune) bool { return r == '-' || r == '−' }

func isQuote(r rune) bool {
	switch r {
	case '"', '“', '”', '„', '«', '»':
		return true
	}
	return false
}
