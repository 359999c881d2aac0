package meilitest

import (
	"errors"
	"maps"
	"net/http"
	"slices"
)

func settingsRoutes() []route {
	const all = "/indexes/{uid}/settings"
	rs := []route{
		{"GET " + all, "settings.get", reading(func(c *call) (int, any, error) {
			x, err := c.index()
			if err != nil {
				return 0, nil, err
			}
			return http.StatusOK, x.settings.view(), nil
		})},
		{"PATCH " + all, "settings.update", func(c *call) (int, any, error) {
			body, err := c.json()
			if err != nil {
				return 0, nil, err
			}
			object, ok := body.(map[string]any)
			if !ok {
				return 0, nil, fail("bad_request", "Invalid value type: expected an object, but found %s.", describe(body))
			}
			return updateSettings(c, object)
		}},
		{"DELETE " + all, "settings.update", func(c *call) (int, any, error) {
			return resetSettings(c, settingDefs)
		}},
	}
	for _, def := range settingDefs {
		at := all + "/" + def.path
		rs = append(rs,
			route{"GET " + at, "settings.get", reading(func(c *call) (int, any, error) {
				x, err := c.index()
				if err != nil {
					return 0, nil, err
				}
				return http.StatusOK, def.get(&x.settings), nil
			})},
			route{def.verb + " " + at, "settings.update", func(c *call) (int, any, error) {
				body, err := c.json()
				if err != nil {
					return 0, nil, err
				}
				return updateSettings(c, map[string]any{def.name: body})
			}},
			route{"DELETE " + at, "settings.update", func(c *call) (int, any, error) {
				return resetSettings(c, []settingDef{def})
			}})
	}
	return rs
}

// change is one setting with its new value, which has been found good.
type change struct {
	def   settingDef
	value any
}

func (ch change) apply(s, fresh *settings) error {
	if ch.value == nil {
		ch.def.reset(s, fresh)
		return nil
	}
	err := ch.def.set(s, ch.value)
	var e *apiError
	if errors.As(err, &e) && e.code == "" {
		return fail(ch.def.code, "Invalid value at `.%s`: %s: %s.", ch.def.name, e.message, describe(ch.value))
	}
	return err
}

// readSettings checks what is to be changed. What is wrong is refused at once:
// a settings task fails only for what depends on the index.
func readSettings(object map[string]any) ([]change, error) {
	var changes []change
	trial, fresh := defaultSettings(), defaultSettings()
	for _, name := range slices.Sorted(maps.Keys(object)) {
		i := slices.IndexFunc(settingDefs, func(d settingDef) bool { return d.name == name })
		if i < 0 {
			var names []string
			for _, d := range settingDefs {
				names = append(names, d.name)
			}
			return nil, fail("bad_request", "Unknown field `%s`: expected one of %s.", name, quoted(names))
		}
		ch := change{settingDefs[i], object[name]}
		if err := ch.apply(&trial, &fresh); err != nil {
			return nil, err
		}
		changes = append(changes, ch)
	}
	return changes, nil
}

// settingDetails tells changes as the details of their task do: sets in order,
// rules in full, and of objects only what was given.
func settingDetails(changes []change) map[string]any {
	details := map[string]any{}
	for _, ch := range changes {
		var scratch settings
		object, isObject := ch.value.(map[string]any)
		switch {
		case ch.value == nil && (ch.def.name == "displayedAttributes" || ch.def.name == "searchableAttributes"):
			details[ch.def.name] = []string{"*"}
		case ch.value == nil:
			details[ch.def.name] = nil
		case isObject:
			given := maps.Clone(object)
			for name, v := range given {
				if list, ok := stringList(v); ok && ch.def.verb == http.MethodPatch {
					given[name] = sortedSet(list)
				}
			}
			details[ch.def.name] = given
		case ch.def.set(&scratch, ch.value) == nil:
			details[ch.def.name] = ch.def.get(&scratch)
		}
	}
	return details
}

func updateSettings(c *call, object map[string]any) (int, any, error) {
	changes, err := readSettings(object)
	if err != nil {
		return 0, nil, err
	}
	uid := c.uid()
	return c.enqueue(&task{
		kind: settingsUpdate, index: uid, details: settingDetails(changes),
		run: func(s *Server, t *task) error {
			x, created, err := s.indexFor(t)
			if err != nil {
				return err
			}
			next, fresh := x.settings.clone(), defaultSettings()
			for _, ch := range changes {
				if err := ch.apply(&next, &fresh); err != nil {
					return err
				}
			}
			return s.adopt(x, next, created)
		},
	})
}

// indexFor gives the index that a task writes to, and makes it when the caller
// may. A new index is not yet among the others.
func (s *Server) indexFor(t *task) (x *index, created bool, err error) {
	if x, ok := s.indexes[t.index]; ok {
		return x, false, nil
	}
	if !t.mayCreate {
		return nil, false, noIndex(t.index)
	}
	return newIndex(t.index, "", s.o.Now()), true, nil
}

// adopt gives an index its new settings, unless a document stands against them.
func (s *Server) adopt(x *index, next settings, created bool) error {
	if next.usesGeo() {
		for _, d := range x.ordered() {
			if _, _, err := d.readGeo(); err != nil {
				return err
			}
		}
	}
	x.settings, x.words = next, &vocabulary{}
	for _, d := range x.docs {
		d.derive(&x.settings)
	}
	if created {
		s.indexes[x.uid] = x
	}
	return nil
}

func resetSettings(c *call, defs []settingDef) (int, any, error) {
	uid := c.uid()
	var changes []change
	for _, def := range defs {
		changes = append(changes, change{def: def})
	}
	details := settingDetails(changes)
	if len(defs) > 1 { // These two are reset as well, though nothing here knows them.
		details["chat"], details["foreignKeys"] = nil, nil
	}
	return c.enqueue(&task{
		kind: settingsUpdate, index: uid, details: details,
		run: func(s *Server, _ *task) error {
			x, ok := s.indexes[uid]
			if !ok {
				return noIndex(uid)
			}
			next, fresh := x.settings.clone(), defaultSettings()
			for _, def := range defs {
				def.reset(&next, &fresh)
			}
			return s.adopt(x, next, false)
		},
	})
}
