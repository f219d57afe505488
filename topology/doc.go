// Package topology is what the user wrote: the typed model of archipelago.yaml and
// organizations/*.yaml, with the position of everything in it.
//
// [Load] reads the files, decodes them strictly and validates them as one system. It needs no
// network, no credentials and no clock, and it never stops at the first mistake: every problem is a
// [Diagnostic] with file, line, column, what is wrong and what to do.
//
// The model is the files and nothing else. Defaults, inheritance between the layers (archipelago,
// organization, unit, account) and everything derived is the business of package plan.
//
// The JSON tags of the model are its field names in YAML; the comments of its fields are the
// reference that users read, in the editor through the JSON Schema and in docs/.
package topology
