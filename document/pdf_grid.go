package document

import (
	"cmp"
	"math"
	"slices"
)

// Bounds of a table that is drawn with lines.
const (
	snap     = 3.0 // points within which lines are one line, and meet
	gridMost = 400 // rows, and columns, of one table
)

// grid is a table drawn with lines: where its columns and rows part, and which
// of its fields are one cell.
type grid struct {
	xs, ys []float64
	cells  []int // for every field, its cell's first field
}

func (g *grid) columns() int { return len(g.xs) - 1 }
func (g *grid) rows() int    { return len(g.ys) - 1 }

// holds reports whether a point lies within the table.
func (g *grid) holds(x, y float64) bool {
	return x > g.xs[0]-1 && x < g.xs[len(g.xs)-1]+1 && y > g.ys[0]-1 && y < g.ys[len(g.ys)-1]+1
}

// cell is the cell at a point of the table.
func (g *grid) cell(x, y float64) int {
	return g.cells[band(g.ys, y)*g.columns()+band(g.xs, x)]
}

// band is the index of the interval that holds a value.
func band(edges []float64, v float64) int {
	i, _ := slices.BinarySearch(edges, v)
	return min(max(i-1, 0), len(edges)-2)
}

// grids finds the tables among the drawn lines of a page: lines that meet, and
// make more than one field.
func grids(rules []segment) []grid {
	lines := united(rules)
	groups := meeting(lines)
	var out []grid
	for _, group := range groups {
		if g, ok := gridOf(group); ok {
			out = append(out, g)
		}
	}
	slices.SortFunc(out, func(a, b grid) int { return cmp.Compare(a.ys[0], b.ys[0]) })
	return out
}

func (s *segment) level() bool { return s.y1-s.y0 < s.x1-s.x0 }

// united joins lines that go on one in another. Borders of cells are often
// drawn cell by cell.
func united(rules []segment) []segment {
	var level, upright []segment
	for _, s := range rules {
		if s.level() {
			level = append(level, s)
		} else {
			upright = append(upright, segment{s.y0, s.x0, s.y1, s.x1}) // on its side
		}
	}
	out := unitedLevel(level)
	for _, s := range unitedLevel(upright) {
		out = append(out, segment{s.y0, s.x0, s.y1, s.x1})
	}
	return out
}

func unitedLevel(lines []segment) []segment {
	slices.SortFunc(lines, func(a, b segment) int { return cmp.Compare(a.y0, b.y0) })
	var out []segment
	for len(lines) > 0 {
		n := 1
		for n < len(lines) && lines[n].y0-lines[n-1].y0 < snap/2 && lines[n].y0-lines[0].y0 < 2*snap {
			n++
		}
		same := lines[:n]
		slices.SortFunc(same, func(a, b segment) int { return cmp.Compare(a.x0, b.x0) })
		at := same[0]
		for _, s := range same[1:] {
			if s.x0 <= at.x1+snap {
				at.x1 = max(at.x1, s.x1)
				continue
			}
			out = append(out, at)
			y := at.y0
			at = s
			at.y0, at.y1 = y, y
		}
		out = append(out, at)
		lines = lines[n:]
	}
	return out
}

// meeting groups lines that cross or touch.
func meeting(lines []segment) [][]segment {
	var level, upright []segment
	for _, s := range lines {
		if s.level() {
			level = append(level, s)
		} else {
			upright = append(upright, s)
		}
	}
	if len(level)*len(upright) > 4_000_000 {
		return nil
	}
	parent := make([]int, len(level)+len(upright))
	for i := range parent {
		parent[i] = i
	}
	for i, h := range level {
		for k, v := range upright {
			if v.x0 >= h.x0-snap && v.x0 <= h.x1+snap && h.y0 >= v.y0-snap && h.y0 <= v.y1+snap {
				parent[root(parent, i)] = root(parent, len(level)+k)
			}
		}
	}
	groups := map[int][]segment{}
	for i := range parent {
		s := append(level[:len(level):len(level)], upright...)[i]
		groups[root(parent, i)] = append(groups[root(parent, i)], s)
	}
	var out [][]segment
	for _, i := range slices.Sorted(mapKeys(groups)) {
		out = append(out, groups[i])
	}
	return out
}

func mapKeys(m map[int][]segment) func(func(int) bool) {
	return func(yield func(int) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

func root(parent []int, i int) int {
	for parent[i] != i {
		parent[i] = parent[parent[i]]
		i = parent[i]
	}
	return i
}

// gridOf makes a table of lines that meet.
func gridOf(lines []segment) (grid, bool) {
	var xs, ys []float64
	for _, s := range lines {
		if s.level() {
			ys = append(ys, s.y0)
		} else {
			xs = append(xs, s.x0)
		}
	}
	g := grid{xs: edges(xs), ys: edges(ys)}
	if len(xs) > 0 && len(ys) > 0 {
		// A table open at its sides has rules that reach beyond its uprights.
		for _, s := range lines {
			if s.level() {
				g.xs = widened(g.xs, s.x0, s.x1)
			} else {
				g.ys = widened(g.ys, s.y0, s.y1)
			}
		}
	}
	if len(g.xs) < 2 || len(g.ys) < 2 || len(g.xs) > gridMost || len(g.ys) > gridMost || g.columns()*g.rows() < 2 {
		return grid{}, false
	}
	g.unite(lines)
	return g, true
}

// widened adds an outer edge where lines reach far beyond the outermost.
func widened(edges []float64, from, to float64) []float64 {
	if from < edges[0]-4*snap {
		edges = slices.Insert(edges, 0, from)
	}
	if to > edges[len(edges)-1]+4*snap {
		edges = append(edges, to)
	}
	return edges
}

// edges are the places of lines, each once.
func edges(at []float64) []float64 {
	slices.Sort(at)
	var out []float64
	for _, v := range at {
		if len(out) == 0 || v-out[len(out)-1] > snap {
			out = append(out, v)
		}
	}
	return out
}

// unite makes one cell of fields that no line parts.
func (g *grid) unite(lines []segment) {
	n := g.columns()
	parent := make([]int, n*g.rows())
	for i := range parent {
		parent[i] = i
	}
	for r := range g.rows() {
		for c := range n {
			field := r*n + c
			y, x := (g.ys[r]+g.ys[r+1])/2, (g.xs[c]+g.xs[c+1])/2
			if c+1 < n && !parted(lines, g.xs[c+1], y, false) {
				parent[root(parent, field+1)] = root(parent, field)
			}
			if r+1 < g.rows() && !parted(lines, g.ys[r+1], x, true) {
				parent[root(parent, field+n)] = root(parent, field)
			}
		}
	}
	g.cells = make([]int, len(parent))
	least := map[int]int{}
	for i := range parent {
		at := root(parent, i)
		if _, ok := least[at]; !ok {
			least[at] = i
		}
		g.cells[i] = least[at]
	}
}

// parted reports whether a line at an edge covers a point along it.
func parted(lines []segment, edge, along float64, level bool) bool {
	for i := range lines {
		s := &lines[i]
		if s.level() != level {
			continue
		}
		at, from, to := s.x0, s.y0, s.y1
		if level {
			at, from, to = s.y0, s.x0, s.x1
		}
		if math.Abs(at-edge) <= snap && from-1 <= along && along <= to+1 {
			return true
		}
	}
	return false
}
