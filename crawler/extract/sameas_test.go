package extract

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSameAs(t *testing.T) {
	const national = "https://teaching-vacancies.service.gov.uk/jobs/learning-mentor-oak"
	for name, c := range map[string]struct {
		fields string
		want   []string
	}{
		"nothing":                          {`"url": "https://jobs.test/job/77"`, nil},
		"an address at another host":       {`"url": "` + national + `"`, []string{national}},
		"sameAs, twice":                    {`"sameAs": ["` + national + `", "` + national + `"]`, []string{national}},
		"an identifier that is an address": {`"identifier": "` + national + `"`, []string{national}},
		"the national service's slug":      {`"identifier": {"@type": "PropertyValue", "name": "Teaching Vacancies", "value": "learning-mentor-oak"}`, []string{national}},
		"somebody's slug":                  {`"identifier": {"@type": "PropertyValue", "name": "Oak", "value": "learning-mentor-oak"}`, nil},
		"a home page":                      {`"sameAs": "https://oak.test/"`, nil},
		"no address":                       {`"sameAs": "javascript:alert(1)"`, nil},
		"here":                             {`"sameAs": "https://JOBS.test/other"`, nil},
	} {
		t.Run(name, func(t *testing.T) {
			postings, err := JobPostings(mustParse(t, ld(`{"@type": "JobPosting", "title": "Learning Mentor", `+c.fields+`}`)))
			if err != nil || len(postings) != 1 {
				t.Fatalf("%d postings, %v", len(postings), err)
			}
			if d := cmp.Diff(c.want, postings[0].SameAs); d != "" {
				t.Errorf("want, got:\n%s", d)
			}
		})
	}
}
