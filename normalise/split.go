package normalise

import (
	"fmt"
	"path"
	"regexp"
	"strings"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/document"
)

// begins finds headings that begin the papers of a post.
var begins = compile(`^(?:job|role|post) (?:description|profile|specification)s?$|^vacancy$|^job advert(?:isement)?$`)

// belongs finds headings of a second paper of the same post.
var belongs = compile(`^person(?:al)? spec(?:ification)?s?$`)

// Labels that name the post, its employer and its place, on folded text.
var (
	titleLabel    = compile(`^(?:job|post|role|position|vacancy)? ?title$|^(?:post|role|position|vacancy|job role|job)$`)
	employerLabel = compile(`^(?:name of )?(?:school|academy|employer|organisation|trust|college)(?: name)?$`)
	locationLabel = compile(`^(?:location|place of work|work ?place|based at|address|base|location of post)$`)
)

// Split finds the vacancies of one document: a file may hold the papers of
// several posts one after another. Each posting's Reference is name, or name#2
// and so on; its body keeps the blocks as Markdown. A document without any
// text gives no posting.
func (n *Normaliser) Split(name string, d document.Document) []sendwatch.Posting {
	var out []sendwatch.Posting
	for _, blocks := range n.posts(d.Blocks) {
		p := n.posting(name, blocks)
		p.Attachments = noted(name, d.Notes)
		p.Reference = name
		if len(out) > 0 {
			p.Reference = fmt.Sprintf("%s#%d", name, len(out)+1)
		}
		out = append(out, p)
	}
	return out
}

// noted carries what was not read of a file to the readings of its posts.
func noted(name string, notes []string) []sendwatch.Attachment {
	if len(notes) == 0 {
		return nil
	}
	return []sendwatch.Attachment{{Title: name, Note: strings.Join(notes, " ")}}
}

// posts are the blocks of each post: papers of one title, one after the other,
// are papers of one post, and so are those without a title.
func (n *Normaliser) posts(blocks []document.Block) [][]document.Block {
	if len(blocks) == 0 {
		return nil
	}
	var out [][]document.Block
	title := ""
	for _, paper := range papers(blocks) {
		t := squash(n.titleIn(paper))
		if len(out) > 0 && (t == "" || t == title) {
			out[len(out)-1] = append(out[len(out)-1][:len(out[len(out)-1]):len(out[len(out)-1])], paper...)
			continue
		}
		out, title = append(out, paper), t
	}
	return out
}

// papers cuts the blocks where the papers of another post begin: at a heading
// such as "Job description", or where no heading tells, at a label that names
// another post and has facts of its own below it.
func papers(blocks []document.Block) [][]document.Block {
	var cuts []int
	for i := range blocks {
		if first := i == 0 || !begins.in(trimLabel(blocks[i-1].Text)); first && starts(&blocks[i]) {
			cuts = append(cuts, i)
		}
	}
	if len(cuts) < 2 {
		cuts = labels(blocks)
	}
	if len(cuts) < 2 {
		return [][]document.Block{blocks}
	}
	// What stands before the first is its letterhead.
	cuts[0] = 0
	var out [][]document.Block
	for i, at := range cuts {
		end := len(blocks)
		if i+1 < len(cuts) {
			end = cuts[i+1]
		}
		out = append(out, blocks[at:end])
	}
	return out
}

// facts are labels of what every post has of its own, on folded text.
var facts = compile(`^(?:salary|pay|grade|hours(?: of work)?|working hours|contract|closing date|start date|responsible to|reports? to)(?: range| scale| type)?$`)

// labels are the blocks whose label names a post, when every one of them has a
// fact before the next. Only the first such label counts: a person specification
// names its post again, by another.
func labels(blocks []document.Block) []int {
	var cuts []int
	first, fact := "", true
	for i := range blocks {
		label, value := field(&blocks[i])
		switch {
		case label == "" || value == "":
		case titleLabel.in(label) && (first == "" || label == first):
			if !fact {
				return nil
			}
			first = label
			cuts, fact = append(cuts, i), false
		case facts.in(label):
			fact = true
		}
	}
	if !fact {
		return nil
	}
	return cuts
}

