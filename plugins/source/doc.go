// Package source reads hooks: it bundles each with the files that it imports into one JavaScript
// function, refuses what a hook cannot do, and leads positions in the bundle back to what the author wrote.
//
// It reads files only through the file system that it is given, runs no hook, and knows nothing of
// what hooks are for. A hook imports the module "archipelago" and files below the hooks directory,
// written in TypeScript (.ts, .mts) or JavaScript (.js, .mjs); nothing else.
package source
