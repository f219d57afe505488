package plugins

import (
	"strings"

	"github.com/archipelago-iac/archipelago/plugins/sandbox"
	"github.com/archipelago-iac/archipelago/plugins/source"
)

// Position is a place in a hook's own source.
type Position = source.Position

// Kind says what went wrong with a hook. It is stable, for scripts and documentation.
type Kind = sandbox.Kind

// The kinds of an [Error].
const (
	Rejected    = sandbox.Rejected
	Threw       = sandbox.Threw
	TimedOut    = sandbox.TimedOut
	TooDeep     = sandbox.TooDeep
	OutOfMemory = sandbox.OutOfMemory
	Stuck       = sandbox.Stuck
	BadResult   = sandbox.BadResult
	Syntax      = sandbox.Syntax
	BadHook     = sandbox.BadHook
	LogOverflow = sandbox.LogOverflow
	HostBug     = sandbox.HostBug
)

// Error says that a hook cannot be used, or went wrong for an account.
type Error struct {
	Kind Kind
	// Account is empty for what a file does by itself.
	Account string
	// Hook is the file.
	Hook string
	// Position is in the hook or in a file that it imports; its line is 0 where it is not known.
	Position Position
	// Path is the place inside the draft, or inside the hook's description of itself.
	Path    string
	Message string
	// Hint says what to do; empty where the message says it.
	Hint string
	// Excerpt is the source line at the position.
	Excerpt string
	// Stack is the calls that led there, the innermost first.
	Stack []Position
	// Also are further problems of the same result.
	Also []*Error
}

// Error is one line: "hooks/budget.ts:3:5: budget.limit: is NaN, not a number that JSON has".
func (e *Error) Error() string {
	text := e.Position.String() + ": "
	if !strings.Contains(e.Message, e.Path) {
		text += e.Path + ": "
	}
	return text + e.Message
}

// newError makes a fault of a hook readable to the hook's author.
func newError(m *module, account string, f *sandbox.Fault) *Error {
	e := &Error{Kind: f.Kind, Account: account, Hook: m.source.File, Position: Position{File: m.source.File},
		Path: f.Path, Message: f.Message, Hint: f.Hint}
	for _, place := range f.Stack {
		if p, ok := m.source.Original(place.Line, place.Column); ok {
			e.Stack = append(e.Stack, p)
		}
	}
	if p, ok := m.source.Original(f.Place.Line, f.Place.Column); ok {
		e.Position = p
	} else if len(e.Stack) > 0 {
		// The innermost call is in what the bundler added.
		e.Position = e.Stack[0]
	}
	e.Excerpt = m.source.Excerpt(e.Position)
	return e
}
