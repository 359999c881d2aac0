package fetch

import (
	"net/url"
	"strings"
	"testing"
)

// googleCases are the cases of Google's robots.txt parser, as facts: what it
// allows and refuses for which file (github.com/google/robotstxt, robots_test.cc,
// read in November 2026). Where RFC 9309 leaves a choice or we ask more of
// ourselves, TestRobotsOtherwiseThanGoogle says so.
var googleCases = []struct {
	name, robots, agent string
	allowed, refused    []string
}{
	{"an empty file", "", "FooBot", []string{"/", "/x"}, nil},
	{"another's file", "user-agent: FooBot\ndisallow: /\n", "BarBot", []string{"/x"}, nil},

	// Lines and groups.
	{"a line", "user-agent: FooBot\ndisallow: /\n", "FooBot", nil, []string{"/x/y"}},
	{"unknown keys", "foo: FooBot\nbar: /\n", "FooBot", []string{"/x/y"}, nil},
	{"colons left out", "user-agent FooBot\ndisallow /\n", "FooBot", nil, []string{"/x/y"}},
	{"groups of one agent", googleGroups, "FooBot", []string{"/x/b", "/z/d"}, []string{"/y/c", "/foo/bar/"}},
	{"blank lines in a group", googleGroups, "BarBot", []string{"/y/c", "/w/a"}, []string{"/z/d", "/foo/bar/"}},
	{"two agents, a blank line between", googleGroups, "BazBot", []string{"/z/d"}, []string{"/foo/bar/"}},
	{"a sitemap ends no group", "User-agent: BarBot\nSitemap: https://foo.bar/sitemap\nUser-agent: *\nDisallow: /\n", "BarBot", nil, []string{"/"}},
	{"nor for others", "User-agent: BarBot\nSitemap: https://foo.bar/sitemap\nUser-agent: *\nDisallow: /\n", "FooBot", nil, []string{"/"}},
	{"an unknown line ends no group", "User-agent: FooBot\nInvalid-Unknown-Line: unknown\nUser-agent: *\nDisallow: /\n", "FooBot", nil, []string{"/"}},
	{"nor that for others", "User-agent: FooBot\nInvalid-Unknown-Line: unknown\nUser-agent: *\nDisallow: /\n", "BarBot", nil, []string{"/"}},
	{"upper case keys", "USER-AGENT: FooBot\nALLOW: /x/\nDISALLOW: /\n", "FooBot", []string{"/x/y"}, []string{"/a/b"}},
	{"mixed case keys", "uSeR-aGeNt: FooBot\nAlLoW: /x/\ndIsAlLoW: /\n", "FooBot", []string{"/x/y"}, []string{"/a/b"}},

	// Agents.
	{"upper case agent", "User-Agent: FOO BAR\nAllow: /x/\nDisallow: /\n", "Foo", []string{"/x/y"}, []string{"/a/b"}},
	{"lower case agent", "User-Agent: foo bar\nAllow: /x/\nDisallow: /\n", "Foo", []string{"/x/y"}, []string{"/a/b"}},
	{"mixed case agent", "User-Agent: FoO bAr\nAllow: /x/\nDisallow: /\n", "foo", []string{"/x/y"}, []string{"/a/b"}},
	{"agent up to a space", "User-Agent: *\nDisallow: /\nUser-Agent: Foo Bar\nAllow: /x/\nDisallow: /\n", "Foo", []string{"/x/y"}, nil},
	{"everybody's group is not ours", "user-agent: *\nallow: /\nuser-agent: FooBot\ndisallow: /\n", "FooBot", nil, []string{"/x/y"}},
	{"everybody's group is theirs", "user-agent: *\nallow: /\nuser-agent: FooBot\ndisallow: /\n", "BarBot", []string{"/x/y"}, nil},
	{"nobody's group", "user-agent: FooBot\nallow: /\nuser-agent: BarBot\ndisallow: /\nuser-agent: BazBot\ndisallow: /\n", "QuxBot", []string{"/x/y"}, nil},
	{"our group says nothing of it", "User-agent: *\nDisallow: /x/\nUser-agent: FooBot\nDisallow: /y/\n", "FooBot", []string{"/x/page"}, []string{"/y/page"}},

	// Matching.
	{"case of a path", "user-agent: FooBot\ndisallow: /x/\n", "FooBot", nil, []string{"/x/y"}},
	{"other case of a path", "user-agent: FooBot\ndisallow: /X/\n", "FooBot", []string{"/x/y"}, nil},
	{"longer refusal", "user-agent: FooBot\ndisallow: /x/page.html\nallow: /x/\n", "FooBot", nil, []string{"/x/page.html"}},
	{"longer permission", "user-agent: FooBot\nallow: /x/page.html\ndisallow: /x/\n", "FooBot", []string{"/x/page.html"}, []string{"/x/"}},
	{"empty rules", "user-agent: FooBot\ndisallow: \nallow: \n", "FooBot", []string{"/x/page.html"}, nil},
	{"equal rules", "user-agent: FooBot\ndisallow: /\nallow: /\n", "FooBot", []string{"/x/page.html"}, nil},
	{"longer by a slash", "user-agent: FooBot\ndisallow: /x\nallow: /x/\n", "FooBot", []string{"/x/"}, []string{"/x"}},
	{"equal long rules", "user-agent: FooBot\ndisallow: /x/page.html\nallow: /x/page.html\n", "FooBot", []string{"/x/page.html"}, nil},
	{"a longer wildcard", "user-agent: FooBot\nallow: /page\ndisallow: /*.html\n", "FooBot", []string{"/page"}, []string{"/page.html"}},
	{"a shorter wildcard", "user-agent: FooBot\nallow: /x/page.\ndisallow: /*.html\n", "FooBot", []string{"/x/page.html"}, []string{"/x/y.html"}},

	// Escapes.
	{"an address in a query", "User-agent: FooBot\nDisallow: /\nAllow: /foo/bar?qux=taz&baz=http://foo.bar?tar&par\n", "FooBot",
		[]string{"/foo/bar?qux=taz&baz=http://foo.bar?tar&par"}, nil},
	{"plain rule", "User-agent: FooBot\nDisallow: /\nAllow: /foo/bar/ツ\n", "FooBot", []string{"/foo/bar/%E3%83%84"}, nil},
	{"escaped rule", "User-agent: FooBot\nDisallow: /\nAllow: /foo/bar/%E3%83%84\n", "FooBot", []string{"/foo/bar/%E3%83%84"}, nil},
	{"needless escapes", "User-agent: FooBot\nDisallow: /\nAllow: /foo/bar/%62%61%7A\n", "FooBot", []string{"/foo/bar/%62%61%7A"}, nil},

	// Special characters.
	{"star", "User-agent: FooBot\nDisallow: /foo/bar/quz\nAllow: /foo/*/qux\n", "FooBot",
		[]string{"/foo/quz", "/foo//quz", "/foo/bax/quz"}, []string{"/foo/bar/quz"}},
	{"dollar", "User-agent: FooBot\nDisallow: /foo/bar$\nAllow: /foo/bar/qux\n", "FooBot",
		[]string{"/foo/bar/qux", "/foo/bar/", "/foo/bar/baz"}, []string{"/foo/bar"}},
	{"number sign", "User-agent: FooBot\n# Disallow: /\nDisallow: /foo/quz#qux\nAllow: /\n", "FooBot", []string{"/foo/bar"}, []string{"/foo/quz"}},
	{"index.html itself", "User-Agent: *\nAllow: /allowed-slash/index.html\nDisallow: /\n", "foobot",
		[]string{"/allowed-slash/index.html"}, []string{"/allowed-slash/index.htm", "/anyother-url"}},

	// The table of Google's documentation.
	{"/fish", "user-agent: FooBot\ndisallow: /\nallow: /fish\n", "FooBot", fish, notFish},
	{"/fish*", "user-agent: FooBot\ndisallow: /\nallow: /fish*\n", "FooBot", fish, notFish},
	{"/fish/", "user-agent: FooBot\ndisallow: /\nallow: /fish/\n", "FooBot",
		[]string{"/fish/", "/fish/salmon", "/fish/?salmon", "/fish/salmon.html", "/fish/?id=anything"},
		[]string{"/bar", "/fish", "/fish.html", "/Fish/Salmon.html"}},
	{"/*.php", "user-agent: FooBot\ndisallow: /\nallow: /*.php\n", "FooBot",
		[]string{"/filename.php", "/folder/filename.php", "/folder/filename.php?parameters", "//folder/any.php.file.html", "/filename.php/", "/index?f=filename.php/"},
		[]string{"/bar", "/php/", "/index?php", "/windows.PHP"}},
	{"/*.php$", "user-agent: FooBot\ndisallow: /\nallow: /*.php$\n", "FooBot",
		[]string{"/filename.php", "/folder/filename.php"},
		[]string{"/bar", "/filename.php?parameters", "/filename.php/", "/filename.php5", "/php/", "/filename?php", "/aaaphpaaa", "//windows.PHP"}},
	{"/fish*.php", "user-agent: FooBot\ndisallow: /\nallow: /fish*.php\n", "FooBot",
		[]string{"/fish.php", "/fishheads/catfish.php?parameters"}, []string{"/bar", "/Fish.PHP"}},
	{"/p before /", "user-agent: FooBot\nallow: /p\ndisallow: /\n", "FooBot", []string{"/page"}, nil},
	{"/folder twice", "user-agent: FooBot\nallow: /folder\ndisallow: /folder\n", "FooBot", []string{"/folder/page"}, nil},
	{"/page and /*.htm", "user-agent: FooBot\nallow: /page\ndisallow: /*.htm\n", "FooBot", nil, []string{"/page.htm"}},
	{"/$", "user-agent: FooBot\nallow: /$\ndisallow: /\n", "FooBot", []string{"/"}, []string{"/page.html"}},

	// Long lines.
	{"a refusal past the longest line", "user-agent: FooBot\ndisallow: " + googleLong('a') + "/qux\n", "FooBot",
		[]string{"/fux"}, []string{googleLong('a') + "/fux"}},
	{"a permission that just fits", "user-agent: FooBot\ndisallow: /\nallow: " + googleLong('a') + "/qux\n", "FooBot",
		[]string{googleLong('a') + "/qux"}, []string{"/"}},

	// Line ends and byte order marks: each file holds two rules for two agents.
	{"Unix lines", "User-Agent: foo\nAllow: /some/path\nUser-Agent: bar\n\n\nDisallow: /\n", "bar", nil, []string{"/some/path"}},
	{"DOS lines", "User-Agent: foo\r\nAllow: /some/path\r\nUser-Agent: bar\r\n\r\n\r\nDisallow: /\r\n", "bar", nil, []string{"/some/path"}},
	{"Macintosh lines", "User-Agent: foo\rAllow: /some/path\rUser-Agent: bar\r\r\rDisallow: /\r", "bar", nil, []string{"/some/path"}},
	{"no last line end", "User-Agent: foo\nAllow: /some/path\nUser-Agent: bar\n\n\nDisallow: /", "bar", nil, []string{"/some/path"}},
	{"mixed lines", "User-Agent: foo\nAllow: /some/path\r\nUser-Agent: bar\n\r\n\nDisallow: /", "bar", nil, []string{"/some/path"}},
	{"a byte order mark", "\xef\xbb\xbfUser-Agent: foo\nDisallow: /AnyValue\n", "foo", nil, []string{"/AnyValue"}},
	{"two thirds of one", "\xef\xbbUser-Agent: foo\nDisallow: /AnyValue\n", "foo", nil, []string{"/AnyValue"}},
	{"a third of one", "\xefUser-Agent: foo\nDisallow: /AnyValue\n", "foo", nil, []string{"/AnyValue"}},
	{"a broken one spoils its line", "\xef\x11\xbfUser-Agent: foo\nDisallow: /AnyValue\n", "foo", []string{"/AnyValue"}, nil},
	{"one in the middle spoils its line", "User-Agent: foo\n\xef\xbb\xbfDisallow: /AnyValue\n", "foo", []string{"/AnyValue"}, nil},
}

