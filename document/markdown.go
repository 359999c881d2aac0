package document

// FromMarkdown reads Markdown.
func FromMarkdown(s string) Document { return FromText(s) }
