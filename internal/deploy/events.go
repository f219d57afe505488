package deploy

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/pulumi/pulumi/sdk/v3/go/auto/events"
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
)

// EventKind says what an [Event] tells.
type EventKind string

// The kinds of event.
const (
	// Started: the stack's operation begins.
	Started EventKind = "started"
	// Progress: a resource is being worked on, or is done.
	Progress EventKind = "progress"
	// Message: a warning or note from the program or the provider.
	Message EventKind = "message"
	// Finished: the stack's operation ended; Result is set.
	Finished EventKind = "finished"
)

// Event is something that a person who watches wants to know.
type Event struct {
	Kind  EventKind
	Stack string
	// Operation and Resource say what is done to which resource: "create", "payments/payments-prod".
	Operation string
	Resource  string
	// Done and Total count the resources finished and seen so far.
	Done, Total int
	// Text is the message.
	Text   string
	Result *Result
}

// watcher turns the engine's events of one stack into ours.
type watcher struct {
	mu    sync.Mutex
	op    Operation
	stack string
	emit  func(Event)

	counts      map[string]int
	summary     map[string]int
	done, total int
	steps       []Step
	// errors are the diagnostics of severity error, each once.
	errors []string
}

func newWatcher(op Operation, stack string, emit func(Event)) *watcher {
	return &watcher{op: op, stack: stack, emit: emit, counts: map[string]int{}}
}

// watch sees events until the stream is closed or the operation has returned.
func (w *watcher) watch(stream <-chan events.EngineEvent, returned <-chan struct{}) {
	for {
		select {
		case e, open := <-stream:
			if !open {
				return
			}
			w.see(e)
		case <-returned:
			return
		}
	}
}

func (w *watcher) see(e events.EngineEvent) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case e.ResourcePreEvent != nil:
		w.total++
		w.progress(e.ResourcePreEvent.Metadata)
	case e.ResOutputsEvent != nil:
		m := e.ResOutputsEvent.Metadata
		w.done++
		w.counts[string(m.Op)]++
		w.step(m)
		w.progress(m)
	case e.DiagnosticEvent != nil:
		w.diagnostic(e.DiagnosticEvent)
	case e.SummaryEvent != nil:
		w.summary = map[string]int{}
		for op, n := range e.SummaryEvent.ResourceChanges {
			w.summary[string(op)] = n
		}
	}
}

func (w *watcher) progress(m apitype.StepEventMetadata) {
	w.emit(Event{Kind: Progress, Stack: w.stack, Operation: string(m.Op), Resource: resourceName(m.URN), Done: w.done, Total: w.total})
}

// step keeps what is done to a resource in AWS; components and providers only hold those together.
func (w *watcher) step(m apitype.StepEventMetadata) {
	if m.Op == apitype.OpSame || m.Op == apitype.OpRead || strings.HasPrefix(m.Type, "pulumi:") || strings.HasPrefix(m.Type, "archipelago:") {
		return
	}
	s := Step{Operation: string(m.Op), Type: m.Type, Resource: resourceName(m.URN)}
	s.Properties = slices.Collect(maps.Keys(m.DetailedDiff))
	if len(s.Properties) == 0 {
		// Some providers only name the properties at the top.
		s.Properties = slices.Clone(m.Diffs)
	}
	slices.Sort(s.Properties)
	w.steps = append(w.steps, s)
	if m.Op == apitype.OpDelete && w.op == Refresh && m.Type == accountType {
		w.emit(Event{Kind: Message, Stack: w.stack, Resource: s.Resource, Text: s.Resource + " is closed, or has left the organization, and Pulumi has forgotten it; " +
			"if it is closed, set state: closed and deploy once with archipelago:accept set to account:KEY, or the next deployment tries to create it again"})
	}
}

// accountType is the type of member accounts.
const accountType = "aws:organizations/account:Account"

