package taxonomy

// lexicon finds wordings in a line of tokens. It is a trie over folded words:
// looking at a text costs one step a word and wording in reach, whatever the
// number of wordings.
type lexicon struct {
	edges  map[uint64]int32
	values [][]int32
	// light are words that may stand between the words of a wording without
	// changing it: "part of a busy team" is "part of a team". Nil allows none.
	light map[uint32]bool
	// verbs says that some wordings were added in all forms of their verbs.
	verbs bool
}

func newLexicon() *lexicon {
	return &lexicon{edges: map[uint64]int32{}, values: make([][]int32, 1)}
}

// vocabularyID gives a folded word its number; words new to the vocabulary join
// it.
func (t *Taxonomy) vocabularyID(word string) uint32 {
	id, ok := t.vocabulary[word]
	if !ok {
		id = uint32(len(t.vocabulary) + 1)
		t.vocabulary[word] = id
	}
	return id
}

// add stores a value under a wording. Words new to the vocabulary join it.
func (l *lexicon) add(wording string, value int32, vocabulary map[string]uint32) {
	l.store(wordsOf(wording), value, vocabulary)
}

// addForms stores a value under a wording and all forms of its verbs:
// "managing behaviour" is then found in "manage behaviour". One word by itself
// is found only as it is written.
func (l *lexicon) addForms(wording string, value int32, vocabulary map[string]uint32) {
	words := wordsOf(wording)
	l.store(words, value, vocabulary)
	if len(words) < 2 {
		return
	}
	l.verbs = true
	for i, w := range words {
		words[i] = verbStem(w)
	}
	l.store(words, value, vocabulary)
}

func wordsOf(wording string) []string {
	tokens := tokenise(wording, nil)
	out := make([]string, len(tokens))
	for i, t := range tokens {
		out[i] = t.word
	}
	return out
}

func (l *lexicon) store(words []string, value int32, vocabulary map[string]uint32) {
	node := int32(0)
	for _, w := range words {
		id, ok := vocabulary[w]
		if !ok {
			id = uint32(len(vocabulary) + 1)
			vocabulary[w] = id
		}
		key := edge(node, id)
		next, ok := l.edges[key]
		if !ok {
			next = int32(len(l.values))
			l.values = append(l.values, nil)
			l.edges[key] = next
		}
		node = next
	}
	if node == 0 {
		return
	}
	for _, v := range l.values[node] {
		if v == value {
			return
		}
	}
	l.values[node] = append(l.values[node], value)
}

func edge(node int32, id uint32) uint64 { return uint64(uint32(node))<<32 | uint64(id) }

// maxLight is how many light words in a row a wording reaches across.
const maxLight = 4

// walk reports the wordings that start at tokens[i]. Light words at the start
// belong to what follows them: "a good level" is no "a level".
func (l *lexicon) walk(tokens []token, i int, found func(end int, values []int32)) {
	light := l.light != nil && !l.light[tokens[i].id]
	l.step(tokens, i, 0, 0, light, found)
}

// step goes on with the wordings of a node at tokens[j], skipped light words
// after the last word that belongs to one.
func (l *lexicon) step(tokens []token, j int, node int32, skipped int, light bool, found func(end int, values []int32)) {
	for ; j < len(tokens) && tokens[j].id|tokens[j].stem != 0; j++ {
		first := node == 0
		if !first && tokens[j].before&apart != 0 {
			return
		}
		if light && !first && skipped < maxLight && l.passes(tokens, j, skipped) {
			l.step(tokens, j+1, node, skipped+1, light, found)
		}
		if l.verbs && tokens[j].stem != 0 {
			if next, ok := l.edges[edge(node, tokens[j].stem)]; ok {
				l.enter(tokens, j, next, first, light, found)
			}
		}
		next, ok := l.edges[edge(node, tokens[j].id)]
		if !ok {
			return
		}
		node, skipped = next, 0
		// A comma may stand inside a wording ("social, emotional and mental
		// health") but not before its last word: "autism, experience of".
		if values := l.values[node]; len(values) > 0 && (first || tokens[j].before&gapComma == 0) {
			found(j+1, values)
		}
	}
}

// enter goes on from a node that a stem led to. One word by itself is found only
// as it is written: "caring" is no "care".
func (l *lexicon) enter(tokens []token, j int, node int32, first, light bool, found func(end int, values []int32)) {
	if values := l.values[node]; len(values) > 0 && !first && tokens[j].before&gapComma == 0 {
		found(j+1, values)
	}
	l.step(tokens, j+1, node, 0, light, found)
}

// passes says whether tokens[j] may stand inside a wording without belonging
// to it. An "and" may, between two light words.
func (l *lexicon) passes(tokens []token, j, skipped int) bool {
	if l.light[tokens[j].id] {
		return tokens[j].before&gapSlash == 0
	}
	return skipped > 0 && tokens[j].word == "and" && j+1 < len(tokens) && l.light[tokens[j+1].id]
}

// longest gives the longest wording that starts at tokens[i]; end is i when
// there is none.
func (l *lexicon) longest(tokens []token, i int) (end int, values []int32) {
	end = i
	l.walk(tokens, i, func(e int, v []int32) {
		if e >= end {
			end, values = e, v
		}
	})
	return end, values
}
