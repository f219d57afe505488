package sandbox

// Kind says what went wrong with a hook. It is stable, for scripts and documentation.
type Kind string

const (
	// Rejected is a call of fail(): the hook says that the account must not be as it is.
	Rejected Kind = "rejected"
	// Threw is an exception, or a promise that was rejected.
	Threw Kind = "threw"
	// TimedOut is a hook that was stopped at the limit of time.
	TimedOut Kind = "timed-out"
	// TooDeep is calls or data nested without an end.
	TooDeep Kind = "too-deep"
	// OutOfMemory is a hook that asked for more memory than hooks may use.
	OutOfMemory Kind = "out-of-memory"
	// Stuck is one call of a built-in function that went on after the limit of time and could only be
	// ended with its process.
	Stuck Kind = "stuck"
	// BadResult is a draft that is not what a draft must be.
	BadResult Kind = "bad-result"
	// Syntax is a file that is not valid TypeScript or JavaScript, or uses what hooks do not have.
	Syntax Kind = "syntax"
	// BadHook is a file without a usable hook in it: no default export, no baseline, a wrong name.
	BadHook Kind = "bad-hook"
	// LogOverflow is a hook that writes more to the log than it may.
	LogOverflow Kind = "log-overflow"
	// HostBug is a mistake of the program that runs the hooks.
	HostBug Kind = "host-bug"
)

// Place is a line and column of the compiled code, counted from 1. Line 0 means that it is not known.
type Place struct {
	Line   int `json:"l,omitempty"`
	Column int `json:"c,omitempty"`
}

// Fault says that a hook cannot be used or went wrong, and why.
type Fault struct {
	Kind Kind `json:"kind"`
	// Use is the index of the hook in the account's chain.
	Use   int   `json:"use,omitempty"`
	Place Place `json:"at"`
	// Path is the place inside the draft or the hook's description of itself that is meant, such as
	// roles["read-only"].trust.accounts[0].
	Path string `json:"path,omitempty"`
	// Message says what is wrong, in one line without a full stop.
	Message string `json:"message"`
	// Hint says what to do about it; empty where the message says it.
	Hint string `json:"hint,omitempty"`
	// Stack is the calls that led there, the innermost first.
	Stack []Place `json:"stack,omitempty"`
}

// Error returns the message. It makes a fault fit for panic and return, not for people: they need
// the file, which only the bundler knows.
func (f *Fault) Error() string { return f.Message }
