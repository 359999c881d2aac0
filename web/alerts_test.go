package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/notifier"
	"github.com/sendwatch/sendwatch/store"
)

// asking is a whole form, changed by pairs of key and value; an empty value
// leaves the field out.
func asking(pairs ...string) url.Values {
	form := url.Values{"email": {somebody}, "frequency": {"weekly"}, "consent": {"yes"}, "q": {"autism"}, "near": {"Leeds"}, "within": {"20"}, "need": {"asd", "semh"}}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
		if pairs[i+1] == "" {
			form.Del(pairs[i])
		}
	}
	return form
}

func (b *bench) confirmations() []store.Confirmation {
	b.t.Helper()
	cs, err := b.store.DueConfirmations(b.t.Context())
	if err != nil {
		b.t.Fatal(err)
	}
	return cs
}

func (b *bench) subscriptions(person string) []sendwatch.Subscription {
	b.t.Helper()
	subs, err := b.store.PersonSubscriptions(b.t.Context(), person)
	if err != nil {
		b.t.Fatal(err)
	}
	return subs
}

// person signs an address up, and gives the person and the subscription.
func (b *bench) person(address string, confirmed bool) sendwatch.Subscription {
	b.t.Helper()
	sub, err := b.store.Subscribe(b.t.Context(), store.Signup{
		Email: address, Frequency: sendwatch.Daily, Confirmed: confirmed,
		Criteria: sendwatch.Criteria{Words: "autism", Needs: []string{"asd"}, Near: "Leeds", WithinMiles: 20},
		Consent:  store.Consent{Wording: "yes", At: b.now},
	})
	if err != nil {
		b.t.Fatal(err)
	}
	return sub
}

func TestSignUp(t *testing.T) {
	b := newBench(t)
	a := b.get("/alerts/new?q=autism&near=Leeds&within=20&need=asd&need=semh").is(http.StatusOK).says("You will hear of: “autism”")
	form := a.carried()
	if form.Encode() != "near=Leeds&need=asd&need=semh&q=autism&within=20" {
		t.Errorf("the form carries %q", form.Encode())
	}
	form.Set("email", " "+somebody+" ")
	form.Set("frequency", "instant")
	form.Set("consent", "yes")
	form.Set("strong_only", "1")
	b.post("/alerts/new", form).is(http.StatusOK).says("Check your email", sameAnswer)
	cs := b.confirmations()
	if len(cs) != 1 || cs[0].Email != somebody {
		t.Fatalf("confirmations queued: %+v", cs)
	}
	subs := b.subscriptions(cs[0].Person)
	if len(subs) != 1 {
		t.Fatalf("subscriptions: %+v", subs)
	}
	s := subs[0]
	if s.State != sendwatch.Unconfirmed || s.Frequency != sendwatch.Instant || s.Criteria.Words != "autism" || s.Criteria.Near != "Leeds" ||
		s.Criteria.WithinMiles != 20 || !slices.Equal(s.Criteria.Needs, []string{"asd", "semh"}) || !s.Criteria.StrongOnly {
		t.Errorf("the subscription is %+v", s)
	}
	who, err := b.store.Subscriber(t.Context(), s.Person)
	if err != nil || who.Consent.Wording != consentWording || !who.Consent.At.Equal(b.now) {
		t.Errorf("the consent is %+v, %v", who.Consent, err)
	}
	if b.woken != 1 {
		t.Errorf("others were woken %d times, want once", b.woken)
	}
}

