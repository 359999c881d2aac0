package extract

import (
	"net/url"
	"strings"
)

// Reference makes a reference of a page's address, for pages that state none: the
// last part of a short path ("/job/3151" is "3151"), the whole of a longer one,
// with the query where there is one, since it may be all that tells pages apart.
func Reference(address string) string {
	whole := WholeReference(address)
	path, rest := whole, ""
	if i := strings.IndexAny(whole, "?#"); i >= 0 {
		path, rest = whole[:i], whole[i:]
	}
	if strings.Count(path, "/") == 1 {
		path = path[strings.Index(path, "/")+1:]
	}
	return path + rest
}

// WholeReference makes a reference of everything that tells a page from the
// others of its site: path, query and fragment.
func WholeReference(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return cut(address, maxLine)
	}
	reference := strings.Trim(u.Path, "/")
	if u.RawQuery != "" {
		reference += "?" + u.RawQuery
	}
	if u.Fragment != "" {
		reference += "#" + u.Fragment
	}
	if reference == "" {
		reference = u.Host
	}
	return cut(reference, maxLine)
}
