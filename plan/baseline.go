package plan

import "github.com/archipelago-iac/archipelago/topology"

// Baseline is the effective baseline of an account: what all layers and hooks say together, with
// every default applied. It is what hooks get as their draft.
type Baseline struct {
	// The account's tags.
	Tags map[string]string `json:"tags"`
	// The alternate contacts of the account.
	Contacts Contacts `json:"contacts"`
	// The regions in use, the home region first.
	Regions []string `json:"regions"`
	topology.Baseline
}