func TestSignUpMistakes(t *testing.T) {
	tests := []struct {
		name  string
		form  url.Values
		says  string
		field string
	}{
		{"no address", asking("email", ""), "Please give an email address", "email"},
		{"no at", asking("email", "somebody"), "Please give an email address", "email"},
		{"no dot", asking("email", "somebody@localhost"), "Please give an email address", "email"},
		{"with a name", asking("email", "Some Body <"+somebody+">"), "Please give an email address", "email"},
		{"two addresses", asking("email", somebody+", other@person.example"), "Please give an email address", "email"},
		{"a literal", asking("email", "somebody@[127.0.0.1]"), "Please give an email address", "email"},
		{"a header", asking("email", somebody+"\r\nBcc: other@person.example"), "Please give an email address", "email"},
		{"too long", asking("email", strings.Repeat("a", 250)+"@person.example"), "Please give an email address", "email"},
		{"no consent", asking("consent", ""), "Please tick the box", "consent"},
		{"no frequency", asking("frequency", ""), "Please choose how often", ""},
		{"another frequency", asking("frequency", "hourly"), "Please choose how often", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := newBench(t)
			a := b.post("/alerts/new", tt.form).is(http.StatusUnprocessableEntity).says(tt.says, "You will hear of: “autism”")
			if got := len(b.confirmations()); got != 0 {
				t.Errorf("%d confirmations are queued", got)
			}
			want := strings.Join(strings.Fields(tt.form.Get("email")), " ")
			if got := strings.Join(strings.Fields(a.value("email")), " "); got != clip(want, maxAddress) {
				t.Errorf("the address field holds %q, want %q", got, want)
			}
			if got := a.checked("frequency"); tt.form.Get("frequency") == "weekly" && !slices.Equal(got, []string{"weekly"}) {
				t.Errorf("how often is %q", got)
			}
			if got := a.checked("consent"); (len(got) == 1) != tt.form.Has("consent") {
				t.Errorf("the consent is %q", got)
			}
			if got := a.doc.Find("[aria-invalid]").AttrOr("name", ""); got != tt.field {
				t.Errorf("the field marked is %q, want %q", got, tt.field)
			}
			if got := a.doc.Find("input[type=hidden][name=need]").Length(); got != 2 {
				t.Errorf("%d needs are carried on, want 2", got)
			}
		})
	}
	b := newBench(t)
	b.post("/alerts/new", asking("near", "Nowherton")).is(http.StatusBadRequest).says("Unknown place")
	b.post("/alerts/new", asking("min_actual", "much")).is(http.StatusBadRequest).says("should be a number")
	b.get("/alerts/new?role=astronaut").is(http.StatusBadRequest).says("Unknown role")
}

// TestSignUpTellsNothing: the answer is the same whether an address is new, known,
// confirmed, gone or not to be written to.
func TestSignUpTellsNothing(t *testing.T) {
	b := newBench(t)
	fresh := b.post("/alerts/new", asking()).is(http.StatusOK).Body.String()
	b.person("confirmed@person.example", true)
	left := b.person("left@person.example", true)
	if err := b.store.Unsubscribe(t.Context(), left.Person); err != nil {
		t.Fatal(err)
	}
	if err := b.store.Suppress(t.Context(), "bounced@person.example", "hard bounce"); err != nil {
		t.Fatal(err)
	}
	for _, address := range []string{somebody, "confirmed@person.example", "left@person.example", "bounced@person.example"} {
		if got := b.post("/alerts/new", asking("email", address)).is(http.StatusOK).Body.String(); got != fresh {
			t.Errorf("%s gets another answer:\n%s", address, got)
		}
	}
	for _, c := range b.confirmations() {
		if c.Email == "bounced@person.example" {
			t.Error("a suppressed address is to be written to")
		}
	}
	if got := len(b.confirmations()); got != 3 {
		t.Errorf("%d confirmations are queued, want one each of three people", got)
	}
}

func TestConfirmNeedsPost(t *testing.T) {
	b := newBench(t)
	sub := b.person(somebody, false)
	page := path(b.links.Confirm(sub.Person))
	for range 3 { // as scanners of mail do
		b.get(page).is(http.StatusOK).says("Confirm your alert", "“autism”", "Start my alert")
		if got := b.subscriptions(sub.Person)[0].State; got != sendwatch.Unconfirmed {
			t.Fatalf("to open the page made the alert %s", got)
		}
	}
	if b.woken != 0 {
		t.Error("to open a page woke others")
	}
	to := b.post(page, nil).is(http.StatusSeeOther).Header().Get("Location")
	if got := b.subscriptions(sub.Person)[0].State; got != sendwatch.Active || b.woken != 1 {
		t.Errorf("after the button the alert is %s, others woken %d times", got, b.woken)
	}
	b.get(to).is(http.StatusOK).says("Your alert has begun.", "Running.")
	b.post(page, nil).is(http.StatusSeeOther) // twice is harmless
	b.get(page).is(http.StatusOK).says("Nothing to confirm")

	if err := b.store.Unsubscribe(t.Context(), sub.Person); err != nil {
		t.Fatal(err)
	}
	b.get(page).is(http.StatusNotFound).says("This link has ended")
	b.post(page, nil).is(http.StatusNotFound).says("This link has ended")
	if err := b.store.ErasePerson(t.Context(), sub.Person); err != nil {
		t.Fatal(err)
	}
	b.get(page).is(http.StatusNotFound).says("This link has ended")
	b.post(page, nil).is(http.StatusNotFound).says("This link has ended")
}

