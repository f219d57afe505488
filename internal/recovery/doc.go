// Package recovery finds what an interrupted deployment created in AWS without being able to write
// it down: Pulumi notes in its state that a creation began, and AWS says whether it happened.
package recovery
