package web

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/store"
)

// maxReport is the longest text of a report, in characters.
const maxReport = 2000

var (
	errRemoved = userError{http.StatusGone, "This advert is no longer shown here, because we were asked to take it away. If you follow the post, the employer’s own site can tell you more."}
	errFull    = userError{http.StatusServiceUnavailable, "More reports wait for an answer than we can take in at the moment. Please try again in a few days, or write to whoever runs this site."}
)

// reportForm is the form that says what is wrong with a vacancy.
type reportForm struct {
	V       *sendwatch.Vacancy
	Choices []option
	Text    string
	Errors  []mistake
}

// mistake is what is wrong with a field of a form.
type mistake struct{ Field, Text string }

// Wrong says what is wrong with a field; empty when nothing is.
func (f reportForm) Wrong(field string) string { return wrong(f.Errors, field) }

func wrong(errs []mistake, field string) string {
	for _, m := range errs {
		if m.Field == field {
			return m.Text
		}
	}
	return ""
}

// reportChoices are what a report may be about.
func reportChoices(chosen string) []option {
	out := []option{
		{Value: store.ReportMistake, Label: "Something here is wrong: the pay, what is asked for, the place, or that it is still open"},
		{Value: store.ReportRemove, Label: "Please take this advert away"},
	}
	for i := range out {
		out[i].Chosen = out[i].Value == chosen
	}
	return out
}

func (s *Site) reportPage(w http.ResponseWriter, r *http.Request) error {
	v, err := s.vacancy(r)
	if err != nil {
		return err
	}
	return s.reportForm(w, http.StatusOK, reportForm{V: v, Choices: reportChoices(r.URL.Query().Get("about"))})
}

func (s *Site) reportForm(w http.ResponseWriter, status int, f reportForm) error {
	title := "Report a mistake, or ask for removal"
	if len(f.Errors) > 0 {
		title = "Error: " + title
	}
	return s.render(w, status, "report", view{Title: title, Data: f})
}

func (s *Site) report(w http.ResponseWriter, r *http.Request) error {
	v, err := s.vacancy(r)
	if err != nil {
		return err
	}
	if err := r.ParseForm(); err != nil {
		return formError(err)
	}
	f := reportForm{V: v, Choices: reportChoices(r.PostForm.Get("about")), Text: strings.TrimSpace(r.PostForm.Get("text"))}
	about := ""
	for _, c := range f.Choices {
		if c.Chosen {
			about = c.Value
		}
	}
	switch {
	case about == "":
		f.Errors = append(f.Errors, mistake{"about", "Please choose what this is about."})
	case f.Text == "":
		f.Errors = append(f.Errors, mistake{"text", "Please say what is wrong, or why the advert should go."})
	}
	if utf8.RuneCountInString(f.Text) > maxReport {
		f.Errors = append(f.Errors, mistake{"text", "Please use fewer words: 2,000 characters at most."})
	}
	if len(f.Errors) > 0 {
		return s.reportForm(w, http.StatusUnprocessableEntity, f)
	}
	id, err := s.o.Store.PutReport(r.Context(), store.Report{Vacancy: v.ID, About: about, Text: f.Text})
	if errors.Is(err, store.ErrFull) {
		return errFull
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/reports/"+url.PathEscape(id), http.StatusSeeOther)
	return nil
}

// reportAnswer shows what became of a report to whoever has its address.
func (s *Site) reportAnswer(w http.ResponseWriter, r *http.Request) error {
	rep, err := s.o.Store.Report(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	title := map[store.ReportState]string{
		store.ReportWaiting: "Thank you: your report is with us", store.ReportApproved: "Your report was followed", store.ReportRejected: "Your report was answered",
	}[rep.State]
	return s.render(w, http.StatusOK, "reported", view{Title: title, Data: rep})
}
