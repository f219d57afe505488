package front

import (
	"slices"
	"strconv"
)

// The states of a region in an account.
const (
	regionByDefault = "ENABLED_BY_DEFAULT"
	regionEnabled   = "ENABLED"
	regionEnabling  = "ENABLING"
	regionDisabled  = "DISABLED"
	regionDisabling = "DISABLING"
)

// regionSwitch is a region that an account has opted in to or out of.
type regionSwitch struct {
	on bool
	// polls is how often the region is still to be reported as under way.
	polls int
}

// status moves one poll on if look is set.
func (s *regionSwitch) status(look bool) string {
	if s.polls > 0 {
		if look {
			s.polls--
		}
		if s.on {
			return regionEnabling
		}
		return regionDisabling
	}
	if s.on {
		return regionEnabled
	}
	return regionDisabled
}

// regions are the regions of the commercial partition; false for those that are on by default.
func regions() map[string]bool {
	all := map[string]bool{}
	for _, r := range []string{
		"ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-southeast-1", "ap-southeast-2",
		"ca-central-1", "eu-central-1", "eu-north-1", "eu-west-1", "eu-west-2", "eu-west-3", "sa-east-1",
		"us-east-1", "us-east-2", "us-west-1", "us-west-2",
	} {
		all[r] = false
	}
	for _, r := range []string{
		"af-south-1", "ap-east-1", "ap-east-2", "ap-south-2", "ap-southeast-3", "ap-southeast-4", "ap-southeast-5",
		"ap-southeast-6", "ap-southeast-7", "ca-west-1", "eu-central-2", "eu-south-1", "eu-south-2", "il-central-1",
		"me-central-1", "me-south-1", "mx-central-1",
	} {
		all[r] = true
	}
	return all
}

func addRegions(t table) {
	t.add("account", "GetRegionOptStatus", getRegion)
	t.add("account", "ListRegions", listRegions)
	t.add("account", "EnableRegion", func(f *Front, c *call) (*reply, error) { return switchRegion(f, c, true) })
	t.add("account", "DisableRegion", func(f *Front, c *call) (*reply, error) { return switchRegion(f, c, false) })
}

// regionIn is the account and the region that a call is about.
func (f *Front) regionIn(c *call) (key [2]string, optIn bool, err error) {
	account, err := f.accountOf(c)
	if err != nil {
		return key, false, err
	}
	in, err := decode[struct{ RegionName string }](c)
	if err != nil {
		return key, false, err
	}
	optIn, ok := regions()[in.RegionName]
	if !ok {
		return key, false, refuse("ValidationException", "The region %q does not exist.", in.RegionName)
	}
	return [2]string{account, in.RegionName}, optIn, nil
}

// regionStatus is called with the store locked.
func (s *accountStore) regionStatus(key [2]string, optIn, look bool) string {
	if !optIn {
		return regionByDefault
	}
	if sw, ok := s.regions[key]; ok {
		return sw.status(look)
	}
	return regionDisabled
}

type region struct{ RegionName, RegionOptStatus string }

func getRegion(f *Front, c *call) (*reply, error) {
	key, optIn, err := f.regionIn(c)
	if err != nil {
		return nil, err
	}
	f.accounts.mu.Lock()
	defer f.accounts.mu.Unlock()
	return jsonReply(c, region{key[1], f.accounts.regionStatus(key, optIn, true)})
}

func switchRegion(f *Front, c *call, on bool) (*reply, error) {
	key, optIn, err := f.regionIn(c)
	if err != nil {
		return nil, err
	}
	if !optIn {
		return nil, refuse("ValidationException", "The region %s is enabled by default and cannot be switched.", key[1])
	}
	f.accounts.mu.Lock()
	defer f.accounts.mu.Unlock()
	switch f.accounts.regionStatus(key, optIn, false) {
	case regionEnabling, regionDisabling:
		return nil, &apiError{Status: 409, Code: "ConflictException", Message: "The region is being switched."}
	case regionEnabled:
		if on {
			return jsonReply(c, struct{}{})
		}
	case regionDisabled:
		if !on {
			return jsonReply(c, struct{}{})
		}
	}
	f.accounts.regions[key] = &regionSwitch{on: on, polls: f.polls}
	return jsonReply(c, struct{}{})
}

// regionPage is how many regions one answer has at most.
const regionPage = 50

func listRegions(f *Front, c *call) (*reply, error) {
	account, err := f.accountOf(c)
	if err != nil {
		return nil, err
	}
	in, err := decode[struct {
		MaxResults              int
		NextToken               string
		RegionOptStatusContains []string
	}](c)
	if err != nil {
		return nil, err
	}
	all := []region{}
	f.accounts.mu.Lock()
	for _, name := range sortedKeys(regions()) {
		status := f.accounts.regionStatus([2]string{account, name}, regions()[name], false)
		if len(in.RegionOptStatusContains) == 0 || slices.Contains(in.RegionOptStatusContains, status) {
			all = append(all, region{name, status})
		}
	}
	f.accounts.mu.Unlock()

	start, _ := strconv.Atoi(in.NextToken) // what is no number starts at the beginning
	start = min(max(start, 0), len(all))
	end := min(start+orDefault(in.MaxResults, regionPage), len(all))
	answer := map[string]any{"Regions": all[start:end]}
	if end < len(all) {
		answer["NextToken"] = strconv.Itoa(end)
	}
	return jsonReply(c, answer)
}
