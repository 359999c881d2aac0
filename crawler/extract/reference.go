package extract

import (
	"net/url"
	"strings"
)

// Reference makes a reference of a page's address, for pages that state none: the
// last part of a short path ("/job/3151" is "3151"), the whole of a longer one,
// with the query where there is one, since it may be all that tells pages apart.
func Reference(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return cut(address, maxLine)
	}
	path := strings.Trim(u.Path, "/")
	if strings.Count(path, "/") <= 1 {
		path = path[strings.LastIndex(path, "/")+1:]
	}
	if u.RawQuery != "" {
		path += "?" + u.RawQuery
	}
	if u.Fragment != "" {
		path += "#" + u.Fragment
	}
	if path == "" {
		path = u.Host
	}
	return cut(path, maxLine)
}
