package extract_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/sendwatch/sendwatch/crawler/extract"
)

func TestAttachments(t *testing.T) {
	const address = "https://school.example/jobs/7"
	tests := []struct {
		name, html string
		want       []extract.Attachment
	}{
		{"by the link's words", `<a href="/f/1.pdf">Job Description</a>`, []extract.Attachment{{URL: "https://school.example/f/1.pdf", Title: "Job Description"}}},
		{"by the file's name", `<a href="docs/TA_Person-Specification.DOCX">Download</a>`, []extract.Attachment{{URL: "https://school.example/jobs/docs/TA_Person-Specification.DOCX", Title: "Download"}}},
		{"by the post's title", `<a href="/f/learning-mentor-june.pdf"><img alt=""></a>`, []extract.Attachment{{URL: "https://school.example/f/learning-mentor-june.pdf", Title: "learning-mentor-june.pdf"}}},
		{"a download by number", `<a href="/download?id=9">Application pack</a>`, []extract.Attachment{{URL: "https://school.example/download?id=9", Title: "Application pack"}}},
		{"another host is for the crawler to judge", `<a href="//cdn.example.org/x/JD.pdf">JD</a>`, []extract.Attachment{{URL: "https://cdn.example.org/x/JD.pdf", Title: "JD"}}},
		{"each once", `<a href="/jd.pdf">Job description</a><a href="/jd.pdf#page=2">Job description, page 2</a>`, []extract.Attachment{{URL: "https://school.example/jd.pdf", Title: "Job description"}}},
		{"forms, policies and papers of others", `<a href="/a.pdf">Application form</a><a href="/b.pdf">Safeguarding policy</a><a href="/c.pdf">Prospectus</a><a href="/d.pdf">Lunch</a><a href="/e.docx">Equal opportunities monitoring form</a>`, nil},
		{"pages", `<a href="/more">Further details</a><a href="/jobs/8.html">Job description</a><a href="/job-description">Job description</a>`, nil},
		{"other formats", `<a href="/jd.doc">Job description</a><a href="/jd.jpg">Job description</a>`, nil},
		{"what frames every page", `<nav><a href="/jd.pdf">Job description</a></nav><footer><a href="/pack.pdf">Recruitment pack</a></footer>`, nil},
		{"other schemes", `<a href="javascript:open('jd.pdf')">Job description</a><a href="file:///etc/jd.pdf">Job description</a><a href="::">Job description</a>`, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			page, err := extract.ParsePage(address, []byte(tt.html))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, page.Attachments("Learning Mentor", 5)); diff != "" {
				t.Errorf("attachments (-want +got):\n%s", diff)
			}
		})
	}
}

func FuzzAttachments(f *testing.F) {
	f.Add(`<a href="/jd.pdf">Job description</a>`, "Learning Mentor")
	f.Add(`<a href="%zz">Person spec</a><nav><a href="x.docx">`, "")
	f.Fuzz(func(t *testing.T, html, title string) {
		page, err := extract.ParsePage("https://school.example/jobs/7", []byte(html))
		if err != nil {
			t.Skip()
		}
		if got := page.Attachments(title, 5); len(got) > 5 {
			t.Errorf("%d attachments, want at most 5", len(got))
		}
	})
}
