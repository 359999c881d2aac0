package normalise

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/sendwatch/sendwatch/document"
	"pgregory.net/rapid"
)

func TestAbreast(t *testing.T) {
	item := func(text string) document.Block { return document.Block{Kind: document.Item, Level: 1, Text: text} }
	tests := []struct {
		name       string
		lines, put []string
	}{
		{"none", []string{"GCSE English", "GCSE maths"}, []string{"GCSE English", "GCSE maths"}},
		{"a line of its own", []string{"GCSE English", "OR", "Functional skills", "Patience"}, []string{"GCSE English or Functional skills", "Patience"}},
		{"at the end", []string{"A Level 3 certificate; or", "a year in a school.", "Patience"}, []string{"A Level 3 certificate or a year in a school.", "Patience"}},
		{"at the beginning", []string{"A Level 3 certificate.", "OR a degree", "Or a year in a school"}, []string{"A Level 3 certificate or a degree or a year in a school"}},
		{"nothing to join", []string{"or", "Patience", "or"}, []string{"Patience"}},
		{"words that end alike", []string{"Work on either floor", "Orderly"}, []string{"Work on either floor", "Orderly"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var blocks []document.Block
			for _, text := range tt.lines {
				blocks = append(blocks, item(text))
			}
			var got []string
			for _, b := range abreast(blocks) {
				got = append(got, b.Text)
			}
			if diff := cmp.Diff(tt.put, got); diff != "" {
				t.Errorf("blocks (-want +got):\n%s", diff)
			}
		})
	}
}

// Putting lines together or taking them apart loses no word but "or", and leaves
// the blocks that it is given alone.
func TestBlocksKeepTheirWords(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		texts := rapid.SliceOfN(rapid.SampledFrom([]string{
			"or", "OR", "- or -", "patience; or", "or a degree", "Or calm", "GCSE English", "You will: • be kind • be calm", "•", "a | b", "floor",
		}), 0, 12).Draw(t, "texts")
		kinds := []document.Kind{document.Heading, document.Paragraph, document.Item, document.Row}
		var blocks, before []document.Block
		for _, text := range texts {
			b := document.Block{Kind: rapid.SampledFrom(kinds).Draw(t, "kind"), Text: text}
			blocks, before = append(blocks, b), append(before, b)
		}
		got := abreast(unfolded(blocks))
		if diff := cmp.Diff(before, blocks); diff != "" {
			t.Fatalf("the blocks given were changed:\n%s", diff)
		}
		if diff := cmp.Diff(wordsOf(blocks), wordsOf(got)); diff != "" {
			t.Fatalf("words (-given +got):\n%s", diff)
		}
	})
}

// wordsOf are the words of blocks but for "or" and the signs between them.
func wordsOf(blocks []document.Block) []string {
	var words []string
	for _, b := range blocks {
		for _, word := range strings.FieldsFunc(strings.ToLower(b.Text), func(r rune) bool { return !small(byte(r)) || r > 'z' }) {
			if word != "or" {
				words = append(words, word)
			}
		}
	}
	return words
}
