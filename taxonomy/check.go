package taxonomy

import (
	"errors"
	"fmt"
	"slices"
)

// check says what is wrong with the data: ids that stand twice or point
// nowhere, kinds and scopes that do not exist, and roles that are their own
// ancestors.
func check(f *file) error {
	var errs []error
	concepts := map[string]bool{}
	for _, c := range f.Concepts {
		if concepts[c.ID] {
			errs = append(errs, fmt.Errorf("concept %q stands twice", c.ID))
		}
		concepts[c.ID] = true
		if !slices.Contains(f.Kinds, c.Kind) {
			errs = append(errs, fmt.Errorf("concept %q has the unknown kind %q", c.ID, c.Kind))
		}
	}
	known := func(owner, id string) {
		if id != "" && !concepts[id] {
			errs = append(errs, fmt.Errorf("%s names the unknown concept %q", owner, id))
		}
	}
	for _, c := range f.Concepts {
		for _, id := range slices.Concat(c.Implies, c.EquivalentTo, c.MetBy) {
			known("concept "+c.ID, id)
		}
		known("concept "+c.ID, c.ExperienceOf)
	}
	for _, topic := range f.Topics {
		known("topic "+topic.ID, topic.Experience)
		known("topic "+topic.ID, topic.Knowledge)
	}
	for _, field := range f.Fields {
		known("field", field.Unstated)
		for _, id := range field.Levels {
			known("field", id)
		}
	}
	for _, d := range f.Degrees {
		known("degree subject", d.Degree)
		known("degree subject", d.Masters)
	}
	return errors.Join(append(errs, checkRoles(f.Roles), checkCycles(f.Concepts), checkLanguage(f))...)
}

func checkRoles(roles []roleData) error {
	var errs []error
	parents := map[string]string{}
	for _, r := range roles {
		if _, ok := parents[r.ID]; ok {
			errs = append(errs, fmt.Errorf("role %q stands twice", r.ID))
		}
		parents[r.ID] = r.Parent
		if !slices.Contains([]string{"in", "conditional", "adjacent", "out"}, r.Scope) {
			errs = append(errs, fmt.Errorf("role %q has the unknown scope %q", r.ID, r.Scope))
		}
	}
	for _, r := range roles {
		steps := 0
		for id := r.Parent; id != ""; id = parents[id] {
			if _, ok := parents[id]; !ok {
				errs = append(errs, fmt.Errorf("role %q has the unknown ancestor %q", r.ID, id))
				break
			}
			if steps++; steps > len(roles) {
				errs = append(errs, fmt.Errorf("role %q is its own ancestor", r.ID))
				break
			}
		}
	}
	return errors.Join(errs...)
}

// checkCycles refuses concepts that imply themselves through others: of two
// that imply each other neither is the more specific, and equivalent_to is
// there to say so.
func checkCycles(concepts []conceptData) error {
	implies := map[string][]string{}
	for _, c := range concepts {
		implies[c.ID] = c.Implies
	}
	const visiting, done = 1, 2
	state := map[string]int{}
	var errs []error
	var visit func(id string)
	visit = func(id string) {
		switch state[id] {
		case visiting:
			errs = append(errs, fmt.Errorf("concept %q implies itself", id))
			return
		case done:
			return
		}
		state[id] = visiting
		for _, next := range implies[id] {
			visit(next)
		}
		state[id] = done
	}
	for _, c := range concepts {
		visit(c.ID)
	}
	return errors.Join(errs...)
}

func checkLanguage(f *file) error {
	var errs []error
	for name := range f.Language {
		if _, ok := cueKinds[name]; !ok {
			errs = append(errs, fmt.Errorf("language has the unknown list %q", name))
		}
	}
	for name := range cueKinds {
		if len(f.Language[name]) == 0 {
			errs = append(errs, fmt.Errorf("language lacks the list %q", name))
		}
	}
	for _, h := range f.Headings {
		switch h.Part {
		case PartRequirements, PartDuties, PartOffer, PartAbout, PartApply:
		default:
			errs = append(errs, fmt.Errorf("headings have the unknown part %q", h.Part))
		}
	}
	return errors.Join(errs...)
}
