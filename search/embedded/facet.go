package embedded

import "strings"

// fact writes a value of a dimension; cutFact reads it.
func fact(dimension, value string) string { return dimension + "=" + value }

func cutFact(term string) (dimension, value string) {
	dimension, value, _ = strings.Cut(term, "=")
	return dimension, value
}
