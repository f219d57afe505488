package guardrail

import (
	"encoding/json"
	"strconv"
)

// EC2Policy declares settings of EC2 that accounts cannot change. Empty leaves a setting to the account.
type EC2Policy struct {
	// Message is what somebody reads whose call is refused.
	Message string
	// SerialConsole is enabled or disabled.
	SerialConsole string
	// Images is unblocked or block_new_sharing: whether machine images may be public.
	Images string
	// Snapshots is unblocked, block_new_sharing or block_all_sharing: whether snapshots may be public.
	Snapshots string
	// Internet is off, block_ingress or block_bidirectional: whether VPCs reach internet gateways.
	Internet string
	// Exclusions lets accounts exclude VPCs and subnets from Internet.
	Exclusions bool
	// Tokens is no_preference, optional or required: which version of the metadata service launches get.
	Tokens string
	// Hops is how far a metadata token travels, from 1 to 64; 0 leaves it to the launch.
	Hops int
	// ImageOwners are account ids, amazon, aws_marketplace or aws_backup_vault: whose images may be launched.
	ImageOwners []string
	// AuditImages only reports other images.
	AuditImages bool
}

// Document returns the policy's document, minified.
// Source: AWS Organizations User Guide, Declarative policy syntax and examples, 2026-11.
func (p EC2Policy) Document() json.RawMessage {
	attributes := object{}
	set := func(attribute, field, value string) {
		if value != "" {
			attributes[attribute] = object{field: assign(value)}
		}
	}
	set("serial_console_access", "status", p.SerialConsole)
	set("image_block_public_access", "state", p.Images)
	set("snapshot_block_public_access", "state", p.Snapshots)
	if p.Message != "" {
		attributes["exception_message"] = assign(p.Message)
	}
	if p.Internet != "" {
		attributes["vpc_block_public_access"] = object{"internet_gateway_block": object{"mode": assign(p.Internet), "exclusions_allowed": client(p.Exclusions)}}
	}
	if metadata := p.metadata(); len(metadata) > 0 {
		attributes["instance_metadata_defaults"] = metadata
	}
	if len(p.ImageOwners) > 0 {
		state := "enabled"
		if p.AuditImages {
			state = "audit_mode"
		}
		attributes["allowed_images_settings"] = object{"state": assign(state), "image_criteria": object{"criteria_1": object{"allowed_image_providers": assign(p.ImageOwners)}}}
	}
	return marshal(object{"ec2_attributes": attributes})
}

func (p EC2Policy) metadata() object {
	metadata := object{}
	if p.Tokens != "" {
		metadata["http_tokens"] = assign(p.Tokens)
	}
	if p.Hops > 0 {
		metadata["http_put_response_hop_limit"] = assign(strconv.Itoa(p.Hops))
	}
	return metadata
}
