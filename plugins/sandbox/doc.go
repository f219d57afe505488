// Package sandbox runs hooks: JavaScript that reads the context of one account and changes its draft.
//
// A hook gets a runtime of its own for every account, so nothing that one run leaves behind reaches
// another: no global, no prototype, no object. Only JSON crosses the border, in both directions, with
// keys in one order. In the runtime there is no clock, no randomness, no locale of the host, no I/O and
// no way to make code from text; the same input gives the same bytes.
//
// What goes wrong in a hook is a [Fault] with the place in the code that was compiled; whoever bundled
// that code maps the place back to the source. Limits of time, call depth, result and log hold here.
// What no limit inside a process survives (one allocation of terabytes, one built-in call of an hour)
// is the business of package plugins, which runs this package in child processes.
//
// Two things that JavaScript reads belong to the process and not to a runtime: the time zone and the
// time that one match of a regular expression may take. The process that runs hooks sets time.Local to
// UTC and regexp2.DefaultMatchTimeout to the limit of time.
package sandbox
