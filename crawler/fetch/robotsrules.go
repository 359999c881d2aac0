package fetch

import (
	"bytes"
	"fmt"
	"math"
	"net/url"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/encoding/unicode"
)

// Bounds on what is made of a robots.txt.
const (
	// maxRobotsLine is where Google's parser cuts a line: at eight times the longest
	// address that common browsers take, less the line's end.
	maxRobotsLine = 8*2083 - 1
	// maxCrawlDelay is the longest delay that is told from "never".
	maxCrawlDelay = 24 * time.Hour
)

// The rules are read by our own hand because the library at hand anchors no
// pattern ("Allow: /$" beside "Disallow: /" opens every path that ends in a
// slash), lets the first of two equal rules win, and refuses a whole file for one
// bad line.

// robotsKey names the kinds of line that mean something to us, with the ways they
// are commonly written. Those of Google's parser (github.com/google/robotstxt,
// robots.cc) are among them: who writes "disalow" means us to stay away.
var robotsKey = map[string]string{
	"user-agent": "agent", "useragent": "agent", "user agent": "agent",
	"allow":    "allow",
	"disallow": "disallow", "dissallow": "disallow", "dissalow": "disallow", "disalow": "disallow", "diasllow": "disallow",
	"disallaw":    "disallow",
	"crawl-delay": "delay", "crawldelay": "delay", "crawl delay": "delay",
	"sitemap": "sitemap", "site-map": "sitemap",
}

// robotsRule is one Allow or Disallow.
type robotsRule struct {
	allow   bool
	pattern string
}

// robotsGroup is what applies to one or more agents.
type robotsGroup struct {
	agents []string
	rules  []robotsRule
	delay  time.Duration
}

// parseRobots reads a robots.txt for one product token as RFC 9309 section 2 has
// it. It cannot fail: a line that makes no sense is left out. Only Allow and
// Disallow end a group's list of agents, since a line the RFC does not know must
// not.
func parseRobots(body []byte, origin, token string) *Robots {
	var groups []*robotsGroup
	r := &Robots{}
	collecting := false // no rule has followed the last agent yet
	for line := range bytes.FieldsFuncSeq(robotsText(body), func(r rune) bool { return r == '\n' || r == '\r' }) {
		key, value := robotsLine(line[:min(len(line), maxRobotsLine)])
		if key == "allow" && len(line) > maxRobotsLine {
			continue // cut, it would permit more than it says
		}
		switch key {
		case "agent":
			if !collecting {
				groups = append(groups, &robotsGroup{})
				collecting = true
			}
			g := groups[len(groups)-1]
			g.agents = append(g.agents, robotsAgent(value))
		case "sitemap":
			r.addSitemap(origin, value)
		case "allow", "disallow":
			collecting = false
			if len(groups) > 0 {
				groups[len(groups)-1].add(key == "allow", value)
			}
		case "delay":
			if len(groups) > 0 {
				groups[len(groups)-1].slow(value)
			}
		}
	}
	r.choose(groups, strings.ToLower(token))
	return r
}

// robotsText strikes a byte order mark, whole or torn. A file in UTF-16 is
// against the RFC and readable all the same.
func robotsText(body []byte) []byte {
	if bytes.HasPrefix(body, []byte("\xff\xfe")) || bytes.HasPrefix(body, []byte("\xfe\xff")) {
		if text, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder().Bytes(body); err == nil {
			return text
		}
	}
	for _, octet := range utf8BOM {
		if len(body) == 0 || body[0] != octet {
			break
		}
		body = body[1:]
	}
	return body
}

// robotsLine splits "Key: value # comment" and says which kind of line it is.
// Without a colon, two words are key and value.
func robotsLine(line []byte) (kind, value string) {
	text, _, _ := strings.Cut(string(line), "#")
	key, value, ok := strings.Cut(text, ":")
	if !ok {
		words := strings.Fields(text)
		if len(words) != 2 {
			return "", ""
		}
		key, value = words[0], words[1]
	}
	return robotsKey[strings.ToLower(strings.TrimSpace(key))], strings.TrimSpace(value)
}

// robotsAgent is the product token an agent line names, "*", or "" for neither.
func robotsAgent(value string) string {
	if value == "*" || strings.HasPrefix(value, "* ") || strings.HasPrefix(value, "*\t") {
		return "*"
	}
	return strings.ToLower(productToken(value))
}

