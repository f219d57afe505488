// Package deploy runs Pulumi for several organizations at once: in the order of their dependencies,
// as many at a time as memory allows, with progress as events. It drives the Pulumi CLI through the
// Automation API and serves the program from its own process, so no language host is needed.
package deploy
