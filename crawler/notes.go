package crawler

import (
	"fmt"
	"slices"
	"strings"
	"sync"
)

// maxNotes is how many reasons a report's note gives.
const maxNotes = 4

// notes are the reasons why a crawl is incomplete, each once.
type notes struct {
	mu   sync.Mutex
	list []string
}

// add adds a reason and reports whether it is a new one.
func (n *notes) add(note string) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	if slices.Contains(n.list, note) {
		return false
	}
	n.list = append(n.list, note)
	return true
}

func (n *notes) none() bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return len(n.list) == 0
}

// String is the first of them, and how many more there are.
func (n *notes) String() string {
	n.mu.Lock()
	defer n.mu.Unlock()
	text := strings.Join(n.list[:min(len(n.list), maxNotes)], "; ")
	if more := len(n.list) - maxNotes; more > 0 {
		text += fmt.Sprintf("; and %d more", more)
	}
	return text
}
