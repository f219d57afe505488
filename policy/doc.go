// Package policy knows AWS Organizations policy documents: their types, their grammar, their size as
// AWS counts it, and the placeholders that Archipelago replaces at deployment.
//
// It is pure: documents in, findings out. It knows nothing of organizations, accounts or Pulumi.
package policy