const googleGroups = "allow: /foo/bar/\n\nuser-agent: FooBot\ndisallow: /\nallow: /x/\nuser-agent: BarBot\ndisallow: /\nallow: /y/\n\n\n" +
	"allow: /w/\nuser-agent: BazBot\n\nuser-agent: FooBot\nallow: /z/\ndisallow: /\n"

var (
	fish    = []string{"/fish", "/fish.html", "/fish/salmon.html", "/fishheads", "/fishheads/yummy.html", "/fish.html?id=anything"}
	notFish = []string{"/bar", "/Fish.asp", "/catfish", "/?id=fish"}
)

// googleLong is a path that a longest line has room for behind "disallow: ", and
// for one character more.
func googleLong(c byte) string {
	return "/x/" + strings.Repeat(string(c), maxRobotsLine-len("disallow: /x/")-1)
}

func TestRobotsAsGoogle(t *testing.T) {
	for _, tt := range googleCases {
		robots := parseRobots([]byte(tt.robots), "http://foo.bar", tt.agent)
		check := func(path string, want bool) {
			u, err := url.Parse("http://foo.bar" + path)
			if err != nil {
				t.Fatal(err)
			}
			if got := robots.Allows(u); got != want {
				t.Errorf("%s: Allows(%.60q) for %s = %v, want %v", tt.name, path, tt.agent, got, want)
			}
		}
		for _, path := range tt.allowed {
			check(path, true)
		}
		for _, path := range tt.refused {
			check(path, false)
		}
	}
}

