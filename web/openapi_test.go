package web

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/place"
	"github.com/sendwatch/sendwatch/search"
	"github.com/sendwatch/sendwatch/store"
	"github.com/sendwatch/sendwatch/taxonomy"
)

type object = map[string]any

// openapiDocument is the document as it stands in the repository.
func openapiDocument(t *testing.T) object {
	t.Helper()
	var doc object
	if err := json.Unmarshal([]byte(openapi), &doc); err != nil {
		t.Fatal(err)
	}
	return doc
}

// in walks down an object.
func in(t *testing.T, v any, keys ...string) any {
	t.Helper()
	for _, k := range keys {
		o, ok := v.(object)
		if !ok || o[k] == nil {
			t.Fatalf("the document has no %q in %v", k, keys)
		}
		v = o[k]
	}
	return v
}

// TestOpenAPISchemas holds the document's schemas to the types that answers and
// requests are made of: every field, its type, whether it may be missing or null,
// and every word of a closed vocabulary.
func TestOpenAPISchemas(t *testing.T) {
	doc := openapiDocument(t)
	for name, v := range map[string]any{
		"Answer": Answer{}, "Vacancy": fullVacancy{}, "Problem": problem{}, "Matches": matched{}, "Sighting": sendwatch.Sighting{},
	} {
		checker{t, doc, false, map[string]bool{}}.check(name, object{"$ref": "#/components/schemas/" + name}, reflect.TypeOf(v))
	}
	checker{t, doc, true, map[string]bool{}}.check("MatchRequest", object{"$ref": "#/components/schemas/MatchRequest"}, reflect.TypeOf(matchAsked{}))
}

// checker compares schemas with types. Of a request nothing but the type is
// compared: what may be left out or null is not told by it.
type checker struct {
	t       *testing.T
	doc     object
	request bool
	seen    map[string]bool
}

// resolve follows a reference, and says whether null is allowed as well.
func (c checker) resolve(schema object) (object, bool) {
	c.t.Helper()
	null := false
	if either, ok := schema["anyOf"].([]any); ok {
		schema, null = either[0].(object), true
	}
	if ref, ok := schema["$ref"].(string); ok {
		schema = in(c.t, c.doc, strings.Split(strings.TrimPrefix(ref, "#/"), "/")...).(object)
	}
	if types, ok := schema["type"].([]any); ok {
		schema = maps.Clone(schema)
		null = slices.Contains(types, any("null"))
		schema["type"] = types[0]
	}
	return schema, null
}

// vocabularies are the closed ones.
func vocabularies() map[reflect.Type][]string {
	return map[reflect.Type][]string{
		reflect.TypeFor[sendwatch.Support]():      words(sendwatch.Supports()),
		reflect.TypeFor[sendwatch.Entry]():        words(sendwatch.Entries()),
		reflect.TypeFor[sendwatch.Driver]():       words(sendwatch.Drivers()),
		reflect.TypeFor[sendwatch.EmployerKind](): words(sendwatch.Payers()),
		reflect.TypeFor[sendwatch.Kind]():         append(words(sendwatch.Kinds()), string(sendwatch.KindRoleDescription)),
		reflect.TypeFor[sendwatch.Scope]():        {"in", "adjacent", "out"},
		reflect.TypeFor[sendwatch.Duty]():         {"personal-care", "physical-intervention", "one-to-one", "driving"},
		reflect.TypeFor[sendwatch.VacancyState](): {"open", "closed"},
		reflect.TypeFor[sendwatch.Fit]():          {"strong", "possible", "no"},
		reflect.TypeFor[sendwatch.TurnEvent]():    {"changed", "closed", "reopened"},
		reflect.TypeFor[taxonomy.Level]():         {"essential", "desirable"},
		reflect.TypeFor[place.Precision]():        {"sector", "outcode", "town", "region"},
	}
}

func words[T ~string](of []T) []string {
	var out []string
	for _, v := range of {
		out = append(out, string(v))
	}
	return out
}

