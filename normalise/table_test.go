package normalise

import (
	"testing"

	"github.com/sendwatch/sendwatch/taxonomy"
)

func TestCoded(t *testing.T) {
	tests := []struct {
		cell string
		want taxonomy.Section
	}{
		{"E", taxonomy.SectionEssential}, {"(D)", taxonomy.SectionDesirable}, {"e", taxonomy.SectionEssential},
		{"Essential", taxonomy.SectionEssential}, {"DESIRABLE", taxonomy.SectionDesirable},
		{"E - A/I", taxonomy.SectionEssential}, {"D (A, I, R)", taxonomy.SectionDesirable}, {"E AF", taxonomy.SectionEssential},
		{"", ""}, {"A/I", ""}, {"English", ""}, {"Desirable but only for the class in Year 2", ""},
	}
	for _, tt := range tests {
		if got := coded(tt.cell); got != tt.want {
			t.Errorf("%q: got %q, want %q", tt.cell, got, tt.want)
		}
	}
}

func TestGraded(t *testing.T) {
	tests := []struct {
		text, rest string
		section    taxonomy.Section
	}{
		{"Experience of supporting pupils - E - A/I", "Experience of supporting pupils", taxonomy.SectionEssential},
		{"Knowledge of Makaton signs - D", "Knowledge of Makaton signs", taxonomy.SectionDesirable},
		{"Knowledge of Makaton signs [D]", "Knowledge of Makaton signs", taxonomy.SectionDesirable},
		{"Patience and a sense of humour E", "Patience and a sense of humour", taxonomy.SectionEssential},
		{"A full driving licence (D, A)", "A full driving licence", taxonomy.SectionDesirable},
		{"GCSE English and maths at grade D", "", ""},
		{"GCSE English and maths, grades A - D", "", ""},
		{"A member of a team in Year 4 or 5", "", ""},
		{"Short text E", "", ""},
	}
	for _, tt := range tests {
		want := tt.rest
		if tt.section == "" {
			want = tt.text
		}
		if rest, section := graded(tt.text); rest != want || section != tt.section {
			t.Errorf("%q: got %q %q, want %q %q", tt.text, rest, section, want, tt.section)
		}
	}
}

func TestMarked(t *testing.T) {
	for _, cell := range []string{"✓", "X", "x", "Yes", "*", "•", "(✔)", "A/I", "AF, R", " Y "} {
		if !marked(cell) {
			t.Errorf("%q is no mark", cell)
		}
	}
	for _, cell := range []string{"", "-", "No", "GCSE English", "Interview", "calm"} {
		if marked(cell) {
			t.Errorf("%q is a mark", cell)
		}
	}
}