func (w *watcher) diagnostic(d *apitype.DiagnosticEvent) {
	text := strings.TrimSpace(stripColor(d.Message))
	if text == "" || d.Ephemeral {
		return
	}
	switch d.Severity {
	case "error":
		if echo.MatchString(text) {
			return
		}
		text = programError(text)
		if strings.Contains(text, "EMAIL_ALREADY_EXISTS") {
			text += emailTaken
		}
		if strings.Contains(text, "AlreadyInOrganizationException") {
			text += organizationExists
		}
		if name := resourceName(d.URN); name != "" && !strings.Contains(text, name) {
			text = name + ": " + text
		}
		if !slices.Contains(w.errors, text) {
			w.errors = append(w.errors, text)
		}
	case "warning", "info#err":
		prefix := strings.TrimLeft(stripColor(d.Prefix), " ")
		w.emit(Event{Kind: Message, Stack: w.stack, Resource: resourceName(d.URN), Text: prefix + text})
	}
}

// emailTaken says what to do where an account cannot be created because of its address. To the provider a
// closed account is none, so a refresh forgets it, and the next deployment would create it again.
const emailTaken = "\n  = help: an account in AWS has this address, for ever, even where it is closed: if it is this one and closed, set state: closed " +
	"and deploy once with archipelago:accept set to account:KEY; if it is open, write its id down, and it is imported"

// organizationExists says what to do where the management account has an organization already.
const organizationExists = "\n  = help: the account owns an organization already, or is a member of one: write the organization's id (id: o-...) into its file, " +
	"and it is taken over instead of created"

// echo matches errors that only say that there was an error.
var echo = regexp.MustCompile(`^(update|preview|refresh|destroy) failed$|resource registration failed`)

// wrapped matches what the engine and the SDK put in front of an error that the program returned.
var wrapped = regexp.MustCompile(`^an unhandled error occurred: (program failed: \n)?(\d+ errors? occurred:\n)?`)

// programError returns an error of the program as the program worded it.
func programError(text string) string {
	rest := wrapped.ReplaceAllString(text, "")
	if rest == text {
		return text
	}
	lines := strings.Split(rest, "\n")
	for i, line := range lines {
		lines[i] = strings.TrimPrefix(line, "\t* ")
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}

// changes prefers the engine's own count, which comes last and only where the operation got that far.
func (w *watcher) changes() map[string]int {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.summary != nil {
		return w.summary
	}
	return maps.Clone(w.counts)
}

// sorted returns the steps by name: the engine's order depends on timing.
func (w *watcher) sorted() []Step {
	w.mu.Lock()
	defer w.mu.Unlock()
	slices.SortStableFunc(w.steps, func(a, b Step) int {
		return cmp.Or(cmp.Compare(a.Resource, b.Resource), cmp.Compare(a.Type, b.Type), cmp.Compare(a.Operation, b.Operation))
	})
	return w.steps
}

// explain returns the errors that the engine reported; the command's own error only repeats its output.
// Where the engine did not get as far as reporting, it is what the command wrote to standard error.
func (w *watcher) explain(err error) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.errors) > 0 {
		return strings.Join(w.errors, "\n")
	}
	text := stripColor(err.Error())
	if _, stderr, ok := strings.Cut(text, "\nstderr: "); ok && strings.TrimSpace(stderr) != "" {
		text = strings.TrimPrefix(strings.TrimSpace(stderr), "error: ")
	}
	return strings.TrimSpace(text)
}

// resourceName returns the last part of a URN.
func resourceName(urn string) string {
	if i := strings.LastIndex(urn, "::"); i >= 0 {
		return urn[i+2:]
	}
	return urn
}

// stripColor removes the engine's color directives, such as <{%fg 1%}>.
func stripColor(s string) string {
	for {
		start := strings.Index(s, "<{%")
		if start < 0 {
			return s
		}
		end := strings.Index(s[start:], "%}>")
		if end < 0 {
			return s
		}
		s = s[:start] + s[start+end+3:]
	}
}