func (c checker) check(at string, schema object, of reflect.Type) {
	c.t.Helper()
	if of.Kind() == reflect.Pointer {
		of = of.Elem()
	}
	key := fmt.Sprint(schema["$ref"], of)
	if schema["$ref"] != nil && c.seen[key] {
		return
	}
	c.seen[key] = true
	schema, _ = c.resolve(schema)
	kinds := map[reflect.Kind]string{
		reflect.Struct: "object", reflect.Map: "object", reflect.Slice: "array", reflect.Array: "array", reflect.String: "string",
		reflect.Bool: "boolean", reflect.Int: "integer", reflect.Float64: "number",
	}
	want := kinds[of.Kind()]
	if of == reflect.TypeFor[time.Time]() {
		want = "string"
		if schema["format"] != "date-time" {
			c.t.Errorf("%s: a moment without its format", at)
		}
	}
	if schema["type"] != want {
		c.t.Errorf("%s: the document says %v, the code %s", at, schema["type"], want)
		return
	}
	if vocabulary, ok := vocabularies()[of]; ok {
		var said []string
		for _, v := range schema["enum"].([]any) {
			if v != "" { // nobody says
				said = append(said, v.(string))
			}
		}
		if d := cmp.Diff(vocabulary, said); d != "" {
			c.t.Errorf("%s: the vocabulary (-code +document):\n%s", at, d)
		}
	}
	switch {
	case want == "array":
		c.check(at+"[]", schema["items"].(object), of.Elem())
	case of.Kind() == reflect.Map:
		c.check(at+"{}", schema["additionalProperties"].(object), of.Elem())
	case want == "object":
		c.fields(at, schema, of)
	}
}

func (c checker) fields(at string, schema object, of reflect.Type) {
	c.t.Helper()
	properties := schema["properties"].(object)
	var names, required []string
	for _, f := range reflect.VisibleFields(of) {
		name, option, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.Anonymous || !f.IsExported() || name == "-" {
			continue
		}
		names = append(names, name)
		missing := strings.HasPrefix(option, "omit")
		if !missing {
			required = append(required, name)
		}
		property, ok := properties[name].(object)
		if !ok {
			c.t.Errorf("%s.%s is not in the document", at, name)
			continue
		}
		if _, null := c.resolve(property); !c.request && null != (f.Type.Kind() == reflect.Pointer && !missing) {
			c.t.Errorf("%s.%s: the document says that it may be null: %t", at, name, null)
		}
		c.check(at+"."+name, property, f.Type)
	}
	for name := range properties {
		if !slices.Contains(names, name) {
			c.t.Errorf("%s.%s is not in the code", at, name)
		}
	}
	if c.request {
		return
	}
	var said []string
	if r, ok := schema["required"].([]any); ok {
		for _, name := range r {
			said = append(said, name.(string))
		}
	}
	slices.Sort(said)
	slices.Sort(required)
	if d := cmp.Diff(required, said); d != "" {
		c.t.Errorf("%s: what is always there (-code +document):\n%s", at, d)
	}
}

// TestOpenAPIRoutes holds the document's addresses and methods to those that answer.
func TestOpenAPIRoutes(t *testing.T) {
	b := newBench(t)
	doc := openapiDocument(t)
	var said []string
	for path, item := range doc["paths"].(object) {
		said = append(said, path)
		var methods []string
		for method := range item.(object) {
			methods = append(methods, strings.ToUpper(method))
		}
		if slices.Contains(methods, http.MethodGet) {
			methods = append(methods, http.MethodHead)
		}
		methods = append(methods, http.MethodOptions)
		slices.Sort(methods)
		r := httptest.NewRequestWithContext(t.Context(), http.MethodOptions, strings.ReplaceAll(path, "{id}", "v1"), http.NoBody)
		if got := b.do(r).is(http.StatusNoContent).Header().Get("Allow"); got != strings.Join(methods, ", ") {
			t.Errorf("%s allows %s, the document says %v", path, got, methods)
		}
	}
	slices.Sort(said)
	want := []string{"/api/openapi.json", "/api/v1/match", pathAPI, pathAPI + "/{id}", pathCSV, pathJSON, pathFeed}
	if d := cmp.Diff(want, said); d != "" {
		t.Errorf("-registered +documented\n%s", d)
	}
}

