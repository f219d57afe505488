package guardrail

import (
	"encoding/json"
	"strconv"
)

// BackupPolicy is a plan by which AWS Backup backs up what carries a tag.
type BackupPolicy struct {
	// Plan names the plan and its one rule.
	Plan string
	// Regions are where it runs.
	Regions []string
	// Schedule is a cron expression of AWS, in UTC.
	Schedule string
	// Vault is the vault's name; each account has one of that name in each region.
	Vault string
	// Role is the name of the role that AWS Backup assumes in each account.
	Role string
	// TagKey and TagValues say what is backed up.
	TagKey    string
	TagValues []string
	// Days is after how many days a backup is deleted; 0 keeps it.
	Days int
	// ColdDays is after how many days it moves to cold storage; 0 never moves it.
	ColdDays int
	// Copies are ARNs of vaults that each backup is copied to, with the same lifecycle; $account stands for
	// the account.
	Copies []string
}

// coldDays is the least that a backup stays in cold storage.
// Source: AWS Backup API Reference, Lifecycle: "must be 90 days greater", 2026-11.
const coldDays = 90

// Document returns the policy's document, minified. Numbers are texts, as in AWS's examples.
// Source: AWS Organizations User Guide, Backup policy syntax and examples, 2026-11.
func (p BackupPolicy) Document() json.RawMessage {
	rule := object{"schedule_expression": assign(p.Schedule), "target_backup_vault_name": assign(p.Vault)}
	lifecycle := p.lifecycle()
	if len(lifecycle) > 0 {
		rule["lifecycle"] = lifecycle
	}
	if len(p.Copies) > 0 {
		copies := object{}
		for _, vault := range p.Copies {
			action := object{"target_backup_vault_arn": assign(vault)}
			if len(lifecycle) > 0 {
				action["lifecycle"] = lifecycle
			}
			copies[vault] = action
		}
		rule["copy_actions"] = copies
	}
	return marshal(object{"plans": object{p.Plan: object{
		"regions": assign(p.Regions),
		"rules":   object{p.Plan: rule},
		"selections": object{"tags": object{p.Plan: object{
			"iam_role_arn": assign("arn:aws:iam::$account:role/" + p.Role),
			"tag_key":      assign(p.TagKey),
			"tag_value":    assign(p.TagValues),
		}}},
	}}})
}

func (p BackupPolicy) lifecycle() object {
	lifecycle := object{}
	if p.Days > 0 {
		lifecycle["delete_after_days"] = assign(strconv.Itoa(p.Days))
	}
	if p.ColdDays > 0 {
		lifecycle["move_to_cold_storage_after_days"] = assign(strconv.Itoa(p.ColdDays))
	}
	return lifecycle
}
