package taxonomy

// Satisfies says whether whoever holds one concept thereby meets a requirement
// of another: the same concept, one that it implies or is equivalent to through
// any number of steps, or one that the data says it meets. Experience with
// adults alone never meets a requirement of work with pupils, because nothing
// that is said of adults implies the pupils' concepts.
func (t *Taxonomy) Satisfies(held, asked string) bool {
	if held == asked {
		return true
	}
	holds := t.closure[held]
	if holds[asked] {
		return true
	}
	for _, id := range t.metBy[asked] {
		if id == held || holds[id] {
			return true
		}
	}
	return false
}

// closeImplications works out once what follows from each concept.
func (t *Taxonomy) closeImplications(data []conceptData) {
	next := map[string][]string{}
	t.metBy = map[string][]string{}
	for _, c := range data {
		next[c.ID] = append(next[c.ID], c.Implies...)
		for _, other := range c.EquivalentTo {
			next[c.ID] = append(next[c.ID], other)
			next[other] = append(next[other], c.ID)
		}
		if len(c.MetBy) > 0 {
			t.metBy[c.ID] = c.MetBy
		}
	}
	t.closure = make(map[string]map[string]bool, len(data))
	for _, c := range data {
		seen := map[string]bool{}
		queue := []string{c.ID}
		for len(queue) > 0 {
			id := queue[0]
			queue = queue[1:]
			for _, n := range next[id] {
				if n != c.ID && !seen[n] {
					seen[n] = true
					queue = append(queue, n)
				}
			}
		}
		t.closure[c.ID] = seen
	}
}
