package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"golang.org/x/term"

	"github.com/archipelago-iac/archipelago/internal/deploy"
)

// progress shows a run while it goes on: on a terminal a line per running stack that is redrawn in
// place, elsewhere a plain line when a stack starts, says something or ends.
type progress struct {
	w    io.Writer
	op   deploy.Operation
	live bool
	// width of the terminal, in columns.
	width int
	// order are the running stacks in the order they started.
	order []string
	last  map[string]deploy.Event
	start map[string]time.Time
	// drawn is how many lines the cursor is below the first live line.
	drawn int
	at    time.Time
}

// redraw is how often the live lines change at most; more is only flicker.
const redraw = 100 * time.Millisecond

func newProgress(w io.Writer, op deploy.Operation) *progress {
	p := &progress{w: w, op: op, width: 80, last: map[string]deploy.Event{}, start: map[string]time.Time{}}
	if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		p.live = true
		if width, _, err := term.GetSize(int(f.Fd())); err == nil && width > 20 {
			p.width = width
		}
	}
	return p
}

// see is told of every event, one at a time.
func (p *progress) see(e deploy.Event) {
	switch e.Kind {
	case deploy.Started:
		p.order = append(p.order, e.Stack)
		p.start[e.Stack] = time.Now()
		if !p.live {
			p.say("%s: %s started", e.Stack, p.op)
		}
	case deploy.Progress:
		p.last[e.Stack] = e
	case deploy.Message:
		p.say("%s: %s", e.Stack, strings.ReplaceAll(e.Text, "\n", "\n  "))
	case deploy.Finished:
		for i, name := range p.order {
			if name == e.Stack {
				p.order = append(p.order[:i:i], p.order[i+1:]...)
				break
			}
		}
		line := fmt.Sprintf("%s: %s %s in %.1fs, %s", e.Stack, p.op, e.Result.Status, e.Result.Seconds, changes(*e.Result))
		p.say("%s", strings.TrimSuffix(line, ", "))
	}
	p.draw(e.Kind != deploy.Progress)
}

// say prints a line that stays, above the live ones.
func (p *progress) say(format string, args ...any) {
	p.erase()
	fmt.Fprintf(p.w, format+"\n", args...)
}

func (p *progress) erase() {
	if p.drawn > 0 {
		fmt.Fprintf(p.w, "\x1b[%dA\x1b[J", p.drawn)
		p.drawn = 0
	}
}

func (p *progress) draw(now bool) {
	if !p.live || !now && time.Since(p.at) < redraw {
		return
	}
	p.at = time.Now()
	p.erase()
	for _, name := range p.order {
		e := p.last[name]
		line := fmt.Sprintf("  %-16s %4.0fs  %3d/%-3d  %s %s", name, time.Since(p.start[name]).Seconds(), e.Done, e.Total, e.Operation, e.Resource)
		if r := []rune(line); len(r) >= p.width {
			line = string(r[:p.width-1])
		}
		fmt.Fprintln(p.w, line)
		p.drawn++
	}
}

// close leaves the terminal clean.
func (p *progress) close() { p.erase() }
