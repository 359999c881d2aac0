package configs

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// maxFile is the most that a configuration file may hold, in bytes.
const maxFile = 4 << 20

// envPrefix begins every environment variable that sets a key.
const envPrefix = "SENDWATCH_"

// Load reads the configuration: the defaults, over them the file (none when
// path is empty), over them the environment. It reports every mistake at once,
// each with its file, line and key.
func Load(path string, getenv func(string) string) (*Config, error) {
	c := new(Config)
	if err := read(reflect.ValueOf(c).Elem(), "sendwatch.yaml (built in)", Default); err != nil {
		return nil, err
	}
	var errs []error
	if path != "" {
		b, err := readFile(path)
		if err != nil {
			return nil, fmt.Errorf("configuration: %w", err)
		}
		errs = append(errs, read(reflect.ValueOf(c).Elem(), path, b))
	}
	errs = append(errs, fromEnv(reflect.ValueOf(c).Elem(), envPrefix, getenv))
	errs = append(errs, c.readSourceFiles(filepath.Dir(path)), c.expandSites(), c.readAddresses())
	errs = append(errs, c.validate())
	if err := errors.Join(errs...); err != nil {
		return nil, fmt.Errorf("configuration:\n%w", err)
	}
	return c, nil
}

func readFile(path string) ([]byte, error) {
	st, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if st.Size() > maxFile {
		return nil, fmt.Errorf("%s: %d bytes, more than the %d that a configuration may hold", path, st.Size(), maxFile)
	}
	return os.ReadFile(path)
}

// read lays a YAML document over a struct.
func read(over reflect.Value, name string, b []byte) error {
	f, err := parser.ParseBytes(b, 0)
	if err != nil {
		return fmt.Errorf("%s: %s", name, yaml.FormatError(err, false, true))
	}
	r := reader{name: name}
	for _, doc := range f.Docs {
		if doc.Body != nil {
			r.value(doc.Body, over, "")
		}
	}
	return errors.Join(r.errs...)
}

// reader walks a document beside the struct it fills, so that every mistake is
// found in one pass and named by line and key.
type reader struct {
	name string
	errs []error
}

func (r *reader) fail(n ast.Node, key, format string, args ...any) {
	line := 0
	if t := n.GetToken(); t != nil && t.Position != nil {
		line = t.Position.Line
	}
	r.errs = append(r.errs, fmt.Errorf("%s:%d: %s: %s", r.name, line, key, fmt.Sprintf(format, args...)))
}

func (r *reader) value(n ast.Node, v reflect.Value, key string) {
	if _, ok := n.(*ast.NullNode); ok {
		return
	}
	switch {
	case v.Kind() == reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		r.value(n, v.Elem(), key)
	case v.Kind() == reflect.Struct:
		r.mapping(n, v, key)
	case v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Struct:
		seq, ok := n.(*ast.SequenceNode)
		if !ok {
			r.fail(n, key, "a list is wanted here")
			return
		}
		out := reflect.MakeSlice(v.Type(), len(seq.Values), len(seq.Values))
		for i, item := range seq.Values {
			r.value(item, out.Index(i), fmt.Sprintf("%s[%d]", key, i))
		}
		v.Set(out)
	default:
		if err := yaml.NodeToValue(n, v.Addr().Interface()); err != nil {
			r.fail(n, key, "%s", firstLine(err))
		}
	}
}

func (r *reader) mapping(n ast.Node, v reflect.Value, key string) {
	m, ok := n.(ast.MapNode)
	if !ok {
		r.fail(n, key, "keys and values are wanted here")
		return
	}
	fields := fieldsOf(v.Type())
	seen := map[string]bool{}
	for it := m.MapRange(); it.Next(); {
		name := strings.Trim(it.Key().String(), `"'`)
		full := strings.TrimPrefix(key+"."+name, ".")
		i, known := fields[name]
		switch {
		case !known:
			r.fail(it.Key(), full, "unknown key (known here: %s)", strings.Join(keysOf(v.Type()), ", "))
		case seen[name]:
			r.fail(it.Key(), full, "stands twice")
		default:
			seen[name] = true
			r.value(it.Value(), v.Field(i), full)
		}
	}
}

func keysOf(t reflect.Type) []string {
	out := make([]string, 0, t.NumField())
	for i := range t.NumField() {
		out = append(out, keyOf(t.Field(i)))
	}
	return out
}

// keyOf is the key that sets a field.
func keyOf(f reflect.StructField) string {
	key, _, _ := strings.Cut(f.Tag.Get("yaml"), ",")
	return key
}

func fieldsOf(t reflect.Type) map[string]int {
	out := make(map[string]int, t.NumField())
	for i, k := range keysOf(t) {
		out[k] = i
	}
	return out
}

// fromEnv sets every key that the environment names: SENDWATCH_SMTP_HOST sets
// smtp.host. Lists and maps are given as YAML.
func fromEnv(v reflect.Value, prefix string, getenv func(string) string) error {
	var errs []error
	for i := range v.NumField() {
		name := prefix + strings.ToUpper(keyOf(v.Type().Field(i)))
		f := v.Field(i)
		if f.Kind() == reflect.Struct {
			errs = append(errs, fromEnv(f, name+"_", getenv))
			continue
		}
		s := getenv(name)
		if s == "" {
			continue
		}
		if f.Kind() == reflect.String {
			f.SetString(s)
			continue
		}
		if err := yaml.UnmarshalWithOptions([]byte(s), f.Addr().Interface(), yaml.Strict()); err != nil {
			errs = append(errs, fmt.Errorf("environment: %s: %s", name, firstLine(err)))
		}
	}
	return errors.Join(errs...)
}

// Variables names every environment variable that sets a key.
func Variables() []string { return variables(reflect.TypeFor[Config](), envPrefix) }

func variables(t reflect.Type, prefix string) (out []string) {
	for i := range t.NumField() {
		f := t.Field(i)
		name := prefix + strings.ToUpper(keyOf(f))
		if f.Type.Kind() == reflect.Struct {
			out = append(out, variables(f.Type, name+"_")...)
			continue
		}
		out = append(out, name)
	}
	return out
}

func firstLine(err error) string {
	s, _, _ := strings.Cut(err.Error(), "\n")
	return s
}
