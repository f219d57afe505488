// Package settings merges the baselines of several layers into one tree of values that remember where
// each came from, and says what changed in it and whether a lock forbids that.
//
// Trees are immutable: merging returns a new tree that shares every part that did not change, so that ten
// thousand accounts that inherit one baseline hold it once, and equal pointers mean equal parts.
package settings
