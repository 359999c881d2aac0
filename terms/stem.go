package terms

import (
	"sync"

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

// maxStems is how many stems an Analyser remembers: several times the words that
// adverts use. What comes after them is stemmed every time.
const maxStems = 1 << 16

// stemmer remembers stems. To take an ending off costs ten times a look-up, and
// every advert has much the same words.
type stemmer struct {
	mu    sync.RWMutex
	stems map[string]string
}

func (s *stemmer) stem(token string) string {
	s.mu.RLock()
	known, ok := s.stems[token]
	s.mu.RUnlock()
	if ok {
		return known
	}
	root := stem(token)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stems == nil {
		s.stems = make(map[string]string)
	}
	if len(s.stems) < maxStems {
		s.stems[token] = root
	}
	return root
}

// ofText gives the stems of a text in their order.
func (s *stemmer) ofText(text string) []string {
	var out []string
	seen := make(map[string]string)
	tokens(fold(text), func(token []byte) {
		root, ok := seen[string(token)]
		if !ok {
			word := string(token)
			root = s.stem(word)
			seen[word] = root
		}
		out = append(out, root)
	})
	return out
}
