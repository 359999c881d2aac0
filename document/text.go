package document

// FromText reads plain text.
func FromText(s string) Document { return Document{Blocks: []Block{{Kind: Paragraph, Text: s}}} }
