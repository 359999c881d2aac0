package fetch

import (
	"bytes"
	"fmt"
	"math"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Bounds on what is made of a robots.txt.
const (
	maxRobotsLines = 10_000
	maxRobotsValue = 1_000
	// maxCrawlDelay is the longest delay that is told from "never".
	maxCrawlDelay = 24 * time.Hour
)

// The rules are read by our own hand because the library at hand anchors no
// pattern ("Allow: /$" beside "Disallow: /" opens every path that ends in a
// slash), lets the first of two equal rules win, and refuses a whole file for one
// bad line.

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
// it. It cannot fail: a line that makes no sense is left out.
func parseRobots(body []byte, origin, token string) *Robots {
	var groups []*robotsGroup
	r := &Robots{}
	collecting := false // the last line named an agent
	lines := 0
	for line := range bytes.FieldsFuncSeq(body, func(r rune) bool { return r == '\n' || r == '\r' }) {
		if lines++; lines > maxRobotsLines {
			break
		}
		key, value := robotsLine(line)
		switch key {
		case "user-agent", "useragent":
			if !collecting {
				groups = append(groups, &robotsGroup{})
				collecting = true
			}
			g := groups[len(groups)-1]
			product, _, _ := strings.Cut(value, "/")
			g.agents = append(g.agents, strings.ToLower(product))
		case "sitemap", "site-map":
			r.addSitemap(origin, value)
		case "allow", "disallow", "crawl-delay", "crawldelay":
			collecting = false
			if len(groups) > 0 {
				groups[len(groups)-1].add(key, value)
			}
		}
	}
	r.choose(groups, strings.ToLower(token))
	return r
}

// robotsLine splits "Key: value # comment".
func robotsLine(line []byte) (key, value string) {
	text, _, _ := strings.Cut(strings.ToValidUTF8(string(line), ""), "#")
	key, value, ok := strings.Cut(strings.TrimPrefix(text, "\ufeff"), ":")
	if !ok {
		return "", ""
	}
	if fields := strings.Fields(value); len(fields) > 0 {
		return strings.ToLower(strings.TrimSpace(key)), fields[0]
	}
	return strings.ToLower(strings.TrimSpace(key)), ""
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

// add takes one line of a group. A refusal that is too long is cut, which makes it
// wider; a permission that is too long is left out.
func (g *robotsGroup) add(key, value string) {
	if strings.HasPrefix(key, "crawl") {
		seconds, err := strconv.ParseFloat(value, 64)
		if err == nil && !math.IsNaN(seconds) && seconds > 0 {
			g.delay = time.Duration(min(seconds, maxCrawlDelay.Seconds()) * float64(time.Second))
		}
		return
	}
	allow := key == "allow"
	if value == "" || allow && len(value) > maxRobotsValue {
		return
	}
	value = value[:min(len(value), maxRobotsValue)]
	if value[0] != '/' && value[0] != '*' {
		value = "/" + value
	}
	g.rules = append(g.rules, robotsRule{allow, canonicalPath(value)})
}

// choose merges the groups that name the token, or where none does those for
// everybody.
func (r *Robots) choose(groups []*robotsGroup, token string) {
	for _, name := range []string{token, "*"} {
		named := false
		for _, g := range groups {
			for _, agent := range g.agents {
				if agent == name {
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
	path = canonicalPath(path)
	longest, allowed := -1, true
	for _, rule := range r.rules {
		if n := len(rule.pattern); (n > longest || n == longest && rule.allow) && rule.matches(path) {
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
// case.
func canonicalPath(s string) string {
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
		if c <= ' ' || c >= 0x7f {
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
