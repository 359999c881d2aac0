package embedded

import (
	"sync"
	"testing"

	"pgregory.net/rapid"
)

// TestVerdicts holds that what is remembered of documents is what was kept.
func TestVerdicts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		documents := rapid.Uint64Range(1, 200).Draw(t, "documents")
		v, want := newVerdicts(documents), map[uint64]bool{}
		for range rapid.IntRange(0, 60).Draw(t, "kept") {
			document := rapid.Uint64Range(0, documents-1).Draw(t, "document")
			if _, had := want[document]; !had {
				want[document] = rapid.Bool().Draw(t, "has")
				v.keep(document, want[document])
			}
		}
		for document := range documents {
			has, known := v.of(document)
			if w, ok := want[document]; known != ok || has != w {
				t.Fatalf("of %d: %v, %v, want %v, %v", document, has, known, w, ok)
			}
		}
	})
}

// TestPhraseMemory holds that the memory stays in its bounds, and forgets what was
// wanted least lately.
func TestPhraseMemory(t *testing.T) {
	const documents = 1 << 20
	var m phraseMemory
	first := phraseKey{segment: 1, print: 0}
	m.of(first, documents).keep(7, true)
	for i := range uint64(200) {
		m.of(phraseKey{segment: 2, print: i}, documents)
		if _, known := m.of(first, documents).of(7); !known {
			t.Fatalf("what is wanted all the time was forgotten after %d others", i)
		}
		if m.words > maxVerdictWords {
			t.Fatalf("%d words are kept, want %d at most", m.words, maxVerdictWords)
		}
	}
	if n := len(m.known); n < 2 || n >= 200 {
		t.Errorf("%d phrases are kept", n)
	}
	m.forget()
	if _, known := m.of(first, documents).of(7); known {
		t.Error("what was to be forgotten is known")
	}
}

// TestVerdictsOfMany holds that goroutines may share verdicts.
func TestVerdictsOfMany(t *testing.T) {
	v := newVerdicts(64)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for document := range uint64(64) {
				if has, known := v.of(document); known && has != (document%3 == 0) {
					t.Errorf("of %d: %v", document, has)
				}
				v.keep(document, document%3 == 0)
			}
		})
	}
	wg.Wait()
}
