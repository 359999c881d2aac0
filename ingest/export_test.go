package ingest

import "github.com/sendwatch/sendwatch"

// WhyAlike says by what two adverts are of one job, or what tells them apart.
func WhyAlike(a, b *sendwatch.Reading) (same bool, why string) {
	l := compareAdverts(a, b)
	return l.same, l.why
}
