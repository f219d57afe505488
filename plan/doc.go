// Package plan says what will be deployed: the files of package topology with every default applied,
// every layer merged and everything derived, as plain data per organization.
//
// [Resolve] is a pure function: no network, no credentials, no clock. The same files give the same
// bytes, whatever order their entries are written in. Everything that needs a decision is decided
// here; package stacks only carries it out.
package plan
