package store

import (
	"strconv"
	"strings"
)

// unnumbered writes ? for the $1, $2, … of a statement that has each of them once and
// in order, and leaves another as it is. To SQLite $1 is a name, which the driver looks
// up anew for every argument of every run, among the names of all arguments: of a
// statement that writes many rows that was most of the cost.
func unnumbered(query string) string {
	var b strings.Builder
	rest := query
	for n := 1; ; n++ {
		at := strings.IndexByte(rest, '$')
		if at < 0 {
			b.WriteString(rest)
			return b.String()
		}
		number := digits(rest[at+1:])
		if number != strconv.Itoa(n) {
			return query
		}
		b.WriteString(rest[:at])
		b.WriteByte('?')
		rest = rest[at+1+len(number):]
	}
}

// digits are the digits that a text begins with.
func digits(s string) string {
	end := strings.IndexFunc(s, func(r rune) bool { return r < '0' || r > '9' })
	if end < 0 {
		end = len(s)
	}
	return s[:end]
}
