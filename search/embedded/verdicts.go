package embedded

import (
	"sync"
	"sync/atomic"
)

// verdicts says of the documents of one segment, as far as they were asked,
// whether they have a phrase. A segment never changes, so neither do they.
type verdicts struct {
	asked, had []atomic.Uint64
	// last is when they were wanted last, by the memory's count.
	last uint64
}

func newVerdicts(documents uint64) *verdicts {
	words := documents/64 + 1
	return &verdicts{asked: make([]atomic.Uint64, words), had: make([]atomic.Uint64, words)}
}

// of gives what is known of a document.
func (v *verdicts) of(document uint64) (has, known bool) {
	word, bit := document/64, uint64(1)<<(document%64)
	if v.asked[word].Load()&bit == 0 {
		return false, false
	}
	return v.had[word].Load()&bit != 0, true
}

// keep remembers a verdict. Whoever sees that a document was asked sees the answer.
func (v *verdicts) keep(document uint64, has bool) {
	word, bit := document/64, uint64(1)<<(document%64)
	if has {
		v.had[word].Or(bit)
	}
	v.asked[word].Or(bit)
}

// phraseKey names a phrase in a segment.
type phraseKey struct{ segment, print uint64 }

// phraseMemory keeps the verdicts on the phrases that were asked of late. A page
// of results asks its phrase several times, for the facets, and so do the next
// page and the next reader; to read the prints of 20,000 vacancies takes longer
// than all else that such a search does.
type phraseMemory struct {
	mu    sync.Mutex
	known map[phraseKey]*verdicts
	words int // how many words all of them take
	count uint64
}

// maxVerdictWords bounds the memory to about 8 MB: at 200,000 vacancies, 160
// phrases.
const maxVerdictWords = 1 << 20

// of gives the verdicts on a phrase, new ones when there are none.
func (m *phraseMemory) of(k phraseKey, documents uint64) *verdicts {
	m.mu.Lock()
	defer m.mu.Unlock()
	v := m.known[k]
	if v == nil {
		if m.known == nil {
			m.known = make(map[phraseKey]*verdicts)
		}
		v = newVerdicts(documents)
		m.known[k] = v
		m.words += 2 * len(v.asked)
	}
	m.count++
	v.last = m.count
	for m.words > maxVerdictWords && len(m.known) > 1 {
		m.forgetOldest()
	}
	return v
}

func (m *phraseMemory) forgetOldest() {
	var oldest phraseKey
	least := m.count + 1
	for k, v := range m.known {
		if v.last < least {
			oldest, least = k, v.last
		}
	}
	m.words -= 2 * len(m.known[oldest].asked)
	delete(m.known, oldest)
}

// forget forgets all: a new index numbers its segments from the start.
func (m *phraseMemory) forget() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.known, m.words = nil, 0
}
