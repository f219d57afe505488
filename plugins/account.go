package plugins

import (
	"encoding/json"
	"time"

	"github.com/archipelago-iac/archipelago/plugins/match"
)

// Part is the JSON of one top-level key of a draft or a context. Parts are compared by pointer:
// accounts that share one share its cost, as it goes to a worker once and is decoded once.
type Part struct{ json []byte }

// NewPart takes a valid JSON text, which must not change afterwards.
func NewPart(json []byte) *Part { return &Part{json} }

// JSON returns the text, which must not be changed.
func (p *Part) JSON() []byte { return p.json }

// Use is one hook in the chain of an account.
type Use struct {
	// File is one of the files given to [Load].
	File string
	// Params is what the hook gets as params of its context; nil means {}.
	Params *Part
}

// Account is one account that hooks are applied to.
type Account struct {
	// Name is how errors name it, such as "payments/payments-prod".
	Name string
	// Subject is what the match of a hook is evaluated on.
	Subject match.Subject
	// Context are the top-level keys of the read-only context; params is added for every use.
	Context map[string]*Part
	// Draft are the top-level keys of the draft.
	Draft map[string]*Part
	// Uses are the hooks in order.
	Uses []Use
}

// Change is one difference that a hook made to a draft.
type Change struct {
	// Path has keys of objects only: a list is one value, and so is an object that was not there before.
	Path []string
	// Hook is the hook's file.
	Hook string
	// Position is the write in the hook's source; its line is 0 where that is not known.
	Position Position
	// From and To are canonical JSON; nil means absent.
	From, To json.RawMessage
}

// Entry is one line that a hook wrote to the log.
type Entry struct {
	// Level is debug, info, warn or error.
	Level    string
	Message  string
	Hook     string
	Position Position
}

// Time says how long a hook took for one account.
type Time struct {
	Hook     string
	Duration time.Duration
	// Matched is false where the match of the hook left the account out.
	Matched bool
}

// Result is what the chain of one account did.
type Result struct {
	Account string
	// Changed are the top-level keys of the draft that are different now, as JSON with sorted keys; nil
	// means that the key is gone.
	Changed map[string]json.RawMessage
	// Changes are by hook in the order of the chain, then by path.
	Changes []Change
	Log     []Entry
	// Times are by use, as far as the chain came.
	Times []Time
	// Err is why the chain ended early; there are no changes then.
	Err *Error
}
