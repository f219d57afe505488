package plugins

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/archipelago-iac/archipelago/plugins/sandbox"
)

// fault says why a worker died, from what it said last.
func (c *session) fault(overdue bool) *sandbox.Fault {
	p, o := c.process, c.options
	said := p.stderr.String()
	has := func(parts ...string) bool {
		for _, part := range parts {
			if strings.Contains(said, part) {
				return true
			}
		}
		return false
	}
	inside := c.inside
	if inside == "" {
		inside = builtinIn([]byte(said))
	}
	status := p.cmd.ProcessState.ExitCode()
	switch {
	case overdue:
		return &sandbox.Fault{Kind: Stuck, Message: fmt.Sprintf("took longer than %s and did not stop: one call of %s went on", o.Timeout, cmp.Or(inside, "a built-in function")),
			Hint: "look for a list, text or number that is much larger than it should be, or a regular expression with groups that repeat each other"}
	case has("stack overflow", "stack exceeds"):
		return &sandbox.Fault{Kind: TooDeep, Message: cmp.Or(inside, "a built-in function") + " ran out of stack",
			Hint: "look for data that contains itself or is nested without an end"}
	case status == exitMemory, status == -1, has("out of memory", "cannot allocate memory"):
		// -1 is a signal that nobody here sent: the system's, when it runs out of memory.
		message := fmt.Sprintf("used more than %d MiB of memory", o.Memory>>20)
		if inside != "" {
			message += " in " + inside
		}
		return &sandbox.Fault{Kind: OutOfMemory, Message: message,
			Hint: "look for a list or text that grows in a loop, or is much larger than it should be"}
	}
	return &sandbox.Fault{Kind: HostBug, Message: fmt.Sprintf("the worker died (%v): %s", p.cmd.ProcessState, p.stderr.line()),
		Hint: "this is a mistake of the program, not of the hook; please report it with the hook"}
}
