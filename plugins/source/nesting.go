package source

// maxNesting is how deep brackets may nest. The time to bundle grows with the square of the depth, and
// what people write stays below 30.
const maxNesting = 500

// tooDeep points at the first bracket that nests too deep, nil if none does. Strings and comments are not
// told apart: brackets that nobody closes are rare in them.
func tooDeep(name string, lines []string) *Problem {
	depth := 0
	for i, line := range lines {
		for n := range len(line) {
			switch line[n] {
			case '(', '[', '{':
				depth++
			case ')', ']', '}':
				depth = max(0, depth-1)
			}
			if depth > maxNesting {
				return &Problem{
					Position: Position{File: name, Line: i + 1, Column: fromBytes(line, n)},
					Message:  "the brackets nest deeper than 500",
					Hint:     hintSmaller,
					Excerpt:  line,
				}
			}
		}
	}
	return nil
}
