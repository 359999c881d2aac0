package crawler_test

import (
	"bytes"
	"regexp"
)

// archive is a txtar file: a comment, and files each under a "-- name --" line.
type archive struct {
	comment []byte
	files   []file
}

type file struct {
	name string
	data []byte
}

var marker = regexp.MustCompile(`(?m)^-- (.+) --\n`)

func parseArchive(text []byte) *archive {
	marks := marker.FindAllSubmatchIndex(text, -1)
	if len(marks) == 0 {
		return &archive{comment: text}
	}
	a := &archive{comment: text[:marks[0][0]]}
	for i, m := range marks {
		end := len(text)
		if i+1 < len(marks) {
			end = marks[i+1][0]
		}
		a.files = append(a.files, file{string(text[m[2]:m[3]]), text[m[1]:end]})
	}
	return a
}

func (a *archive) format() []byte {
	var b bytes.Buffer
	b.Write(a.comment)
	for _, f := range a.files {
		b.WriteString("-- " + f.name + " --\n")
		b.Write(f.data)
	}
	return b.Bytes()
}

// file returns the file of a name, added empty when there is none.
func (a *archive) file(name string) *file {
	for i := range a.files {
		if a.files[i].name == name {
			return &a.files[i]
		}
	}
	a.files = append(a.files, file{name: name})
	return &a.files[len(a.files)-1]
}
