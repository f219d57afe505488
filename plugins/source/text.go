package source

import (
	"unicode/utf8"
)

// lines splits a text at the line ends of JavaScript, which are also those of esbuild and of goja:
// LF, CR, CR LF, U+2028 and U+2029. The ends are not part of the lines.
func lines(text string) []string {
	var out []string
	start := 0
	for i := 0; i < len(text); {
		size := lineEnd(text[i:])
		if size == 0 {
			i++
			continue
		}
		out = append(out, text[start:i])
		i += size
		start = i
	}
	return append(out, text[start:])
}

// lineEnd is the length of the line end that the text begins with, 0 for none.
func lineEnd(text string) int {
	switch text[0] {
	case '\n':
		return 1
	case '\r':
		if len(text) > 1 && text[1] == '\n' {
			return 2
		}
		return 1
	case 0xE2:
		if len(text) > 2 && text[1] == 0x80 && (text[2] == 0xA8 || text[2] == 0xA9) {
			return 3
		}
	}
	return 0
}

// fromBytes turns a number of bytes from the beginning of a line into a 1-based column in characters.
func fromBytes(line string, n int) int {
	return utf8.RuneCountInString(line[:max(0, min(n, len(line)))]) + 1
}

// fromUTF16 turns a number of UTF-16 units, which source maps count in, into a 1-based column in characters.
func fromUTF16(line string, n int) int {
	column := 1
	for _, r := range line {
		if n <= 0 {
			break
		}
		n -= units(r)
		column++
	}
	return column
}

// toUTF16 turns a number of bytes from the beginning of a line into one of UTF-16 units.
func toUTF16(line string, n int) int {
	count := 0
	for _, r := range line[:max(0, min(n, len(line)))] {
		count += units(r)
	}
	return count
}

// units is how many UTF-16 units a character takes.
func units(r rune) int {
	if r > 0xFFFF {
		return 2
	}
	return 1
}