// TestOpenAPIParameters holds the document's parameters to those that a search is
// read from: every field of the criteria is one, and each of them asks something.
func TestOpenAPIParameters(t *testing.T) {
	doc := openapiDocument(t)
	read := url.Values{"page": {"2"}, "per_page": {"7"}, "as_typed": {"1"}}
	maps.Copy(read, Values(everyCriterion(t), search.SortPay))
	said := map[string]object{}
	for _, p := range in(t, doc, "components", "parameters").(object) {
		if p := p.(object); p["in"] == "query" {
			said[p["name"].(string)] = p
		}
	}
	if d := cmp.Diff(slices.Sorted(maps.Keys(read)), slices.Sorted(maps.Keys(said))); d != "" {
		t.Errorf("-read +documented\n%s", d)
	}
	var sorts []string
	for _, v := range in(t, said["sort"], "schema", "enum").([]any) {
		sorts = append(sorts, v.(string))
	}
	if d := cmp.Diff(words(search.Sorts()), sorts); d != "" {
		t.Errorf("the orders: -code +document\n%s", d)
	}
	for name := range said {
		q := url.Values{name: read[name]}
		if name == "within" {
			q.Set("near", "Leeds")
		}
		got, err := ParseRequest(q)
		q.Del(name)
		without, _ := ParseRequest(q)
		if err != nil || reflect.DeepEqual(got, without) {
			t.Errorf("%s=%v asks nothing: %v", name, read[name], err)
		}
	}
	// A search takes them all; its feed and its exports those that choose.
	for path, leaves := range map[string][]string{pathAPI: {}, pathFeed: {"sort"}, pathCSV: {"page", "per_page"}, pathJSON: {"page", "per_page"}} {
		var names []string
		for _, p := range in(t, doc, "paths", path, "get", "parameters").([]any) {
			p := p.(object)
			if ref, ok := p["$ref"].(string); ok {
				p = in(t, doc, strings.Split(strings.TrimPrefix(ref, "#/"), "/")...).(object)
			}
			if p["in"] == "query" {
				names = append(names, p["name"].(string))
			}
		}
		slices.Sort(names)
		want := slices.DeleteFunc(slices.Sorted(maps.Keys(said)), func(n string) bool { return slices.Contains(leaves, n) })
		if d := cmp.Diff(want, names); d != "" {
			t.Errorf("%s: -taken +documented\n%s", path, d)
		}
	}
}

// everyCriterion asks something in every field that an address holds.
func everyCriterion(t *testing.T) sendwatch.Criteria {
	t.Helper()
	var c sendwatch.Criteria
	v := reflect.ValueOf(&c).Elem()
	for i := range v.NumField() {
		f := v.Field(i)
		switch f.Interface().(type) {
		case string:
			f.SetString("Leeds")
		case []string:
			f.Set(reflect.ValueOf([]string{"agency"}))
		case float64:
			f.SetFloat(7)
		case bool:
			f.SetBool(true)
		case sendwatch.Range:
			f.Set(reflect.ValueOf(sendwatch.Range{Min: ptr(7), Max: ptr(7)}))
		case []sendwatch.Home: // an address holds one place, Near
		default:
			t.Fatalf("what does %s hold?", v.Type().Field(i).Name)
		}
	}
	return c
}

