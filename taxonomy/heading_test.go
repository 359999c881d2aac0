package taxonomy

import "testing"

func TestPart(t *testing.T) {
	taxonomy := load(t)
	tests := []struct {
		text    string
		part    Part
		section Section
	}{
		{"Essential criteria", PartRequirements, SectionEssential},
		{"**Essential:**", PartRequirements, SectionEssential},
		{"You might also have", PartRequirements, SectionDesirable},
		{"DESIRABLE", PartRequirements, SectionDesirable},
		{"Experience - desirable:", PartRequirements, SectionDesirable},
		{"Knowledge and qualifications - essential, i.e. the postholder must have:", PartRequirements, SectionEssential},
		{"What we're looking for", PartRequirements, SectionEssential},
		{"2. Person specification", PartRequirements, SectionEssential},
		{"Key responsibilities", PartDuties, SectionNone},
		{"What you’ll be doing", PartDuties, SectionNone},
		{"What we offer", PartOffer, SectionNone},
		{"About our school", PartAbout, SectionNone},
		{"How to apply", PartApply, SectionNone},
	}
	for _, tt := range tests {
		part, section, ok := taxonomy.Part(tt.text)
		if !ok || part != tt.part || section != tt.section {
			t.Errorf("Part(%q) = %q, %q, %v; want %q, %q", tt.text, part, section, ok, tt.part, tt.section)
		}
		if got, ok := taxonomy.Heading(tt.text); !ok || got != tt.section {
			t.Errorf("Heading(%q) = %q, %v; want %q", tt.text, got, ok, tt.section)
		}
	}
	for _, text := range []string{
		"", "   ", "Experience of working with children in a nursery is something that we value here",
		"Calm and patient", "GCSE English", "We offer free parking at the gate of the school for all",
	} {
		if _, ok := taxonomy.Heading(text); ok {
			t.Errorf("Heading(%q) is taken for a heading", text)
		}
	}
}
