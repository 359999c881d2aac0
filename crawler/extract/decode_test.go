package extract

import (
	"encoding/json"
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// decodedByStandard is decodeAll by the standard library.
func decodedByStandard(text string) (values []any, err error) {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	for len(values) < maxPostings {
		var v any
		if err := d.Decode(&v); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return values, err
		}
		values = append(values, v)
	}
	return values, nil
}

// decodedAlike checks that a text is read as the standard library reads it.
func decodedAlike(t rapid.TB, text string) {
	want, wantErr := decodedByStandard(text)
	got, err := decodeAll(text)
	if !reflect.DeepEqual(got, want) || (err == nil) != (wantErr == nil) {
		t.Errorf("%.200q: %.200v, %v, want %.200v, %v", text, got, err, want, wantErr)
	}
}

func TestDecodeIsStandard(t *testing.T) {
	pieces := []string{"{", "}", "[", "]", ":", ",", `"a"`, `"b": `, `"a": 1`, `"@type": "JobPosting"`, "null", "true", "fals", "false", "0", "-1.50", "1e400", "12345678901234567890",
		"01", "+1", ".5", "1.", `"\ud800"`, `"\ud83d\ude00"`, `"\u00e9\n"`, `"\x"`, "\"\x01\"", "\"\xff\"", `""`, `{"a": {"b": [1, {"c": null}]}}`, `[[], {}, ""]`, " ", "\n", "\ufeff", "//", "'", "NaN"}
	rapid.Check(t, func(t *rapid.T) {
		decodedAlike(t, strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 9).Draw(t, "pieces"), ""))
	})
	for _, text := range []string{strings.Repeat("[", 9_000) + strings.Repeat("]", 9_000), strings.Repeat("[", 20_000), strings.Repeat(`{"a":`, 20_000), strings.Repeat("1 ", 2*maxPostings)} {
		decodedAlike(t, text)
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(`{"a": [1, "b", {"c": null}]} {"a": 1, "a": 2}`)
	f.Add("{\"a\": \"\xff\\ud800\"}")
	f.Fuzz(func(t *testing.T, text string) { decodedAlike(t, text) })
}
