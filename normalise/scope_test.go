package normalise_test

import (
	"testing"

	"github.com/sendwatch/sendwatch"
)

// TestScope is a table of intent: what each advert is, whatever its title says.
func TestScope(t *testing.T) {
	tests := []struct {
		name    string
		posting sendwatch.Posting
		scope   sendwatch.Scope
		role    string
	}{
		{"title names it", sendwatch.Posting{Title: "SEN Teaching Assistant", BodyText: "You will support pupils with autism in class."}, sendwatch.ScopeIn, "sen-ta"},
		{"words beside the title", sendwatch.Posting{Title: "Teaching Assistant - Autism Base", BodyText: "You will support pupils in the base each day."}, sendwatch.ScopeIn, "sen-ta"},
		{"american spelling", sendwatch.Posting{Title: "Behavioral Support Assistant", BodyText: "Join a SEMH school and help pupils settle."}, sendwatch.ScopeIn, "behaviour-support"}, //nolint:misspell // as it says
		{"graduate title, assistant's body", sendwatch.Posting{Title: "Criminology Graduate", BodyText: "We are looking for a graduate to work as an SEN Teaching Assistant in a special school, supporting pupils with SEMH needs 1:1."}, sendwatch.ScopeIn, "grad-sen-ta"},
		{"aspiring title, assistant's body", sendwatch.Posting{Title: "Aspiring Social Worker", BodyText: "A school for children with SEMH is seeking a Learning Support Assistant. You will support pupils in lessons."}, sendwatch.ScopeIn, "grad-sen-ta"},
		{"real social worker", sendwatch.Posting{Title: "Social Worker", BodyText: "You will hold a caseload of families and work with schools."}, sendwatch.ScopeOut, ""},
		{"teacher's body under a support title", sendwatch.Posting{Title: "Inclusion Assistant", BodyMarkdown: "A special school is looking for a teacher for its oldest class.\n\n## Essential\n\n- Qualified teacher status (QTS)\n- Patience"}, sendwatch.ScopeOut, "teacher"},
		{"route to teaching is no teacher's post", sendwatch.Posting{Title: "SEN Teaching Assistant", BodyMarkdown: "Support pupils with autism in class.\n\n## We offer\n\n- A route into teacher training leading to QTS"}, sendwatch.ScopeIn, "sen-ta"},
		{"plain assistant", sendwatch.Posting{Title: "Teaching Assistant", Employer: "Mill Lane Primary School", BodyText: "We need a cheerful teaching assistant for our Year 2 class. You will hear readers and prepare resources."}, sendwatch.ScopeAdjacent, "ta"},
		{"plain assistant with a plan", sendwatch.Posting{Title: "Teaching Assistant", Employer: "Mill Lane Primary School", BodyText: "You will work 1:1 with a pupil who has an EHCP. The pupil is autistic and needs help with communication."}, sendwatch.ScopeIn, "ta"},
		{"cover in a mainstream school", sendwatch.Posting{Title: "Cover Supervisor", Employer: "Oakfield High School", BodyText: "Supervise classes when teachers are away. We welcome pupils with SEND."}, sendwatch.ScopeAdjacent, "cover-supervisor"},
		{"cover in a special school", sendwatch.Posting{Title: "Cover Supervisor", Employer: "Oakfield Special School", BodyText: "Supervise classes of pupils with SEMH when teachers are away."}, sendwatch.ScopeIn, "cover-supervisor"},
		{"children's home", sendwatch.Posting{Title: "Residential Support Worker", BodyText: "Work in our children's home. Shifts include sleep-ins. Young people need patience."}, sendwatch.ScopeAdjacent, "residential-worker"},
		{"manager of a children's home", sendwatch.Posting{Title: "Registered Manager - Children's Home", BodyText: "Lead our children's home and its staff."}, sendwatch.ScopeOut, ""},
		{"adult care", sendwatch.Posting{Title: "Support Worker", BodyText: "Help adults with learning disabilities in supported living. Residents choose how they spend the day."}, sendwatch.ScopeOut, ""},
		{"office work beside SEND", sendwatch.Posting{Title: "SEND Administrator", Employer: "Oakfield High School", BodyText: "Keep the records of pupils with SEND and book reviews for the SENCo."}, sendwatch.ScopeOut, "site-catering-admin"},
		{"whom to ring is not the post", sendwatch.Posting{Title: "Support for Learning Assistant - Autism Base", BodyText: "All the children are autistic. For a chat about the post please ring the Head Teacher."}, sendwatch.ScopeIn, "pupil-support-assistant"},
		{"lunchtimes beside it", sendwatch.Posting{Title: "Individual Needs Assistant with lunchtime duties", BodyText: "To support pupils who have Education, Health and Care Plans."}, sendwatch.ScopeIn, "sen-ta"},
		{"relief work does not count", sendwatch.Posting{Title: "Midday Supervisor / Relief Learning Support Assistant", BodyText: "Look after pupils at lunch in our special school."}, sendwatch.ScopeOut, "midday-supervisor"},
		{"a contracted half counts", sendwatch.Posting{Title: "Learning Support Assistant / Midday Supervisor", BodyText: "Support pupils with SEND in class, and look after them at lunch."}, sendwatch.ScopeIn, "lsa"},
		{"after school club", sendwatch.Posting{Title: "After School Care Assistant", BodyText: "Play with pupils until their parents come."}, sendwatch.ScopeAdjacent, ""},
		{"nurse under a pastoral title", sendwatch.Posting{Title: "Pastoral Support Worker", BodyText: "School Nurse. We are seeking a School Nurse for our school. As a School Nurse you will give first aid. The School Nurse keeps medical records."}, sendwatch.ScopeOut, "nurse"},
		{"nothing at all", sendwatch.Posting{}, sendwatch.ScopeOut, ""},
	}
	n := normaliser(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := n.Read(&tt.posting)
			if r.Scope != tt.scope || r.Role != tt.role {
				t.Errorf("got %s %q (%s), want %s %q", r.Scope, r.Role, r.ScopeReason, tt.scope, tt.role)
			}
			if r.ScopeReason == "" {
				t.Error("no reason given")
			}
		})
	}
}

func TestKind(t *testing.T) {
	tests := []struct {
		name    string
		posting sendwatch.Posting
		want    sendwatch.Kind
	}{
		{"post", sendwatch.Posting{Title: "Learning Mentor", Employer: "Mill Lane School", BodyText: "We are looking for a mentor."}, sendwatch.KindVacancy},
		{"register", sendwatch.Posting{Title: "Teaching Assistants - join our supply pool", BodyText: "Work when it suits you."}, sendwatch.KindPool},
		{"about a kind of job", sendwatch.Posting{Title: "Learning Mentor", BodyText: "Discover Learning Mentor jobs near you. Many positions ask for a Level 3. Successful candidates typically are patient."}, sendwatch.KindRoleDescription},
		{"general words of one employer", sendwatch.Posting{Title: "Learning Mentor", Employer: "Mill Lane School", BodyText: "Discover our Learning Mentor jobs. Many positions ask for a Level 3. Successful candidates typically are patient."}, sendwatch.KindVacancy},
	}
	n := normaliser(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := n.Read(&tt.posting).Kind; got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}
