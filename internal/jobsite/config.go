package jobsite

import (
	"time"

	"github.com/sendwatch/sendwatch/configs"
)

// Sources are the definitions under which an operator would crawl the world.
// A crawl of them is always due.
func (w *World) Sources() []configs.Source {
	none := time.Duration(0)
	out := []configs.Source{
		{ID: National, Kind: configs.KindTeachingVacancies, URL: w.URL(National)},
		{
			ID: Agency, Kind: configs.KindJobPosting, URL: w.URL(Agency), EmployerKind: "agency",
			Discover: configs.Discover{Sitemap: "/sitemap.xml", Match: "^/job/"},
		},
		{
			ID: Council, Kind: configs.KindHTML, URL: w.URL(Council),
			Discover: configs.Discover{Listing: "/vacancies", Item: "li.vacancy-card a.title", Next: "a.next"},
			Fields: map[string]string{
				"title": "h1.vacancy-title", "body": ".body",
				"employer": "table.facts tr:contains('Advertiser') td", "location": "table.facts tr:contains('Location') td",
				"pay": "table.facts tr:contains('Salary') td", "hours": "table.facts tr:contains('Hours') td",
				"contract": "table.facts tr:contains('Contract') td", "posted": "table.facts tr:contains('Posted') td",
				"closes": "table.facts tr:contains('Closing date') td",
			},
		},
		{
			ID: School, Kind: configs.KindHTML, URL: w.URL(School), EmployerKind: "school",
			Discover: configs.Discover{Listing: "/join-us", Item: "a.post"},
			Fields: map[string]string{
				"title": "h1", "employer": "address.school", "location": "p.where", "body": ".content",
				"pay": "dl.facts dt:contains('Salary') + dd", "hours": "dl.facts dt:contains('Hours') + dd",
				"contract": "dl.facts dt:contains('Contract') + dd", "closes": "dl.facts dt:contains('Closing date') + dd",
			},
		},
	}
	for i := range out {
		out[i].Every, out[i].AllowPrivate, out[i].Delay = "1s", true, &none
	}
	return out
}
