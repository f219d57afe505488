// Package plugins runs hooks: TypeScript and JavaScript files that customize the draft of any account.
//
// [Load] bundles and checks the files, [Set.Run] applies them to accounts. Drafts and contexts are JSON;
// the package knows nothing of AWS. Hooks run in child processes that have nothing but a pipe: no
// environment, no descriptors, a cap on memory. Whatever a hook does, it ends in an [Error] that names
// the hook, the account and the place in the source, and other accounts go on.
//
// # The child processes
//
// A child is the running binary again: any program that imports this package serves, with nothing in its
// main function. The package's init turns the process into a worker where the environment says so.
//
// # The same input gives the same bytes
//
// Results do not depend on the number of workers, on the order of Go's maps or on what ran before. Only
// [Time] does, and limits that are hit on one machine and not on another.
package plugins
