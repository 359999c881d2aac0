package meilitest

import (
	"fmt"
)

// swap is two indexes that change places, or one that is given the other's name.
type swap struct {
	Indexes []string `json:"indexes"`
	Rename  bool     `json:"rename"`
}

func swapIndexes(c *call) (int, any, error) {
	body, err := c.json()
	if err != nil {
		return 0, nil, err
	}
	swaps, err := readSwaps(body)
	if err != nil {
		return 0, nil, err
	}
	for _, sw := range swaps {
		for _, uid := range sw.Indexes {
			if !c.key.mayIndex(uid) {
				return 0, nil, errBadKey
			}
		}
	}
	return c.enqueue(&task{
		kind: indexSwap, details: map[string]any{"swaps": swaps},
		run: func(s *Server, t *task) error { return s.swap(t, swaps) },
	})
}

// readSwaps reads the pairs. Each index may be named once in all of them.
func readSwaps(body any) ([]swap, error) {
	array, ok := body.([]any)
	if !ok {
		return nil, fail("bad_request", "Invalid value type: expected an array, but found %s.", describe(body))
	}
	swaps := make([]swap, 0, len(array))
	named := map[string]bool{}
	for i, e := range array {
		var sw swap
		at := fmt.Sprintf(" inside `[%d]`", i)
		err := decodeAs(e, map[string]field{
			"indexes": stringsField("invalid_swap_indexes", &sw.Indexes), "rename": boolField("invalid_swap_rename", &sw.Rename),
		}, "bad_request", at)
		switch {
		case err != nil:
			return nil, err
		case sw.Indexes == nil:
			return nil, fail("missing_swap_indexes", "Missing field `indexes`%s.", at)
		case len(sw.Indexes) != 2:
			return nil, fail("invalid_swap_indexes", "A swap takes two indexes, not %d.", len(sw.Indexes))
		}
		for _, uid := range sw.Indexes {
			if checkUID(uid) != nil {
				return nil, fail("invalid_swap_indexes", "`%s` is not a valid index uid.", uid)
			}
			if named[uid] {
				return nil, fail("invalid_swap_duplicate_index_found", "Indexes must be declared only once during a swap. `%s` was specified several times.", uid)
			}
			named[uid] = true
		}
		swaps = append(swaps, sw)
	}
	return swaps, nil
}

// swap carries out all pairs or none.
func (s *Server) swap(t *task, swaps []swap) error {
	for _, sw := range swaps {
		a, b := sw.Indexes[0], sw.Indexes[1]
		if s.indexes[a] == nil {
			return noIndex(a)
		}
		switch {
		case sw.Rename && s.indexes[b] != nil:
			return fail("index_already_exists", "Cannot rename `%s` to `%s`: that index exists.", a, b)
		case !sw.Rename && s.indexes[b] == nil:
			return noIndex(b)
		}
	}
	for _, sw := range swaps {
		a, b := sw.Indexes[0], sw.Indexes[1]
		x, y := s.indexes[a], s.indexes[b]
		delete(s.indexes, a)
		s.indexes[b], x.uid = x, b
		if y != nil {
			s.indexes[a], y.uid = y, a
		}
		s.renameTasks(t, a, b)
	}
	return nil
}

// renameTasks makes the tasks that came before a swap those of the content that
// they were sent for: history follows it. Later tasks keep the name they gave.
func (s *Server) renameTasks(swap *task, a, b string) {
	for _, t := range s.tasks {
		switch {
		case t.uid >= swap.uid:
		case t.index == a:
			t.index = b
		case t.index == b:
			t.index = a
		}
	}
}
