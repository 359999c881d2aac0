package taxonomy

import "testing"

func TestLeaning(t *testing.T) {
	known := load(t)
	tests := []struct {
		want  Part
		lines []string
	}{
		{PartRequirements, []string{
			"Experience of working with teenagers", "Patience", "A calm and patient manner", "Able to work with others",
			"GCSE English at grade C or above", "Strong, patient communicator", "Has a sense of humour",
			"Willingness to learn", "A full driving licence",
		}},
		{PartDuties, []string{
			"Support pupils in lessons", "Supporting pupils in lessons", "Moving around the classroom", "To assist the class teacher",
			"Work closely with therapists",
		}},
		{PartOffer, []string{
			"Free parking", "£95 a day", "Training provided", "Ongoing CPD", "A supportive team",
		}},
		{"", []string{"", "Autism", "Year 4", "Communication strategies", "Our school is on two sites"}},
	}
	for _, tt := range tests {
		for _, line := range tt.lines {
			if got := known.Leaning(line); got != tt.want {
				t.Errorf("%q leans to %q, want %q", line, got, tt.want)
			}
		}
	}
}

// A heading that a verb completes opens what the verb says, not what you need.
func TestHeadingCompletedByAVerb(t *testing.T) {
	known := load(t)
	for _, text := range []string{"You will learn:", "You will pick up:"} {
		if part, _, ok := known.Part(text); ok {
			t.Errorf("%q opens %s", text, part)
		}
	}
	if part, section, ok := known.Part("You will also have:"); !ok || part != PartRequirements || section != SectionEssential {
		t.Errorf("got %q %q %v", part, section, ok)
	}
}