// productToken is what RFC 9309 section 2.2.1 lets a token consist of: the
// letters, hyphens and underscores that a user agent begins with.
func productToken(agent string) string {
	end := strings.IndexFunc(agent, func(c rune) bool {
		return (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && c != '-' && c != '_'
	})
	if end < 0 {
		return agent
	}
	return agent[:end]
}

func (r *Robots) addSitemap(origin, value string) {
	base, err := url.Parse(origin + "/")
	if err != nil || value == "" {
		return
	}
	if u, err := base.Parse(value); err == nil && (u.Scheme == "http" || u.Scheme == "https") {
		r.sitemaps = append(r.sitemaps, u.String())
	}
}

// add takes a rule. One that can be read in two ways is read as asking more of us:
// a refusal without its first slash is given it, a permission without is left out.
func (g *robotsGroup) add(allow bool, value string) {
	rooted := value != "" && (value[0] == '/' || value[0] == '*')
	if value == "" || allow && !rooted {
		return
	}
	if !rooted {
		value = "/" + value
	}
	g.rules = append(g.rules, robotsRule{allow, canonicalPattern(value)})
}

// slow takes a Crawl-delay.
func (g *robotsGroup) slow(value string) {
	seconds, err := strconv.ParseFloat(value, 64)
	if err == nil && !math.IsNaN(seconds) && seconds > 0 {
		g.delay = max(g.delay, time.Duration(min(seconds, maxCrawlDelay.Seconds())*float64(time.Second)))
	}
}

// choose merges the groups that name the token, or where none does those for
// everybody.
func (r *Robots) choose(groups []*robotsGroup, token string) {
	for _, name := range []string{token, "*"} {
		named := false
		for _, g := range groups {
			for _, agent := range g.agents {
				if agent == name && name != "" {
					named = true
					r.rules = append(r.rules, g.rules...)
					r.delay = max(r.delay, g.delay)
					break
				}
			}
		}
		if named {
			return
		}
	}
}

// allows finds the longest rule that matches; of two equal ones the permission
// wins, and where none matches everything is allowed.
func (r *Robots) allows(path string) bool {
	plain := canonicalPath(path)
	open := openQuery(plain)
	longest, allowed := -1, true
	for _, rule := range r.rules {
		n := len(rule.pattern)
		if n < longest || n == longest && !rule.allow {
			continue
		}
		if rule.matches(plain) || open != plain && rule.matches(open) {
			longest, allowed = n, rule.allow
		}
	}
	return allowed
}

// matches applies a pattern from the start of the path: "*" is any run of
// characters, a "$" at the end the end of the path. Each part between stars is
// looked for once, from left to right.
func (r robotsRule) matches(path string) bool {
	pattern, anchored := strings.CutSuffix(r.pattern, "$")
	parts := strings.Split(pattern, "*")
	rest, ok := strings.CutPrefix(path, parts[0])
	if !ok {
		return false
	}
	for i, part := range parts[1:] {
		if anchored && i == len(parts)-2 {
			return strings.HasSuffix(rest, part)
		}
		at := strings.Index(rest, part)
		if at < 0 {
			return false
		}
		rest = rest[at+len(part):]
	}
	return !anchored || rest == ""
}

// canonicalPath writes a path so that equal ones are equal octets (RFC 9309
// section 2.2.2): what needs no escape has none, what needs one has it in upper
// case. The two characters that mean something in a pattern are escaped.
func canonicalPath(s string) string { return canonical(s, "*$") }

// canonicalPattern does the same to a rule, where a star, and a dollar at the end,
// have their meaning and their escapes have none (section 2.2.3).
func canonicalPattern(s string) string {
	s, anchored := strings.CutSuffix(s, "$")
	s = openQuery(canonical(s, "$"))
	if anchored {
		s += "$"
	}
	return s
}

func canonical(s, special string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c == '%' && i+2 < len(s) {
			if v, err := strconv.ParseUint(s[i+1:i+3], 16, 8); err == nil {
				i += 2
				if unreserved(byte(v)) {
					b.WriteByte(byte(v))
				} else {
					fmt.Fprintf(&b, "%%%02X", v)
				}
				continue
			}
		}
		if c <= ' ' || c >= 0x7f || strings.IndexByte(special, c) >= 0 {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

// unreserved are the characters that never need an escape (RFC 3986 section 2.3).
func unreserved(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("-._~", c) >= 0
}

// queryData are the characters that are data in a query (RFC 3986 section 3.4),
// escaped or not: the RFC's example writes "?baz=https://foo.bar" with escapes,
// and most sites without.
var queryData = strings.NewReplacer("%3A", ":", "%2F", "/", "%3F", "?", "%40", "@")

// openQuery takes the escapes of queryData from a query.
func openQuery(path string) string {
	path, query, ok := strings.Cut(path, "?")
	if !ok {
		return path
	}
	return path + "?" + queryData.Replace(query)
}