// starts reports whether a block begins the papers of a post.
func starts(b *document.Block) bool {
	return b.Kind != document.Item && len(b.Text) < 60 && begins.in(trimLabel(b.Text))
}

// titleBytes is how long a title may be.
const titleBytes = 90

// titleWithin is how many blocks are looked through for a title.
const titleWithin = 12

// posting makes a posting of the blocks of one post.
func (n *Normaliser) posting(name string, blocks []document.Block) sendwatch.Posting {
	p := sendwatch.Posting{BodyMarkdown: document.Document{Blocks: blocks}.Markdown()}
	for i := range blocks {
		label, value := field(&blocks[i])
		switch {
		case label == "" || value == "":
		case p.Employer == "" && employerLabel.in(label):
			p.Employer = value
		case p.Location == "" && locationLabel.in(label):
			p.Location = value
		}
	}
	if p.Title = n.titleIn(blocks); p.Title == "" {
		p.Title = strings.TrimSuffix(path.Base(name), path.Ext(name))
	}
	return p
}

// titleIn is the title that blocks give their post: by a label, else by how they
// begin.
func (n *Normaliser) titleIn(blocks []document.Block) string {
	for i := range blocks {
		label, value := field(&blocks[i])
		switch {
		case value == "":
		case titleLabel.in(label):
			return value
		case (begins.in(label) || belongs.in(label)) && len(value) < titleBytes && n.titleRole(fold(value)) != "":
			// "Job description: Learning Mentor".
			return value
		}
	}
	return n.headline(blocks)
}

// field takes a labelled block apart.
func field(b *document.Block) (label, value string) {
	if b.Kind == document.Row {
		if said := nonempty(b.Cells); len(said) == 2 && len(said[0]) < 60 {
			return trimLabel(said[0]), strings.ReplaceAll(said[1], "\n", ", ")
		}
		return "", ""
	}
	if len(b.Text) > 200 {
		return "", ""
	}
	return labelled(b.Text)
}

// headline finds the title among the first blocks: the heading after "Job
// description", else the first short line that names a role, else the role
// that the text opens with, as it is written there.
func (n *Normaliser) headline(blocks []document.Block) string {
	for i := range blocks {
		if i >= titleWithin {
			break
		}
		if starts(&blocks[i]) && i+1 < len(blocks) && len(blocks[i+1].Text) < titleBytes && blocks[i+1].Kind != document.Row &&
			!belongs.in(trimLabel(blocks[i+1].Text)) && !strings.Contains(blocks[i+1].Text, ":") {
			return blocks[i+1].Text
		}
	}
	for i := range blocks {
		if i >= titleWithin {
			break
		}
		text := leading.ReplaceAllString(blocks[i].Text, "")
		if len(text) < titleBytes && !strings.HasSuffix(text, ".") && n.titleRole(fold(text)) != "" {
			return text
		}
	}
	for i := range blocks {
		if i >= titleWithin {
			break
		}
		if title := n.spelt(blocks[i].Text); title != "" {
			return title
		}
	}
	return ""
}

// titled finds a run of words with capitals.
var titled = regexp.MustCompile(`(?:\(?[A-Z][\w/-]*\)?[ ]+){1,8}\(?[A-Z][\w/-]*\)?`)

// spelt gives the first run of capitalised words that names a role.
func (n *Normaliser) spelt(text string) string {
	if len(text) > 2000 {
		text = text[:2000]
	}
	for _, run := range titled.FindAllString(text, 20) {
		if len(run) < titleBytes && n.titleRole(fold(run)) != "" {
			// "Explore rewarding" and the like are not in the run: only a
			// leading article or verb at the start of a sentence can be.
			return leading.ReplaceAllString(run, "")
		}
	}
	return ""
}

// leading finds words at the start of a line that belong to no title: "Job
// description for a".
var leading = regexp.MustCompile(`^(?:(?:[A-Z][\w,]*\s+(?:and\s+|of\s+)?){1,6}for\s+(?:an?|the)\s+|(?:A|An|The|As|Our|Explore|Become)\s+)`)
