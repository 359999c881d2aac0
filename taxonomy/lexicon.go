package taxonomy

// lexicon finds wordings in a line of tokens. It is a trie over folded words:
// looking at a text costs one step a word and wording in reach, whatever the
// number of wordings.
type lexicon struct {
	edges  map[uint64]int32
	values [][]int32
}

func newLexicon() *lexicon {
	return &lexicon{edges: map[uint64]int32{}, values: make([][]int32, 1)}
}

// add stores a value under a wording. Words new to the vocabulary join it.
func (l *lexicon) add(wording string, value int32, vocabulary map[string]uint32) {
	node := int32(0)
	for _, t := range tokenise(wording, nil) {
		id, ok := vocabulary[t.word]
		if !ok {
			id = uint32(len(vocabulary) + 1)
			vocabulary[t.word] = id
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

// walk reports every wording that starts at tokens[i], shortest first.
func (l *lexicon) walk(tokens []token, i int, found func(end int, values []int32)) {
	node := int32(0)
	commaAt := -1
	for j := i; j < len(tokens); j++ {
		if j > i {
			if tokens[j].before&apart != 0 {
				return
			}
			if tokens[j].before&gapComma != 0 {
				commaAt = j
			}
		}
		next, ok := l.edges[edge(node, tokens[j].id)]
		if !ok || tokens[j].id == 0 {
			return
		}
		node = next
		// A comma may stand inside a wording ("social, emotional and mental
		// health") but not before its last word: "autism, experience of".
		if values := l.values[node]; len(values) > 0 && commaAt != j {
			found(j+1, values)
		}
	}
}

// longest gives the longest wording that starts at tokens[i]; end is i when
// there is none.
func (l *lexicon) longest(tokens []token, i int) (end int, values []int32) {
	end = i
	l.walk(tokens, i, func(e int, v []int32) { end, values = e, v })
	return end, values
}
