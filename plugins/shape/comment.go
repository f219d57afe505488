package shape

import (
	"encoding/json"
	"fmt"
	"strings"
)

// width is how long a line of the declarations may be.
const width = 110

// comment writes a TSDoc comment: what a thing is, lines about its values, and its default. Nothing to say
// is no comment.
func (w *writer) comment(indent, doc string, notes []string, byDefault string) {
	lines := wrap(escape(doc), width-len(indent)-len(" * "))
	for _, note := range notes {
		if len(lines) > 0 && note == notes[0] {
			lines = append(lines, "")
		}
		lines = append(lines, wrap(escape(note), width-len(indent)-len(" * "))...)
	}
	if byDefault != "" {
		if len(lines) > 0 {
			lines = append(lines, "")
		}
		lines = append(lines, "@defaultValue `"+escape(byDefault)+"`")
	}
	switch {
	case len(lines) == 0:
	case len(lines) == 1 && len(indent)+len(lines[0])+len("/**  */") <= width:
		w.line("%s/** %s */", indent, lines[0])
	default:
		w.line("%s/**", indent)
		for _, l := range lines {
			w.line("%s", strings.TrimRight(indent+" * "+l, " "))
		}
		w.line("%s */", indent)
	}
}

// escape keeps a text from ending the comment.
func escape(text string) string { return strings.ReplaceAll(text, "*/", `*\/`) }

// wrap breaks a text into lines. A line that would begin a TSDoc tag, as an e-mail domain does, is kept from it.
func wrap(text string, width int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		if line != "" && len(line)+1+len(word) > width {
			lines = append(lines, line)
			line = ""
		}
		if line == "" && strings.HasPrefix(word, "@") {
			word = `\` + word
		}
		line = strings.TrimPrefix(line+" "+word, " ")
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

// limits words the tags of a field that limit its values.
func limits(f field) []string {
	var notes []string
	subject := ""
	if f.kind == list {
		subject = "Each item: "
	}
	between := func(from, to, unit string) {
		switch {
		case from != "" && to != "":
			notes = append(notes, fmt.Sprintf("%s%s to %s%s.", subject, from, to, unit))
		case from != "":
			notes = append(notes, fmt.Sprintf("%sat least %s%s.", subject, from, unit))
		case to != "":
			notes = append(notes, fmt.Sprintf("%sat most %s%s.", subject, to, unit))
		}
	}
	between(f.tag.Get("minimum"), f.tag.Get("maximum"), "")
	between(f.tag.Get("minLength"), f.tag.Get("maxLength"), " characters")
	if pattern := f.tag.Get("pattern"); pattern != "" {
		notes = append(notes, fmt.Sprintf("%spattern `%s`.", subject, pattern))
	}
	for i, n := range notes {
		notes[i] = strings.ToUpper(n[:1]) + n[1:]
	}
	return notes
}

// defaultOf is what the tag default means in JavaScript. The tag is written as in YAML: USD, 14, [80, 100].
func defaultOf(f field) string {
	byDefault, ok := f.tag.Lookup("default")
	if !ok {
		return ""
	}
	switch f.kind {
	case text, enumeration:
		return quote(byDefault)
	case list:
		items := strings.Split(strings.Trim(byDefault, "[]"), ", ")
		for i := range items {
			if k := f.item.kind; k == text || k == enumeration {
				items[i] = quote(items[i])
			}
		}
		return "[" + strings.Join(items, ", ") + "]"
	}
	return byDefault
}

// valueDocs are the comments of the values of an enumeration that have one.
func (w *writer) valueDocs(n *node) []string {
	var notes []string
	for _, v := range n.values {
		if doc := w.doc(n.is.Name(), v); doc != "" {
			notes = append(notes, fmt.Sprintf("- `%s` %s", v, doc))
		}
	}
	return notes
}

// quote writes a text as JavaScript does.
func quote(s string) string {
	b, _ := json.Marshal(s) // a text always can be
	return string(b)
}
