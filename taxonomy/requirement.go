package taxonomy

// Level says how much a requirement is asked for.
type Level string

// The levels of a requirement.
const (
	Essential Level = "essential"
	Desirable Level = "desirable"
)

// Section is the heading a line stands under: Essential, Desirable or SectionNone.
type Section string

// The sections of a person specification.
const (
	SectionEssential Section = "essential"
	SectionDesirable Section = "desirable"
	SectionNone      Section = "none"
)

// Requirement is one thing asked of the candidate.
type Requirement struct {
	// ID is a concept of the taxonomy.
	ID    string `json:"id"`
	Level Level  `json:"level"`
	// MinYears is the least experience asked, in years; nil when none is stated.
	MinYears *float64 `json:"min_years"`
	// AnyOfGroup joins alternatives: one requirement of a group is enough. Its
	// number means nothing outside one advert.
	AnyOfGroup *int `json:"any_of_group"`
	// Evidence is the span of the advert's text that asks for it.
	Evidence string `json:"evidence"`
}
