package plugins

import (
	"runtime"
	"time"

	"github.com/archipelago-iac/archipelago/plugins/sandbox"
)

// Options bound what hooks may use. Zero values mean the defaults.
type Options struct {
	// Timeout is for one account, over all hooks of its chain; 0 means 1 s.
	Timeout time.Duration
	// Memory is how many bytes a worker may use; 0 means 512 MiB.
	Memory int64
	// MaxStack is how deep calls may nest in JavaScript; 0 means 500.
	MaxStack int
	// MaxResult is how many bytes of JSON the changes to one account may have; 0 means 1 MiB.
	MaxResult int
	// MaxLog is how many bytes one account's hooks may write to the log; 0 means 64 KiB.
	MaxLog int
	// Workers is how many child processes run at a time; 0 means GOMAXPROCS.
	Workers int
	// Check checks a changed top-level key of a draft; nil means no check. It is called by several
	// goroutines at a time.
	Check func(key string, value []byte) []Problem
}

// Problem is something that a draft must not have.
type Problem struct {
	// Path leads to it from the draft: roles["read-only"].trust.accounts[0].
	Path    string
	Message string
	Hint    string
}

// grace is how long after the limit of time a worker may still end by itself before it is killed.
const grace = 500 * time.Millisecond

func (o Options) withDefaults() Options {
	def := func(field *int, value int) {
		if *field == 0 {
			*field = value
		}
	}
	if o.Timeout == 0 {
		o.Timeout = time.Second
	}
	if o.Memory == 0 {
		o.Memory = 512 << 20
	}
	def(&o.MaxStack, 500)
	def(&o.MaxResult, 1<<20)
	def(&o.MaxLog, 64<<10)
	def(&o.Workers, runtime.GOMAXPROCS(0))
	return o
}

func (o Options) limits() sandbox.Limits {
	return sandbox.Limits{Timeout: o.Timeout, MaxStack: o.MaxStack, MaxResult: o.MaxResult, MaxLog: o.MaxLog}
}
