package normalise_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/normalise"
)

// TestFacts reads the closed vocabularies beside role, needs and setting.
func TestFacts(t *testing.T) {
	agency := func(body string) sendwatch.Posting {
		return sendwatch.Posting{Title: "SEN Teaching Assistant", Employer: "Meadow Recruitment", BodyMarkdown: body}
	}
	school := func(title, body string) sendwatch.Posting {
		return sendwatch.Posting{Title: title, Employer: "Fernhurst Primary School", EmployerKind: sendwatch.EmployerSchool, BodyMarkdown: body}
	}
	one, group, class := sendwatch.SupportOneToOne, sendwatch.SupportSmallGroup, sendwatch.SupportClass
	for _, tt := range []struct {
		name    string
		posting sendwatch.Posting
		want    sendwatch.Facts
	}{
		{"one pupil", school("SEN Teaching Assistant", "You will work one-to-one with a pupil with autism."),
			sendwatch.Facts{Support: []sendwatch.Support{one}, PaidBy: sendwatch.EmployerSchool}},
		{"class and groups", school("Teaching Assistant (SEND)", "You will support the class teacher and lead small groups of pupils with SEND."),
			sendwatch.Facts{Support: []sendwatch.Support{group, class}, PaidBy: sendwatch.EmployerSchool}},
		{"an offer tells nothing of the work", school("SEN Teaching Assistant", "Support pupils with SEND.\n\n## What we offer\n\n- Supervision in small groups"),
			sendwatch.Facts{PaidBy: sendwatch.EmployerSchool}},
		{"open to beginners", school("SEN Teaching Assistant", "Support pupils with SEND.\n\n## Essential\n\n- GCSE English\n- Patience\n- Enhanced DBS\n\n## Desirable\n\n- Experience with autism\n- Level 3 TA qualification"),
			sendwatch.Facts{Entry: sendwatch.EntryOpen, PaidBy: sendwatch.EmployerSchool}},
		{"experience or a certificate", school("SEN Teaching Assistant", "Support pupils with SEND.\n\n## Essential\n\n- NVQ Level 2 for teaching assistants or experience in a school\n- Patience\n- Humour"),
			sendwatch.Facts{Entry: sendwatch.EntryOpen, PaidBy: sendwatch.EmployerSchool}},
		{"experience", school("SEN Teaching Assistant", "Support pupils with SEND.\n\n## Essential\n\n- Experience in a school\n- Patience\n- Humour"),
			sendwatch.Facts{PaidBy: sendwatch.EmployerSchool}},
		{"Level 3", school("SEN Teaching Assistant", "Support pupils with SEND.\n\n## Essential\n\n- Level 3 TA qualification\n- Patience\n- Humour"),
			sendwatch.Facts{PaidBy: sendwatch.EmployerSchool}},
		{"too little is told", school("SEN Teaching Assistant", "Support pupils with SEND."), sendwatch.Facts{PaidBy: sendwatch.EmployerSchool}},
		{"said so", school("SEN Teaching Assistant", "Support pupils with SEND. No previous experience is needed."),
			sendwatch.Facts{Entry: sendwatch.EntryOpen, PaidBy: sendwatch.EmployerSchool}},
		{"apprenticeship", school("Apprentice Teaching Assistant (SEND)", "Support pupils with SEND."),
			sendwatch.Facts{Entry: sendwatch.EntryApprenticeship, PaidBy: sendwatch.EmployerSchool}},
		{"driver needed", school("SEN Teaching Assistant", "Support pupils with SEND.\n\n## Essential\n\n- Full driving licence"),
			sendwatch.Facts{Driver: sendwatch.DriverNeeded, PaidBy: sendwatch.EmployerSchool}},
		{"driver preferred", school("SEN Teaching Assistant", "Support pupils with SEND.\n\n## Desirable\n\n- Full driving licence"),
			sendwatch.Facts{Driver: sendwatch.DriverPreferred, PaidBy: sendwatch.EmployerSchool}},
		{"agency for a named school", agency("We are recruiting on behalf of Holly Bank School in Derby. Support pupils with SEND."),
			sendwatch.Facts{PaidBy: sendwatch.EmployerAgency, Client: "Holly Bank School"}},
		{"agency for some school", agency("We are recruiting on behalf of a specialist SEN School in Derby. Support pupils with SEND."),
			sendwatch.Facts{PaidBy: sendwatch.EmployerAgency}},
		{"council", sendwatch.Posting{Title: "SEN Teaching Assistant", Employer: "Avonshire Council", BodyText: "Support pupils with SEND."},
			sendwatch.Facts{PaidBy: sendwatch.EmployerCouncil}},
		{"trust", sendwatch.Posting{Title: "SEN Teaching Assistant", Employer: "Vale Learning Trust", BodyText: "Support pupils with SEND."},
			sendwatch.Facts{PaidBy: sendwatch.EmployerTrust}},
		{"nobody named", sendwatch.Posting{Title: "SEN Teaching Assistant", BodyText: "Support pupils with SEND."}, sendwatch.Facts{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := normaliser(t).Read(&tt.posting).Facts
			if diff := cmp.Diff(tt.want, got, cmpopts.IgnoreFields(sendwatch.Facts{}, "Told")); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			for _, s := range got.Support {
				if got.Told["support."+string(s)] == "" {
					t.Errorf("nothing tells %s", s)
				}
			}
			if (got.Driver != "") != (got.Told["driver"] != "") || (got.Client != "") != (got.Told["client"] != "") {
				t.Errorf("told %v", got.Told)
			}
		})
	}
}

// TestMergeFacts keeps the words of what is kept only.
func TestMergeFacts(t *testing.T) {
	own := sendwatch.Reading{Facts: sendwatch.Facts{Driver: sendwatch.DriverNeeded, Told: map[string]string{"driver": "must drive"}}}
	board := sendwatch.Reading{Duties: []sendwatch.Duty{sendwatch.DutyPersonalCare}, Facts: sendwatch.Facts{
		Driver: sendwatch.DriverPreferred, PaidBy: sendwatch.EmployerAgency, Client: "Holly Bank School",
		Told: map[string]string{"driver": "a driver is preferred", "client": "for Holly Bank School", "personal-care": "toileting", "one-to-one": "1:1"},
	}}
	got := normalise.Merge([]normalise.Part{{Rank: normalise.OwnSite, Reading: own}, {Rank: normalise.Board, Reading: board}})
	want := sendwatch.Facts{Driver: sendwatch.DriverNeeded, PaidBy: sendwatch.EmployerAgency, Client: "Holly Bank School",
		Told: map[string]string{"driver": "must drive", "client": "for Holly Bank School", "personal-care": "toileting"}}
	if diff := cmp.Diff(want, got.Facts); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
