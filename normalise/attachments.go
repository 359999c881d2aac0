package normalise

import (
	"cmp"
	"slices"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/document"
)

// attached is an advert's own text, followed by its documents. Each begins with
// a heading that says where it comes from, so that evidence found below it does
// too, and so that nothing of the part before it reaches into it.
func attached(own document.Document, attachments []sendwatch.Attachment) document.Document {
	if len(attachments) == 0 {
		return own
	}
	d := document.Document{Blocks: slices.Clone(own.Blocks)}
	for i := range attachments {
		a := &attachments[i]
		if a.Markdown == "" {
			continue
		}
		d.Blocks = append(d.Blocks, document.Block{Kind: document.Heading, Level: 1, Text: sendwatch.AttachedHeading + called(a)})
		d.Blocks = append(d.Blocks, document.FromMarkdown(a.Markdown).Blocks...)
	}
	return d
}

// attachmentNotes says of which documents something was not read.
func attachmentNotes(a *advert) {
	for i := range a.posting.Attachments {
		if d := &a.posting.Attachments[i]; d.Note != "" {
			a.note("“" + called(d) + "”: " + d.Note)
		}
	}
}

// called is what people know a document by.
func called(a *sendwatch.Attachment) string {
	return cmp.Or(clean(a.Title), clean(a.URL), "document")
}
