// Package tests holds the end-to-end tests: the sample archipelago on the lab, deployed, changed,
// read back from the emulator with Amazon's own client, interrupted and taken down.
package tests
