// Package recorder runs a Pulumi program without an engine and writes down every resource that it
// registers: type, name, inputs, parent, provider and options. Tests compare the recording with a
// golden file instead of waiting for outputs one by one.
//
// Ids and other outputs are invented, the same for the same resource each time, in the shape that
// AWS gives them.
package recorder