func TestUnsubscribe(t *testing.T) {
	b := newBench(t)
	sub := b.person(somebody, true)
	page := path(b.links.Unsubscribe(sub.Person))
	b.get(page).is(http.StatusOK).says("Stop all emails")
	if got := b.subscriptions(sub.Person)[0].State; got != sendwatch.Active {
		t.Fatalf("to open the page made the alert %s", got)
	}
	b.post(page, nil).is(http.StatusOK).says("You will hear no more")
	if got := b.subscriptions(sub.Person)[0].State; got != sendwatch.Ended {
		t.Errorf("after the button the alert is %s", got)
	}
	b.get(path(b.links.Manage(sub.Person))).is(http.StatusOK).says("You unsubscribed", "You have no alerts.")
	if err := b.store.ErasePerson(t.Context(), sub.Person); err != nil {
		t.Fatal(err)
	}
	b.post(page, nil).is(http.StatusOK) // a provider may repeat it whenever it likes
}

func TestPause(t *testing.T) {
	b := newBench(t)
	sub := b.person(somebody, true)
	page := path(b.links.Pause(sub.ID))
	b.get(page).is(http.StatusOK).says("Pause this alert", "“autism”")
	if got := b.subscriptions(sub.Person)[0].State; got != sendwatch.Active {
		t.Fatalf("to open the page made the alert %s", got)
	}
	to := b.post(page, nil).is(http.StatusSeeOther).Header().Get("Location")
	b.get(to).is(http.StatusOK).says("Your alert waits until you start it again.", "Paused.", "Start again")
	b.get(page).is(http.StatusOK).says("nothing to pause")
	if err := b.store.EndSubscription(t.Context(), sub.ID); err != nil {
		t.Fatal(err)
	}
	b.get(page).is(http.StatusNotFound).says("This link has ended")
	b.post(page, nil).is(http.StatusNotFound)
}

func TestTokens(t *testing.T) {
	b := newBench(t)
	sub := b.person(somebody, true)
	pages := map[notifier.Purpose]string{notifier.PurposeManage: "", notifier.PurposeConfirm: "/confirm", notifier.PurposeUnsubscribe: "/unsubscribe", notifier.PurposePause: "/pause"}
	for purpose := range pages {
		id := sub.Person
		if purpose == notifier.PurposePause {
			id = sub.ID
		}
		good := b.links.Token(purpose, id)
		other := notifier.Links{Key: []byte("another key of thirty-two bytes or more")}
		bad := map[string]string{
			"truncated": good[:len(good)-3], "tampered": "x" + good[1:], "of another key": other.Token(purpose, id),
			"without a signature": strings.Split(good, ".")[0], "nonsense": "%00%0d%0a", "very long": strings.Repeat("a", 5000),
		}
		for p := range pages {
			if p != purpose {
				bad["signed to "+string(p)] = b.links.Token(p, id)
			}
		}
		for name, token := range bad {
			target := "/alerts/" + token + pages[purpose]
			t.Run(string(purpose)+" "+name, func(t *testing.T) {
				b.get(target).is(http.StatusNotFound).says("This link is not valid.")
				b.post(target, url.Values{"do": {"erase"}, "sure": {"yes"}}).is(http.StatusNotFound).says("This link is not valid.")
			})
		}
	}
	if got := b.subscriptions(sub.Person)[0].State; got != sendwatch.Active {
		t.Errorf("bad links made the alert %s", got)
	}
}
