package normalise_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/sendwatch/sendwatch/document"
)

func TestSplit(t *testing.T) {
	type found struct{ Reference, Title, Employer, Location string }
	tests := []struct {
		name, text string
		want       []found
	}{
		{"nothing", "\n \n", nil},
		{"one advert", "Learning Mentor\n\nWe are looking for a mentor for our pupils.\n", []found{{"f.txt", "Learning Mentor", "", ""}}},
		{"labels", "Job title:\tInclusion Assistant\nSchool:\tMill Lane School\nLocation:\tTruro\n\nYou will help.\n", []found{{"f.txt", "Inclusion Assistant", "Mill Lane School", "Truro"}}},
		{"two posts with person specifications", "JOB DESCRIPTION\n\nNurture Assistant\n\nKEY TASKS\n- help\n\nPERSON SPECIFICATION\n\nNurture Assistant\n\n- patience\n\nJOB DESCRIPTION\n\nLearning Mentor\n\nKEY TASKS\n- listen\n",
			[]found{{"f.txt", "Nurture Assistant", "", ""}, {"f.txt#2", "Learning Mentor", "", ""}}},
		{"a title behind the paper's name", "Person Specification: Nurture Assistant\n\n- patience\n", []found{{"f.txt", "Nurture Assistant", "", ""}}},
		{"papers of one post", "JOB DESCRIPTION\n\nLearning Mentor\n\n- listen\n\nROLE PROFILE\n\nLearning Mentor\n\n- be kind\n", []found{{"f.txt", "Learning Mentor", "", ""}}},
		{"two labelled posts", "Job title:\tInclusion Assistant\nSalary:\tScale 3\n\nYou will help.\n\nJob title:\tLearning Mentor\nSalary:\tScale 5\n\nYou will listen.\n",
			[]found{{"f.txt", "Inclusion Assistant", "", ""}, {"f.txt#2", "Learning Mentor", "", ""}}},
		{"a post that names another", "Job title:\tInclusion Assistant\nSalary:\tScale 3\n\nYou will help.\n\nPost:\tsee above\n\nYou will listen.\n", []found{{"f.txt", "Inclusion Assistant", "", ""}}},
		{"prose", "Explore Behaviour Support Assistant jobs near you. The work is varied.\n", []found{{"f.txt", "Behaviour Support Assistant", "", ""}}},
		{"no title anywhere", "Something quite different, of which nobody says what it is.\n", []found{{"f.txt", "f", "", ""}}},
	}
	n := normaliser(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []found
			for _, p := range n.Split("f.txt", document.FromText(tt.text)) {
				got = append(got, found{p.Reference, p.Title, p.Employer, p.Location})
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("postings (-want +got):\n%s", diff)
			}
		})
	}
}
