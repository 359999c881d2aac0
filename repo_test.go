package sendwatch_test

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/sendwatch/sendwatch/configs"
)

// These tests hold what docs/design.md and CONTRIBUTING.md promise of the
// repository itself.

const module = "github.com/sendwatch/sendwatch"

const (
	reading = " pay taxonomy place terms document "
	domain  = " . " + reading
)

// layers says which packages of ours each package may import, by folder; "." is
// the root. The command wires everything, and tests may import what they like.
var layers = map[string]string{
	"pay": "", "taxonomy": "", "place": "", "terms": "", "document": "", "configs": "",
	".": reading,

	"normalise": domain, "matcher": domain, "changelog": ".", "store": ".",
	"crawler": ". crawler/fetch crawler/extract crawler/survey", "crawler/fetch": "", "crawler/extract": ". pay", "crawler/survey": ". crawler/extract",
	"store/storetest": ". store",

	"ingest": domain + "crawler crawler/fetch normalise store",
	"search": domain + "changelog matcher", "search/embedded": domain + "matcher search", "search/meili": domain + "matcher search",
	"search/searchtest": domain + "changelog configs matcher search",
	"notifier":          domain + "changelog matcher notifier/email store", "notifier/email": ". pay",

	"web": domain + "changelog matcher notifier search store",

	"internal/jobsite": "configs", "internal/jobsite/mailsink": "", "internal/meilitest": "", "internal/hostileserver": "", "internal/browsertest": "",
}

// homes says where alone, and below, a library may be imported, tests aside.
var homes = map[string]string{
	"github.com/gocolly/": "crawler", "github.com/blevesearch/bleve": "search/embedded", "modernc.org/": "store", "database/sql": "store",
	"github.com/jackc/pgx": "store", "github.com/prometheus/": "web", "github.com/meilisearch/": "search/meili",
	"github.com/pressly/goose": "store", "github.com/wneessen/go-mail": "notifier/email", "github.com/ledongthuc/": "document",
	"github.com/chromedp/": "internal/browsertest",
}

// unlinked says what must not come in by way of others.
var unlinked = map[string][]string{
	"./matcher": {"net/http", "database/sql"}, "./normalise": {"net/http", "database/sql"},
	"./search": {"modernc.org/", "github.com/gocolly/", "github.com/blevesearch/bleve"},
	"./web":    {"github.com/gocolly/", "github.com/blevesearch/bleve", module + "/internal/"},
}

// goFile is a Go file of ours.
type goFile struct {
	path, dir string
	lines     int
	test      bool
	*ast.File
}

// goFiles parses every Go file of the module.
var goFiles = sync.OnceValues(func() (out []goFile, err error) {
	err = filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (len(d.Name()) > 1 && d.Name()[0] == '.' || d.Name() == "tools" || d.Name() == "testdata") {
			return fs.SkipDir
		}
		if d.IsDir() || filepath.Ext(name) != ".go" {
			return nil
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, text, parser.ParseComments)
		name = filepath.ToSlash(name)
		out = append(out, goFile{name, path.Dir(name), bytes.Count(text, []byte("\n")), strings.HasSuffix(name, "_test.go"), f})
		return err
	})
	return out, err
})

func parsed(t *testing.T) []goFile {
	t.Helper()
	files, err := goFiles()
	if err != nil || len(files) < 100 {
		t.Fatalf("%d Go files: %v", len(files), err)
	}
	return files
}

func TestEveryPackageIsExplainedOnce(t *testing.T) {
	docs := map[string][]string{}
	for _, f := range parsed(t) {
		if _, ok := docs[f.dir]; !ok && !f.test {
			docs[f.dir] = nil
		}
		if f.Doc == nil || f.test {
			continue
		}
		docs[f.dir] = append(docs[f.dir], f.path)
		if base := path.Base(f.path); base != "doc.go" && base != f.Name.Name+".go" {
			t.Errorf("%s: a package comment stands in doc.go or in %s.go", f.path, f.Name.Name)
		}
	}
	for dir, in := range docs {
		if len(in) != 1 {
			t.Errorf("%s has %d package comments %v, want one", dir, len(in), in)
		}
	}
}

func TestLayers(t *testing.T) {
	seen := map[string]bool{"cmd/sendwatch": true}
	for _, f := range parsed(t) {
		if f.test {
			continue
		}
		allowed, ok := layers[f.dir]
		if !ok && f.dir != "cmd/sendwatch" {
			t.Errorf("%s is in no layer: enter it in the table and in docs/design.md", f.dir)
		}
		seen[f.dir] = true
		for _, spec := range f.Imports {
			imported := strings.Trim(spec.Path.Value, `"`)
			own, ours := strings.CutPrefix(imported+"/", module+"/")
			own = path.Clean(own)
			if ours && f.dir != "cmd/sendwatch" && !slices.Contains(strings.Fields(allowed), own) {
				t.Errorf("%s imports %s, which is not below it", f.path, own)
			}
			if f.dir == "." && !ours && strings.Contains(imported, ".") {
				t.Errorf("%s imports %s: the domain needs nobody", f.path, imported)
			}
			for library, home := range homes {
				if strings.HasPrefix(imported, library) && f.dir != home && !strings.HasPrefix(f.dir, home+"/") {
					t.Errorf("%s imports %s, which belongs in %s", f.path, imported, home)
				}
			}
		}
	}
	for dir := range layers {
		if !seen[dir] {
			t.Errorf("%s is in the table and not in the tree", dir)
		}
	}
}