// TestRobotsOtherwiseThanGoogle holds where we differ from Google's parser on
// purpose.
func TestRobotsOtherwiseThanGoogle(t *testing.T) {
	tests := []struct {
		name, robots, path string
		want               bool
	}{
		// RFC 9309 section 2.2.2 has escapes of unreserved characters undone, as in
		// its own example of /foo/bar/%62%61%7A.
		{"needless escapes are undone", "User-agent: FooBot\nDisallow: /\nAllow: /foo/bar/%62%61%7A\n", "/foo/bar/baz", true},
		// An address is escaped before it is sent, and that is what is judged.
		{"addresses are judged as sent", "User-agent: FooBot\nDisallow: /\nAllow: /foo/bar/ツ\n", "/foo/bar/ツ", true},
		{"the RFC's address in a query", "User-agent: FooBot\nDisallow: /foo/bar?baz=https://foo.bar\n", "/foo/bar?baz=https%3A%2F%2Ffoo.bar", false},
		{"and the other way round", "User-agent: FooBot\nDisallow: /foo/bar?baz=https%3A%2F%2Ffoo.bar\n", "/foo/bar?baz=https://foo.bar", false},
		// Google's own additions, which permit what is not said.
		{"index.html is no folder", "User-agent: *\nAllow: /slash/index.html\nDisallow: /\n", "/slash/", false},
		{"a permission that is cut permits nothing", "user-agent: FooBot\ndisallow: /\nallow: " + googleLong('b') + strings.Repeat("q", 20) + "\n", googleLong('b') + "/fux", false},
		// Refusals that Google passes over.
		{"a refusal without its slash", "user-agent: FooBot\ndisallow: private\n", "/private/1", false},
		{"a permission without its slash", "user-agent: FooBot\ndisallow: /\nallow: jobs\n", "/jobs/1", false},
		{"Crawl-delay ends no group", "user-agent: FooBot\ncrawl-delay: 5\nuser-agent: BarBot\ndisallow: /\n", "/x", false},
		{"octets that are no UTF-8", "user-agent: FooBot\ndisallow: /caf\xe9\n", "/caf%E9", false},
		{"are not struck", "user-agent: FooBot\ndisallow: /caf\xe9\n", "/caf", true},
		{"spaces", "user-agent: FooBot\ndisallow: /a b\n", "/a%20b", false},
		{"a star as a character", "user-agent: FooBot\ndisallow: /file-%2A.html\n", "/file-*.html", false},
		{"is no wildcard", "user-agent: FooBot\ndisallow: /file-%2A.html\n", "/file-1.html", true},
		{"a dollar as a character", "user-agent: FooBot\ndisallow: /a$b\n", "/a%24b", false},
		{"an escaped dollar is no end", "user-agent: FooBot\ndisallow: /a%24\n", "/a", true},
		{"UTF-16", "\xff\xfeu\x00s\x00e\x00r\x00-\x00a\x00g\x00e\x00n\x00t\x00:\x00*\x00\n\x00d\x00i\x00s\x00a\x00l\x00l\x00o\x00w\x00:\x00/\x00", "/x", false},
	}
	for _, tt := range tests {
		u, err := url.Parse("http://foo.bar" + tt.path)
		if err != nil {
			t.Fatal(err)
		}
		if got := parseRobots([]byte(tt.robots), "http://foo.bar", "FooBot").Allows(u); got != tt.want {
			t.Errorf("%s: Allows(%.60q) = %v, want %v", tt.name, tt.path, got, tt.want)
		}
	}
}

