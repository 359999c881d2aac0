package pay

import (
	"regexp"
	"strings"
)

var (
	notWord       = regexp.MustCompile(`[^a-z0-9]+`)
	gradeWords    = regexp.MustCompile(`\b(?:grade|scale|band|njc|nje|pay|salary|local government|level)\b`)
	betweenGrades = regexp.MustCompile(`/|\s(?:or|to|&|-)\s`)
	inBrackets    = regexp.MustCompile(`\(([^)]*)\)`)
)

// resolve finds the rows for an employer's grade. A grade's name is only worth
// something together with its employer: Scale 3 is points 5-6 in one county and
// 7-8 in another.
func (t *Tables) resolve(employer, grade string) []gradeRow {
	who := words(employer)
	if who == "" || grade == "" {
		return nil
	}
	var found []gradeRow
	for _, want := range alternatives(grade) {
		for _, row := range t.grades {
			if employs(row.authority, who) && gradeKey(row.grade) == want {
				found = append(found, row)
				break
			}
		}
	}
	return found
}

// alternatives are the grades of "Grade 5/6" and "Grade 7 or 8", as keys.
func alternatives(grade string) []string {
	var out []string
	for _, part := range betweenGrades.Split(grade, -1) {
		if k := gradeKey(part); k != "" {
			out = append(out, k)
		}
	}
	return out
}

// gradeKey folds "Grade C", "NJC grade C" and "C" into one.
func gradeKey(grade string) string {
	return notWord.ReplaceAllString(gradeWords.ReplaceAllString(strings.ToLower(grade), " "), "")
}

// employs says whether an employer is the authority of a row: all the
// authority's words stand in its name, or those of an alternative in brackets.
func employs(authority, who string) bool {
	if strings.HasPrefix(authority, "Classic") {
		return false
	}
	names := []string{inBrackets.ReplaceAllString(authority, " ")}
	for _, m := range inBrackets.FindAllStringSubmatch(authority, 4) {
		names = append(names, m[1])
	}
	for _, list := range names {
		for _, name := range strings.Split(list, "/") {
			if n := words(name); n != "" && strings.Contains(" "+who+" ", " "+n+" ") {
				return true
			}
		}
	}
	return false
}

// words is a name in lower case, single spaces between its words.
func words(s string) string {
	return strings.TrimSpace(notWord.ReplaceAllString(strings.ToLower(cut(s)), " "))
}
