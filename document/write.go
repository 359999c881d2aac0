package document

import "strings"

// Markdown writes the document so that FromMarkdown reads the same blocks
// again. Headings whose level is not known are written in bold.
func (d Document) Markdown() string {
	var b strings.Builder
	for i := range d.Blocks {
		block := &d.Blocks[i]
		if i > 0 && (block.Kind != d.Blocks[i-1].Kind || block.Kind == Heading || block.Kind == Paragraph) {
			b.WriteByte('\n')
		}
		switch block.Kind {
		case Heading:
			if block.Level == 0 {
				b.WriteString("**" + escape(block.Text) + "**")
			} else {
				b.WriteString(strings.Repeat("#", min(block.Level, 6)) + " " + escape(block.Text))
			}
		case Item:
			b.WriteString(strings.Repeat("  ", max(0, block.Level-1)) + "- " + escape(block.Text))
		case Row:
			b.WriteByte('|')
			for _, cell := range block.Cells {
				b.WriteString(" " + strings.ReplaceAll(escape(cell), "\n", "<br>") + " |")
			}
		default:
			b.WriteString(escape(block.Text))
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// markdownMarks are the runes that Markdown would take for marks.
var markdownMarks = strings.NewReplacer(`\`, `\\`, "*", `\*`, "_", `\_`, "`", "\\`", "[", `\[`, "]", `\]`, "#", `\#`,
	"|", "&#124;", "&", "&amp;", "<", "&lt;", ">", "&gt;")

func escape(text string) string { return markdownMarks.Replace(text) }