func TestWhatIsNotLinked(t *testing.T) {
	goTool, err := exec.LookPath("go")
	if err != nil {
		t.Skip("needs the go tool:", err)
	}
	for dir, refused := range unlinked {
		out, err := exec.CommandContext(t.Context(), goTool, "list", "-deps", dir).Output()
		if err != nil {
			t.Fatalf("go list -deps %s: %v", dir, err)
		}
		for dep := range strings.Lines(string(out)) {
			if slices.ContainsFunc(refused, func(r string) bool { return strings.HasPrefix(dep, r) }) {
				t.Errorf("%s links %s", dir, strings.TrimSpace(dep))
			}
		}
	}
}

func TestFilesAndFolders(t *testing.T) {
	for _, f := range parsed(t) {
		if f.lines > 500 {
			t.Errorf("%s has %d lines; a file is about one thing, and 500 are the most", f.path, f.lines)
		}
		for part := range strings.SplitSeq(f.dir, "/") {
			if slices.Contains([]string{"util", "utils", "common", "types", "models", "helpers"}, part) {
				t.Errorf("%s: a folder is named after what it holds, not %q", f.path, part)
			}
		}
	}
}

func TestEveryFuzzTargetHasASeed(t *testing.T) {
	for _, f := range parsed(t) {
		for _, decl := range f.Decls {
			fn, ok := decl.(*ast.FuncDecl)
			if !ok || !f.test || !strings.HasPrefix(fn.Name.Name, "Fuzz") {
				continue
			}
			seeded := false
			ast.Inspect(fn, func(n ast.Node) bool {
				sel, ok := n.(*ast.SelectorExpr)
				if ok && sel.Sel.Name == "Add" {
					on, _ := sel.X.(*ast.Ident)
					seeded = seeded || on != nil && on.Name == fn.Type.Params.List[0].Names[0].Name
				}
				return !seeded
			})
			if !seeded {
				t.Errorf("%s: %s has no seed", f.path, fn.Name.Name)
			}
		}
	}
}

func TestMigrationsAreNumberedDensely(t *testing.T) {
	files, err := filepath.Glob("store/migrations/*/*.sql")
	if err != nil || len(files) == 0 {
		t.Fatalf("no migrations: %v", err)
	}
	next := map[string]int{}
	for _, name := range files { // sorted
		dialect := filepath.Dir(name)
		next[dialect]++
		if want := fmt.Sprintf("%05d_", next[dialect]); !strings.HasPrefix(filepath.Base(name), want) {
			t.Errorf("%s: want its name to begin with %s", name, want)
		}
	}
}

func TestReadme(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	example := regexp.MustCompile("(?s)```yaml\n(.*?)```").FindSubmatch(readme)
	if example == nil {
		t.Fatal("README.md shows no configuration")
	}
	file := filepath.Join(t.TempDir(), "sendwatch.yaml")
	if err := os.WriteFile(file, example[1], 0o600); err != nil {
		t.Fatal(err)
	}
	if c, err := configs.Load(file, func(string) string { return "" }); err != nil || len(c.Sources) == 0 {
		t.Errorf("the configuration in README.md: %v", err)
	}
	for _, f := range parsed(t) {
		top, _, nested := strings.Cut(f.path, "/")
		if nested && !bytes.Contains(readme, []byte(top+"/")) {
			t.Errorf("README.md does not place %s", f.path)
		}
	}
}

func TestNothingNamesADeveloper(t *testing.T) {
	out, err := exec.CommandContext(t.Context(), "git", "ls-files", "-z").Output()
	if err != nil {
		t.Skip("needs a git checkout:", err)
	}
	machine := regexp.MustCompile(`(?:^|[^\w.~/-])/(?:home|Users|work)/`)
	for name := range strings.SplitSeq(strings.Trim(string(out), "\x00"), "\x00") {
		text, err := os.ReadFile(name)
		if err != nil {
			continue // deleted, and not yet committed
		}
		if at := machine.FindIndex(text); at != nil {
			t.Errorf("%s:%d names a path of one machine", name, 1+bytes.Count(text[:at[1]], []byte("\n")))
		}
	}
	if mod, err := os.ReadFile("go.mod"); err != nil || bytes.Contains(mod, []byte("\nreplace")) {
		t.Errorf("go.mod replaces a module, which nobody else has: %v", err)
	}
}
