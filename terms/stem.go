package terms

import (
	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/english"
)

// stem takes the English ending off a folded token (Porter 2). Tokens with
// digits or letters beyond a to z are names and numbers: they stay.
func stem(token string) string {
	if len(token) < 3 {
		return token
	}
	for i := 0; i < len(token); i++ {
		if !isASCIILetter(token[i]) {
			return token
		}
	}
	env := snowballstem.NewEnv(token)
	english.Stem(env)
	if s := env.Current(); s != "" {
		return s
	}
	return token
}

// stems are the stems of a text in their order.
func stems(text string) []string {
	var out []string
	seen := make(map[string]string)
	tokens(fold(text), func(token []byte) {
		s, ok := seen[string(token)]
		if !ok {
			word := string(token)
			s = stem(word)
			seen[word] = s
		}
		out = append(out, s)
	})
	return out
}
