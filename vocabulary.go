package sendwatch

import "strings"

// Supports lists the ways of giving support.
func Supports() []Support { return []Support{SupportOneToOne, SupportSmallGroup, SupportClass} }

// Entries lists the ways in.
func Entries() []Entry { return []Entry{EntryOpen, EntryApprenticeship} }

// Drivers lists what may be said of driving.
func Drivers() []Driver { return []Driver{DriverNeeded, DriverPreferred} }

// Payers lists the kinds of employer that may pay.
func Payers() []EmployerKind {
	return []EmployerKind{EmployerSchool, EmployerTrust, EmployerCouncil, EmployerAgency, EmployerCompany, EmployerCharity}
}

// Kinds lists the kinds of text that a search finds. A role description is none.
func Kinds() []Kind { return []Kind{KindVacancy, KindPool} }

// Label is how a filter calls it.
func (s Support) Label() string {
	switch s {
	case SupportOneToOne:
		return "One to one"
	case SupportSmallGroup:
		return "Small groups"
	case SupportClass:
		return "Whole class"
	}
	return plainly(string(s))
}

// Label is how a filter calls it.
func (e Entry) Label() string {
	switch e {
	case EntryOpen:
		return "No experience needed"
	case EntryApprenticeship:
		return "Apprenticeship"
	}
	return plainly(string(e))
}

// Label is how a filter calls it.
func (d Driver) Label() string {
	switch d {
	case DriverNeeded:
		return "Driver needed"
	case DriverPreferred:
		return "Driver preferred"
	}
	return plainly(string(d))
}

// PaysLabel is how a filter calls the posts that an employer of the kind pays.
func (k EmployerKind) PaysLabel() string {
	if k == EmployerUnknown {
		return ""
	}
	return "Paid by " + k.Payer()
}

// Payer is how a sentence calls an employer of the kind: "the school", "an agency".
func (k EmployerKind) Payer() string {
	switch k {
	case EmployerUnknown:
		return ""
	case EmployerSchool, EmployerTrust, EmployerCouncil:
		return "the " + string(k)
	case EmployerAgency:
		return "an agency"
	}
	return "a " + strings.ReplaceAll(string(k), "-", " ")
}

// Label is how a filter calls it.
func (k Kind) Label() string {
	switch k {
	case KindVacancy:
		return "One post"
	case KindPool:
		return "A register to join"
	}
	return plainly(string(k))
}

// plainly reads an id that has no better name as words.
func plainly(id string) string {
	s := strings.ReplaceAll(id, "-", " ")
	if s == "" || s[0] < 'a' || s[0] > 'z' {
		return s
	}
	return string(s[0]-('a'-'A')) + s[1:]
}
