package topology

import "slices"

// Region is an AWS region of the commercial partition.
type Region struct {
	// Name is the region as AWS APIs name it, such as eu-west-1.
	Name string `json:"name"`
	// Place is where it is.
	Place string `json:"place"`
	// OptIn says that the region is off in a new account until it is enabled.
	OptIn bool `json:"optIn"`
}

// SourceRegions says where the table of regions is from.
const SourceRegions = "partitions.json of aws-sdk-go-v2 1.47.7, 2026-11; every region opened since March 2019 is off in a new account"

// regions is sorted by name. Regions of the other partitions (China, GovCloud, sovereign) cannot be
// in one organization with these.
var regions = []Region{
	{"af-south-1", "Cape Town", true},
	{"ap-east-1", "Hong Kong", true},
	{"ap-east-2", "Taipei", true},
	{"ap-northeast-1", "Tokyo", false},
	{"ap-northeast-2", "Seoul", false},
	{"ap-northeast-3", "Osaka", false},
	{"ap-south-1", "Mumbai", false},
	{"ap-south-2", "Hyderabad", true},
	{"ap-southeast-1", "Singapore", false},
	{"ap-southeast-2", "Sydney", false},
	{"ap-southeast-3", "Jakarta", true},
	{"ap-southeast-4", "Melbourne", true},
	{"ap-southeast-5", "Malaysia", true},
	{"ap-southeast-6", "New Zealand", true},
	{"ap-southeast-7", "Thailand", true},
	{"ca-central-1", "Montreal", false},
	{"ca-west-1", "Calgary", true},
	{"eu-central-1", "Frankfurt", false},
	{"eu-central-2", "Zurich", true},
	{"eu-north-1", "Stockholm", false},
	{"eu-south-1", "Milan", true},
	{"eu-south-2", "Spain", true},
	{"eu-west-1", "Ireland", false},
	{"eu-west-2", "London", false},
	{"eu-west-3", "Paris", false},
	{"il-central-1", "Tel Aviv", true},
	{"me-central-1", "UAE", true},
	{"me-south-1", "Bahrain", true},
	{"mx-central-1", "Mexico", true},
	{"sa-east-1", "Sao Paulo", false},
	{"us-east-1", "N. Virginia", false},
	{"us-east-2", "Ohio", false},
	{"us-west-1", "N. California", false},
	{"us-west-2", "Oregon", false},
}

// otherPartitions are prefixes of regions outside the commercial partition.
var otherPartitions = []string{"cn-", "us-gov-", "eusc-", "us-iso", "eu-iso"}

// Regions lists the known regions, sorted by name.
func Regions() []Region { return slices.Clone(regions) }

// LookupRegion returns the region with the given name.
func LookupRegion(name string) (Region, bool) {
	i := slices.IndexFunc(regions, func(r Region) bool { return r.Name == name })
	if i < 0 {
		return Region{}, false
	}
	return regions[i], true
}

// OptInRegion reports whether the region is off in a new account until it is enabled.
func OptInRegion(name string) bool {
	r, _ := LookupRegion(name)
	return r.OptIn
}

func regionNames() []string {
	names := make([]string, len(regions))
	for i, r := range regions {
		names[i] = r.Name
	}
	return names
}
