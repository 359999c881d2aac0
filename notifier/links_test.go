package notifier

import (
	"bytes"
	"errors"
	"net/url"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

var testLinks = Links{Key: bytes.Repeat([]byte{7}, MinKey), Base: "https://sendwatch.example/"}

func TestLinks(t *testing.T) {
	token := func(purpose Purpose, id string) string { return testLinks.Token(purpose, id) }
	for got, want := range map[string]string{
		testLinks.Confirm("p1"):         "https://sendwatch.example/alerts/" + token(PurposeConfirm, "p1") + "/confirm",
		testLinks.Manage("p1"):          "https://sendwatch.example/alerts/" + token(PurposeManage, "p1"),
		testLinks.Unsubscribe("p1"):     "https://sendwatch.example/alerts/" + token(PurposeUnsubscribe, "p1") + "/unsubscribe",
		testLinks.Pause("s1"):           "https://sendwatch.example/alerts/" + token(PurposePause, "s1") + "/pause",
		testLinks.Vacancy("v1/../x?y#"): "https://sendwatch.example/vacancies/v1%2F..%2Fx%3Fy%23",
	} {
		if got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestTokensReadBack(t *testing.T) {
	purposes := []Purpose{PurposeConfirm, PurposeManage, PurposeUnsubscribe, PurposePause}
	rapid.Check(t, func(t *rapid.T) {
		id := rapid.StringN(1, 40, 60).Draw(t, "id")
		purpose := rapid.SampledFrom(purposes).Draw(t, "purpose")
		token := testLinks.Token(purpose, id)
		if url.PathEscape(token) != token {
			t.Fatalf("token %q does not stand in a path as it is", token)
		}
		if got, err := testLinks.Verify(purpose, token); err != nil || got != id {
			t.Fatalf("got %q, %v, want %q", got, err, id)
		}
		for _, other := range purposes {
			if _, err := testLinks.Verify(other, token); other != purpose && !errors.Is(err, ErrBadToken) {
				t.Fatalf("a token for %s passes for %s", purpose, other)
			}
		}
		strange := Links{Key: bytes.Repeat([]byte{8}, MinKey), Base: testLinks.Base}
		if _, err := strange.Verify(purpose, token); !errors.Is(err, ErrBadToken) {
			t.Fatal("a token of another key passes")
		}
		// No single change of a byte passes, padding bits included.
		at := rapid.IntRange(0, len(token)-1).Draw(t, "at")
		changed := []byte(token)
		changed[at] = rapid.Byte().Filter(func(b byte) bool { return b != token[at] }).Draw(t, "byte")
		if _, err := testLinks.Verify(purpose, string(changed)); !errors.Is(err, ErrBadToken) {
			t.Fatalf("%q passes for %q", changed, token)
		}
	})
}

func TestVerifyRefuses(t *testing.T) {
	good := testLinks.Token(PurposeManage, "p1")
	for name, token := range map[string]string{
		"empty": "", "no point": strings.ReplaceAll(good, ".", ""), "no id": good[strings.Index(good, "."):],
		"no signature": good[:strings.Index(good, ".")+1], "half a signature": good[:len(good)-10],
		"padding": good + "=", "a line break": good + "\n", "a line break inside": good[:10] + "\n" + good[10:], "long": strings.Repeat(good, 100),
	} {
		if id, err := testLinks.Verify(PurposeManage, token); !errors.Is(err, ErrBadToken) || id != "" {
			t.Errorf("%s: got %q, %v", name, id, err)
		}
	}
	short := Links{Key: []byte("short")}
	if _, err := short.Verify(PurposeManage, short.Token(PurposeManage, "p1")); !errors.Is(err, ErrBadToken) {
		t.Error("a short key verifies")
	}
}

func FuzzVerify(f *testing.F) {
	f.Add("manage", testLinks.Token(PurposeManage, "p1"))
	f.Add("confirm", "cDE.AAAA")
	f.Add("", ".")
	f.Fuzz(func(t *testing.T, purpose, token string) {
		id, err := testLinks.Verify(Purpose(purpose), token)
		if err == nil && testLinks.Token(Purpose(purpose), id) != token {
			t.Errorf("%q passes for %q and is not its token", token, id)
		}
	})
}
