package extract

import "strings"

// object is one thing of structured data: property name to a string, a
// json.Number, a bool, an object or a list of these. JSON-LD, microdata and RDFa
// are all read into this form, in schema.org's own names.
type object = map[string]any

// add keeps several values of one property as a list.
func add(o object, name string, value any) {
	switch old := o[name].(type) {
	case nil:
		o[name] = value
	case []any:
		if more, ok := value.([]any); ok {
			o[name] = append(old, more...)
			return
		}
		o[name] = append(old, value)
	default:
		o[name] = []any{old, value}
	}
}

// localName is the last part of a name that may be written with a prefix or as a
// whole address: "title" of "schema:title" and of "http://schema.org/title".
func localName(name string) string {
	return strings.TrimSpace(name[strings.LastIndexAny(name, "/#:")+1:])
}

// property is a property's own name, whatever case and form it is written in.
func property(name string) string {
	name = localName(name)
	if own, ok := properties[strings.ToLower(name)]; ok {
		return own
	}
	return name
}

// properties are the properties that are read, by their names in small letters.
var properties = lower("title name legalName description identifier value minValue maxValue unitText currency baseSalary salaryCurrency " +
	"hiringOrganization employmentType workHours datePosted validThrough jobStartDate jobImmediateStart jobLocation jobLocationType address " +
	"addressLocality addressRegion streetAddress postalCode addressCountry url sameAs propertyID responsibilities qualifications " +
	"educationRequirements experienceRequirements skills jobBenefits incentiveCompensation credentialCategory logo image")

func lower(names string) map[string]string {
	out := map[string]string{}
	for name := range strings.FieldsSeq(names) {
		out[strings.ToLower(name)] = name
	}
	return out
}

// isAddress are the properties whose value is an address; a link that carries any
// other property means its words.
var isAddress = map[string]bool{"url": true, "sameAs": true, "logo": true, "image": true, "mainEntityOfPage": true, "additionalType": true}

// isToken are the properties whose value may be a term of a vocabulary, given by
// its address.
var isToken = map[string]bool{"employmentType": true, "unitText": true, "jobLocationType": true}

// isProse are the properties whose markup is kept: it carries their lists and
// headings.
var isProse = map[string]bool{
	"description": true, "responsibilities": true, "qualifications": true, "educationRequirements": true, "experienceRequirements": true,
	"skills": true, "jobBenefits": true, "incentiveCompensation": true,
}
