package meili

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"strings"

	"github.com/meilisearch/meilisearch-go"

	"github.com/sendwatch/sendwatch/terms"
)

// The versions of the server. Before minVersion there is no ranking rule
// attributeRank; testedVersion is the newest that the suite has run against.
var (
	minVersion    = [2]int{1, 36}
	testedVersion = [2]int{1, 50}
)

// supported refuses a server that lacks what we need. A key that was made for our
// indexes only cannot ask for the version; whether it is good shows then in
// whether it may read.
func (x *Index) supported(ctx context.Context) error {
	version, err := x.version(ctx)
	if isForbidden(err) {
		_, err = x.position(ctx, x.uid)
		return err
	}
	if err != nil {
		return err
	}
	return checkVersion(version)
}

func (x *Index) version(ctx context.Context) (version string, err error) {
	err = x.ask(ctx, "ask for the version", func(ctx context.Context) error {
		v, err := x.client.VersionWithContext(ctx)
		if err == nil {
			version = v.PkgVersion
		}
		return err
	})
	return version, err
}

func checkVersion(version string) error {
	major, minor, ok := parseVersion(version)
	switch {
	case !ok:
		return &Error{Op: "check the version", Message: fmt.Sprintf("the server calls its version %q, which is none", capped(version))}
	case major < minVersion[0] || major == minVersion[0] && minor < minVersion[1]:
		return &Error{Op: "check the version", Message: fmt.Sprintf(
			"Meilisearch %s is too old: %d.%d or newer is needed, for the ranking rule attributeRank", version, minVersion[0], minVersion[1])}
	case major > testedVersion[0]:
		return &Error{Op: "check the version", Message: fmt.Sprintf(
			"Meilisearch %s is of a newer kind than the %d.x that this program knows", version, testedVersion[0])}
	}
	return nil
}

// isUntested reports whether a supported version is newer than what was tested.
func isUntested(version string) bool {
	_, minor, _ := parseVersion(version)
	return minor > testedVersion[1]
}

func parseVersion(version string) (major, minor int, ok bool) {
	first, rest, _ := strings.Cut(version, ".")
	second, _, _ := strings.Cut(rest, ".")
	major, err1 := strconv.Atoi(first)
	minor, err2 := strconv.Atoi(second)
	return major, minor, err1 == nil && err2 == nil
}

// ensure brings the index into being, with our settings. The writer's token must
// be held. What is already so costs one request, because the index may have
// been deleted since.
func (x *Index) ensure(ctx context.Context) error {
	at, err := x.position(ctx, x.uid)
	if err != nil {
		return err
	}
	if at.exists && (x.ready || at.settings == x.settingsHash()) {
		x.ready = true
		return nil
	}
	if err := x.supported(ctx); err != nil {
		return err
	}
	x.o.Log.Info("the settings of the Meilisearch index are written", slog.String("index", x.uid))
	_, err = x.configure(ctx, x.uid)
	x.ready = err == nil
	return err
}

// configure writes our settings, which makes the index where there is none, and
// returns the uid of the first task. It takes two, because the library has no
// words for all of them in one; documents come after both.
func (x *Index) configure(ctx context.Context, uid string) (first int64, err error) {
	index := x.client.Index(uid)
	settings := x.layout.Settings
	var tasks []int64
	for _, write := range []func(context.Context) (*meilisearch.TaskInfo, error){
		func(ctx context.Context) (*meilisearch.TaskInfo, error) {
			return index.UpdateSettingsWithContext(ctx, &settings)
		},
		func(ctx context.Context) (*meilisearch.TaskInfo, error) {
			filterable := append([]any{}, x.layout.Filterable...)
			return index.UpdateFilterableAttributesWithContext(ctx, &filterable)
		},
	} {
		task, err := x.enqueue(ctx, "write the settings", write)
		if err != nil {
			return 0, err
		}
		tasks = append(tasks, task)
	}
	for _, task := range tasks {
		if err := x.follow(ctx, "write the settings", task); err != nil {
			return 0, err
		}
	}
	return tasks[0], nil
}

// settingsHash names the settings, synonyms and all.
func (x *Index) settingsHash() string { return hash(x.layout) }

// synonyms lets people who search the readable attributes find every form of a
// group by any other. They cannot touch our own searches, whose words are tokens.
func synonyms(a *terms.Analyser) map[string][]string {
	out := make(map[string][]string)
	for _, forms := range a.Groups() {
		for i, form := range forms {
			if others := slices.Concat(forms[:i], forms[i+1:]); len(others) > 0 {
				out[form] = others
			}
		}
	}
	return out
}
