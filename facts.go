package sendwatch

// Support says how the support is given: to one pupil, to a small group, or
// across a class.
type Support string

// The ways of giving support.
const (
	SupportOneToOne   Support = "one-to-one"
	SupportSmallGroup Support = "small-group"
	SupportClass      Support = "class"
)

// Entry says what a post asks for of people who are new to the work.
type Entry string

// The ways in. The empty Entry means that the text does not tell, or that the
// post asks for experience or for more than Level 2.
const (
	EntryOpen           Entry = "open" // no experience and nothing above Level 2 is essential
	EntryApprenticeship Entry = "apprenticeship"
)

// Driver says whether the post needs somebody who drives.
type Driver string

// Whether a driver is needed; empty when the text does not say.
const (
	DriverNeeded    Driver = "needed"
	DriverPreferred Driver = "preferred"
)

// Facts are what a reading knows of a post in closed vocabularies, beside role,
// needs and setting.
type Facts struct {
	Support []Support `json:"support,omitempty"`
	Entry   Entry     `json:"entry,omitempty"`
	Driver  Driver    `json:"driver,omitempty"`
	// PaidBy is who would employ the person; Client is the school behind an
	// agency, where the advert names it.
	PaidBy EmployerKind `json:"paid_by,omitempty"`
	Client string       `json:"client,omitempty"`
	// Told holds, for each of the fields above by its JSON name and for each
	// duty by its id, the words of the advert that tell it.
	Told map[string]string `json:"told,omitempty"`
}
