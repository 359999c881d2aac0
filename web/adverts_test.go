package web

import "github.com/sendwatch/sendwatch"

// adverts are four invented posts, and two that a search must not show: one that
// is no support work, one that is nobody's post.
func adverts() []sendwatch.Posting {
	return []sendwatch.Posting{
		{
			Source: "board", Reference: "1", URL: "https://jobs.larchbank.example/posts/1?from=board",
			Title: "SEMH Teaching Assistant", Employer: "Larch Bank School", EmployerKind: sendwatch.EmployerSchool,
			Location: "Wokingham, RG41 2AB", PayText: "£18,450 actual salary", HoursText: "32.5 hours a week, 39 weeks a year", ContractText: "Permanent, full time",
			Published: "2026-11-18", Closes: "2026-12-04",
			BodyText: "Larch Bank is a special school for pupils with social, emotional and mental health needs.\n\nEssential\n\n- A Level 3 qualification in teaching assistance or a degree\n- At least 2 years' experience of working with children\n- An enhanced DBS check\n\nDesirable\n\n- Training in de-escalation",
		},
		{
			Source: "board", Reference: "2", URL: "https://staffing.example/a/2",
			Title: "Autism Support Assistant", Employer: "Pennine People", EmployerKind: sendwatch.EmployerAgency,
			Location: "Leeds, LS6 1AA", PayText: "£95 to £105 a day", ContractText: "Temporary",
			Published: "2026-11-17",
			BodyText:  "Our client, a primary school in Leeds, needs a teaching assistant for autistic pupils aged 7 to 11. Experience of autism is essential.",
		},
		{
			Source: "board", Reference: "3", URL: "https://council.example/3",
			Title: "SEN Teaching Assistant", Employer: "Oxbow Primary School", EmployerKind: sendwatch.EmployerCouncil,
			Location: "Reading, RG1 3AA", PayText: "£13.05 an hour", HoursText: "27.5 hours a week, term time only", ContractText: "Fixed term, part time",
			Published: "2026-11-16", Closes: "2026-11-27",
			BodyText: "You will support pupils with special educational needs, among them a pupil with autism, in a mainstream primary school.",
		},
		{
			Source: "board", Reference: "4", URL: "https://hazel.example/4",
			Title: "Behaviour Support Assistant (SEMH)", Employer: "Hazel House Academy", EmployerKind: sendwatch.EmployerTrust,
			Location: "Slough, SL1 1AA", ContractText: "Permanent",
			Published: "2026-11-15",
			BodyText:  "Hazel House supports secondary pupils with social, emotional and mental health needs. You will work one to one with pupils in the classroom.",
		},
		{
			Source: "board", Reference: "5", URL: "https://hazel.example/5",
			Title: "Head Gardener", Employer: "Hazel House Academy", Location: "Slough, SL1 1AA",
			BodyText: "You will keep the grounds of the academy and lead two gardeners.",
		},
	}
}