func TestProductToken(t *testing.T) {
	for agent, want := range map[string]string{
		"Foobot": "Foobot", "Foobot-Bar": "Foobot-Bar", "Foo_Bar": "Foo_Bar", "": "", "ツ": "", "Foobot*": "Foobot", " Foobot ": "",
		"Foobot/2.1": "Foobot", "Foobot Bar": "Foobot",
	} {
		if got := productToken(agent); got != want {
			t.Errorf("productToken(%q) = %q, want %q", agent, got, want)
		}
	}
	// A user agent without a token is nobody's but everybody's.
	robots := parseRobots([]byte("user-agent: 2bot\ndisallow: /\n"), "http://foo.bar", productToken("3bot"))
	if u, _ := url.Parse("http://foo.bar/x"); !robots.Allows(u) {
		t.Error("a group without a token was taken for ours")
	}
}

func TestSitemapLineStandsAnywhere(t *testing.T) {
	const groups = "User-Agent: foo\nAllow: /some/path\nUser-Agent: bar\n\n\n"
	for _, body := range []string{groups + "Sitemap: http://foo.bar/sitemap.xml\n", "Sitemap: http://foo.bar/sitemap.xml\n" + groups} {
		got := parseRobots([]byte(body), "http://foo.bar", "foo").Sitemaps()
		if len(got) != 1 || got[0] != "http://foo.bar/sitemap.xml" {
			t.Errorf("sitemaps %q", got)
		}
	}
}
