package recorder

import (
	"fmt"
	"hash/fnv"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// invent returns an id and the outputs of a resource, in the shape that AWS gives them.
func invent(res Resource, inputs resource.PropertyMap) (string, resource.PropertyMap) {
	out := inputs.Copy()
	id := fmt.Sprintf(idShape(res.Type), number(res.Type, res.Name))
	if res.Import != "" {
		id = res.Import
	}
	set := func(key resource.PropertyKey, value any) { out[key] = resource.NewPropertyValue(value) }
	switch res.Type {
	case "aws:organizations/organization:Organization":
		set("arn", "arn:aws:organizations::999999999999:organization/"+id)
		set("masterAccountId", "999999999999")
		set("roots", []any{map[string]any{"id": fmt.Sprintf("r-%04d", number("root", res.Name)%10000), "name": "Root"}})
	case "aws:organizations/account:Account":
		set("arn", "arn:aws:organizations::999999999999:account/o-0/"+id)
	case "aws:organizations/organizationalUnit:OrganizationalUnit":
		set("arn", "arn:aws:organizations::999999999999:ou/o-0/"+id)
	case "aws:organizations/policy:Policy":
		set("arn", "arn:aws:organizations::999999999999:policy/o-0/service_control_policy/"+id)
	case "aws:organizations/resourcePolicy:ResourcePolicy":
		set("arn", "arn:aws:organizations::999999999999:resourcepolicy/o-0/"+id)
	}
	return id, out
}

func idShape(typ string) string {
	switch typ {
	case "aws:organizations/organization:Organization":
		return "o-%010d"
	case "aws:organizations/account:Account":
		return "%012d"
	case "aws:organizations/organizationalUnit:OrganizationalUnit":
		return "ou-0000-%010d"
	case "aws:organizations/policy:Policy":
		return "p-%010d"
	case "aws:organizations/resourcePolicy:ResourcePolicy":
		return "rp-%010d"
	default:
		return "id-%010d"
	}
}

// number is the same ten digits for the same resource each time.
func number(typ, name string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(typ + "\x00" + name))
	return h.Sum64() % 10_000_000_000
}
