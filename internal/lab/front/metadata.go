package front

import (
	"maps"
	"net/url"
	"slices"
	"strconv"
)

func addMetadataDefaults(t table) {
	t.add("ec2", "ModifyInstanceMetadataDefaults", change(func(*computeSettings) string { return element("return", "true") }, setMetadata))
	t.add("ec2", "GetInstanceMetadataDefaults", getMetadata)
}

// metadataValues are the defaults that instances take for the access to their metadata, by parameter,
// each with its element and values. The hop limit is a number.
var metadataValues = map[string]struct {
	element string
	values  []string
}{
	"HttpTokens":              {"httpTokens", []string{"optional", "required"}},
	"HttpEndpoint":            {"httpEndpoint", []string{"enabled", "disabled"}},
	"InstanceMetadataTags":    {"instanceMetadataTags", []string{"enabled", "disabled"}},
	"HttpPutResponseHopLimit": {"httpPutResponseHopLimit", hopLimits()},
}

const maxHops = 64

func hopLimits() []string {
	var limits []string
	for n := range maxHops {
		limits = append(limits, strconv.Itoa(n+1))
	}
	return limits
}

// setMetadata leaves alone what is not named, and takes back what is named with no preference.
func setMetadata(s *computeSettings, form url.Values) error {
	set := maps.Clone(s.metadata)
	for name, known := range metadataValues {
		switch v := form.Get(name); {
		case v == "":
		case v == "no-preference" || v == "-1":
			delete(set, known.element)
		case slices.Contains(known.values, v):
			set[known.element] = v
		default:
			return refuse("InvalidParameterValue", "Value (%s) for parameter %s is invalid.", v, name)
		}
	}
	s.metadata = set
	return nil
}

func getMetadata(f *Front, c *call) (*reply, error) {
	return f.compute.use(c.Account, c.Region, func(s *computeSettings) (*reply, error) {
		elements := ""
		for _, name := range sortedKeys(s.metadata) {
			elements += element(name, s.metadata[name])
		}
		return ec2Reply(c, "<accountLevel>"+elements+byAccount+"</accountLevel>"), nil
	})
}
