// Package quietterm keeps a program from asking its terminal for the colour of its background before main
// runs. Bubble Tea, which the Pulumi SDK links, does that in its init, and waits five seconds for a terminal
// that does not answer. Source: github.com/charmbracelet/bubbletea, tea_init.go.
//
// Who imports this package is not asked: Lip Gloss, which asks, is told the answer first. That works because Go
// initializes packages whose imports are initialized in the order of their paths, and this one's comes before
// Bubble Tea's. Source: The Go Programming Language Specification, Program initialization.
package quietterm

import "github.com/charmbracelet/lipgloss"

func init() { lipgloss.SetHasDarkBackground(true) }