// validator compiles a schema of the document so that fields which it does not
// name are mistakes.
func validator(t *testing.T, name string) *jsonschema.Schema {
	t.Helper()
	doc := openapiDocument(t)
	for _, s := range in(t, doc, "components", "schemas").(object) {
		if s := s.(object); s["properties"] != nil {
			s["additionalProperties"] = false
		}
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("https://sendwatch.example/openapi.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("https://sendwatch.example/openapi.json#/components/schemas/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func validate(t *testing.T, schema *jsonschema.Schema, what string, body []byte) {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
	if err == nil {
		err = schema.Validate(v)
	}
	if err != nil {
		t.Errorf("%s: %v\n%s", what, err, body)
	}
}

// TestOpenAPIAnswers holds real answers to the document.
func TestOpenAPIAnswers(t *testing.T) {
	b := newBench(t)
	postings := adverts()
	postings[0].Notice = "Contains public sector information."
	b.advertise(postings, func(v *sendwatch.Vacancy) {
		if v.ID == "v2" { // silent, and closed since
			v.Reading = sendwatch.Reading{Kind: v.Kind, Scope: v.Scope}
			v.State, v.ClosedAt = sendwatch.VacancyClosed, &b.now
		}
	})
	b.unite("v1", "v4")
	answers := validator(t, "Answer")
	for _, target := range []string{
		"", "?q=teching&near=RG41&within=5", "?near=Leeds&sort=distance", "?q=nothing+like+it", "?per_page=1", "?per_page=1&page=2&as_typed=1", "?support=one-to-one",
	} {
		validate(t, answers, target, b.get(pathAPI+target).is(http.StatusOK).Body.Bytes())
	}
	b.fallback = true
	validate(t, answers, "by the spare", b.get(pathAPI).is(http.StatusOK).Body.Bytes())
	vacancies := validator(t, "Vacancy")
	for _, id := range []string{"v1", "v2", "v3", "v5"} {
		validate(t, vacancies, id, b.get(pathAPI+"/"+id).is(http.StatusOK).Body.Bytes())
	}
	exports := validator(t, "Export")
	validate(t, exports, "export", b.get(pathJSON).is(http.StatusOK).Body.Bytes())
	validate(t, exports, "export of nothing", b.get(pathJSON+"?q=nothing+like+it").is(http.StatusOK).Body.Bytes())
	matches := validator(t, "Matches")
	for _, body := range []string{
		`{"candidate":{}}`, `{"candidate":{"holds":["ta-level-3","flying"],"home_postcode":"RG41","radius_miles":20},"vacancies":["v1","v3","v5","none"]}`,
	} {
		validate(t, matches, body, b.send("/api/v1/match", body).is(http.StatusOK).Body.Bytes())
	}
	problems := validator(t, "Problem")
	validate(t, problems, "problem", b.get(pathAPI+"?near=Nowherton").is(http.StatusBadRequest).Body.Bytes())
	validate(t, problems, "problem", b.send("/api/v1/match", `{`).is(http.StatusBadRequest).Body.Bytes())
}

// unite makes the younger vacancy an alias of the older one.
func (b *bench) unite(older, younger string) {
	b.t.Helper()
	ctx := b.t.Context()
	if err := b.store.Write(ctx, func(tx *store.Tx) error {
		if err := tx.Unite(ctx, older, younger); err != nil {
			return err
		}
		return tx.Append(ctx, sendwatch.Change{Event: sendwatch.VacancyUnited, Vacancy: younger, Cause: sendwatch.CauseCrawl})
	}); err != nil {
		b.t.Fatal(err)
	}
	b.index()
}

// TestOpenAPIExamples holds the examples to the schemas they stand with.
func TestOpenAPIExamples(t *testing.T) {
	doc := openapiDocument(t)
	examples := 0
	check := func(name string, example any) {
		examples++
		if err := validator(t, name).Validate(example); err != nil {
			t.Errorf("the example of %s: %v", name, err)
		}
	}
	for name, s := range in(t, doc, "components", "schemas").(object) {
		if list, ok := s.(object)["examples"].([]any); ok {
			for _, e := range list {
				check(name, e)
			}
		}
	}
	for path, item := range doc["paths"].(object) {
		for _, operation := range item.(object) {
			content, ok := in(t, operation, "responses", "200").(object)["content"].(object)
			if !ok {
				t.Errorf("%s answers with nothing", path)
			}
			for _, media := range content {
				if e := media.(object)["example"]; e != nil {
					ref := in(t, media, "schema", "$ref").(string)
					check(ref[strings.LastIndexByte(ref, '/')+1:], e)
				}
			}
		}
	}
	if examples < 4 {
		t.Errorf("%d examples, want four or more", examples)
	}
}

// TestOpenAPIIsServed: the site describes itself under its own address, and every
// reference of the document leads somewhere.
func TestOpenAPIIsServed(t *testing.T) {
	b := newBench(t)
	var doc object
	decode(t, b.get("/api/openapi.json").is(http.StatusOK), "application/json", &doc)
	if doc["openapi"] != "3.1.1" || in(t, doc["servers"].([]any)[0], "url") != site {
		t.Errorf("the document is of %v at %v", doc["openapi"], doc["servers"])
	}
	var follow func(v any)
	follow = func(v any) {
		switch v := v.(type) {
		case object:
			if ref, ok := v["$ref"].(string); ok {
				in(t, doc, strings.Split(strings.TrimPrefix(ref, "#/"), "/")...)
			}
			for _, x := range v {
				follow(x)
			}
		case []any:
			for _, x := range v {
				follow(x)
			}
		}
	}
	follow(doc)
}
