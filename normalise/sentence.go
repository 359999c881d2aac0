package normalise

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// abbreviations end in a full stop that ends no sentence.
var abbreviations = []string{"e.g.", "i.e.", "etc.", "inc.", "incl.", "approx.", "no.", "st.", "mr.", "mrs.", "ms.", "dr.", "p.a.", "hrs.", "yrs.", "max.", "min."}

// sentences cuts running text after full stops, question and exclamation
// marks that a new sentence follows.
func sentences(text string) []string {
	var out []string
	start := 0
	for i := 0; i < len(text); i++ {
		c := text[i]
		if i > start && runsOn(text, i) {
			out = append(out, strings.TrimSpace(text[start:i]))
			start = i
			continue
		}
		if c != '.' && c != '?' && c != '!' || i+1 >= len(text) {
			continue
		}
		next, _ := utf8.DecodeRuneInString(text[i+1:])
		if next != ' ' {
			// Pages that lost their line breaks run sentences together.
			if !unicode.IsUpper(next) || i == 0 || !isLower(text[i-1]) {
				continue
			}
		} else {
			after, _ := utf8.DecodeRuneInString(text[i+2:])
			if unicode.IsLower(after) || joinsOptions(text[i+2:]) || c == '.' && abbreviated(text[start:i+1]) {
				continue
			}
		}
		out = append(out, strings.TrimSpace(text[start:i+1]))
		start = i + 1
	}
	if rest := strings.TrimSpace(text[start:]); rest != "" {
		out = append(out, rest)
	}
	return out
}

// joinsOptions reports whether a sentence goes on as an option of the one
// before it: "… six weeks' experience. OR Option 2: …".
func joinsOptions(rest string) bool {
	return strings.HasPrefix(rest, "OR ") || strings.HasPrefix(rest, "AND ")
}

// runsOn reports whether a capital at text[i] begins a line whose break was
// lost: "the schoolYou will", "SENResilient". Names such as "McKay" and
// "LinkedIn" have too few small letters on one side.
func runsOn(text string, i int) bool {
	if text[i] < 'A' || text[i] > 'Z' || i+3 >= len(text) || i < 4 || !small(text[i+1]) || !small(text[i+2]) {
		return false
	}
	word := i
	for word > 0 && text[word-1] != ' ' && text[word-1] != '-' && text[word-1] != '/' {
		word--
	}
	before := text[word:i]
	if capitals := strings.ToUpper(before); before == capitals {
		return len(before) > 2 && letters(before) == len(before) && small(text[i+3])
	}
	return len(before) > 3 && small(text[i-1]) && small(text[i-2]) && !camel[strings.ToLower(before)]
}

// camel are the first halves of names that have a capital within.
var camel = map[string]bool{"team": true, "class": true, "power": true, "what": true, "share": true, "face": true, "parent": true, "linked": true}

func small(c byte) bool { return c >= 'a' && c <= 'z' }

func isLower(c byte) bool { return c >= 'a' && c <= 'z' || c == ')' }

func abbreviated(sentence string) bool {
	tail := sentence
	if len(tail) > 8 {
		tail = tail[len(tail)-8:]
	}
	tail = strings.ToLower(tail)
	for _, a := range abbreviations {
		if strings.HasSuffix(tail, a) && (len(tail) == len(a) || !isLower(tail[len(tail)-len(a)-1])) {
			return true
		}
	}
	return false
}
