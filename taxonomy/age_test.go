package taxonomy

import "testing"

func TestAges(t *testing.T) {
	taxonomy := load(t)
	tests := []struct {
		text     string
		from, to int
		words    string // none where the text states no age
	}{
		{"children aged 5 and under", 0, 5, "aged 5 and under"},
		{"pupils aged 11-16", 11, 16, "aged 11-16"},
		{"the age range of 4 to 7", 4, 7, "age range of 4 to 7"},
		{"3/4 year olds", 3, 4, "3/4 year olds"},
		{"children from birth to eight years", 0, 8, "birth to eight years"},
		{"teenagers of 13 years of age", 13, 13, "13 years of age"},
		{"pupils between 5 and 16 years", 5, 16, "between 5 and 16 years"},
		{"learners aged 16 and over", 16, oldest, "aged 16 and over"},
		{"two years in a school", 0, 0, ""},
		{"between 2 and 4 years in a school", 0, 0, ""},
		{"5 GCSEs at grade 4 or above", 0, 0, ""},
		{"of a suitable age", 0, 0, ""},
		{"aged 50 or over", 0, 0, ""},
	}
	for _, test := range tests {
		t.Run(test.text, func(t *testing.T) {
			r := &reading{taxonomy: taxonomy, text: test.text}
			r.tokens = tokenise(r.text, taxonomy.vocabulary)
			r.markBrackets()
			r.markCues()
			r.markAges()
			if test.words == "" {
				if len(r.ages) > 0 {
					t.Errorf("ages = %+v, want none", r.ages)
				}
				return
			}
			if len(r.ages) != 1 {
				t.Fatalf("ages = %+v, want one", r.ages)
			}
			a := r.ages[0]
			words := r.text[r.tokens[a.lo].start:r.tokens[a.hi-1].end]
			if a.from != test.from || a.to != test.to || words != test.words {
				t.Errorf("got %d to %d in %q, want %d to %d in %q", a.from, a.to, words, test.from, test.to, test.words)
			}
		})
	}
}
