package normalise_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/sendwatch/sendwatch"
)

// invented makes an advert of the usual length, about 3,000 letters.
func invented(i int) sendwatch.Posting {
	towns := []string{"Leeds, LS1", "Truro, TR1", "Luton, LU1", "Derby, DE1"}
	var b strings.Builder
	fmt.Fprintf(&b, "<h2>About the post %d</h2><p>We are looking for a patient SEN Teaching Assistant to support pupils with autism and SEMH needs in our special school. The post is permanent, 32.5 hours per week, term time only.</p>", i)
	b.WriteString("<p><strong>Salary:</strong> NJC points 5 to 7, £25,583 - £26,403 FTE (actual £19,200)</p><h3>Main duties</h3><ul>")
	for range 8 {
		b.WriteString("<li>Work beside one pupil or a small group, follow the plan, and write down what helped and what did not.</li>")
	}
	b.WriteString("</ul><h3>Essential</h3><ul><li>GCSE English and maths at grade C/4 or equivalent</li><li>At least one year's experience of working with children with SEND</li><li>Patience and resilience</li><li>An understanding of safeguarding</li></ul>")
	b.WriteString("<h3>Desirable</h3><ul><li>Level 3 teaching assistant qualification, or willingness to work towards it</li><li>Team Teach or Makaton training</li></ul>")
	for range 6 {
		b.WriteString("<p>Our school stands at the edge of the town and has a garden, a kitchen and a pool. Staff stay with us for many years. Come and see us before you apply.</p>")
	}
	b.WriteString("<p>Closing date: 12 June 2026 at noon. An enhanced DBS check is required.</p>")
	return sendwatch.Posting{Reference: fmt.Sprint(i), Title: "SEN Teaching Assistant", Employer: "Mill Lane School", Location: towns[i%len(towns)], BodyHTML: b.String(), Published: "2026-05"}
}

func BenchmarkRead(b *testing.B) {
	n := normaliser(b)
	p := invented(1)
	b.ReportAllocs()
	b.SetBytes(int64(len(p.BodyHTML)))
	for b.Loop() {
		n.Read(&p)
	}
}

// BenchmarkReadRecorded reads adverts as `normalise vacancy` takes them from the
// file that SENDWATCH_ADVERTS names, and reports how many a second.
func BenchmarkReadRecorded(b *testing.B) {
	path := os.Getenv("SENDWATCH_ADVERTS")
	if path == "" {
		b.Skip("SENDWATCH_ADVERTS names no file of adverts")
	}
	f, err := os.Open(path)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close() //nolint:errcheck // read only
	var all []sendwatch.Posting
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var p sendwatch.Posting
		if err := json.Unmarshal(lines.Bytes(), &p); err != nil {
			b.Fatal(err)
		}
		all = append(all, p)
	}
	if err := lines.Err(); err != nil || len(all) == 0 {
		b.Fatalf("no adverts: %v", err)
	}
	n := normaliser(b)
	i := 0
	for b.Loop() {
		n.Read(&all[i%len(all)])
		i++
	}
	b.ReportMetric(float64(i)/b.Elapsed().Seconds(), "adverts/s")
}
