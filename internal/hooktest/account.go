package hooktest

import (
	"cmp"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"github.com/archipelago-iac/archipelago/plan"
	"github.com/archipelago-iac/archipelago/plugins"
	"github.com/archipelago-iac/archipelago/plugins/match"
	"github.com/archipelago-iac/archipelago/topology"
)

// account is account.yaml: whose draft the hooks get. Every field may be left out.
type account struct {
	// Organization is its organization's name; default "example".
	Organization string `yaml:"organization"`
	// Kind is the organization's kind; default "workload".
	Kind topology.Kind `yaml:"kind"`
	// Unit is the path of its unit, "Workloads/Prod"; default none.
	Unit string `yaml:"unit"`
	// Key is its key in the organization's file; default "example".
	Key string `yaml:"key"`
	// Name is its name in AWS; default the key.
	Name string `yaml:"name"`
	// Email is its address; default "aws+ORGANIZATION.KEY@example.com".
	Email string `yaml:"email"`
	// State is where it is in its life; default "active".
	State topology.State `yaml:"state"`
	// Tags are its tags; default none.
	Tags map[string]string `yaml:"tags"`
}

// exampleID is an account id as AWS uses it in its documentation.
const exampleID = "111122223333"

func (c *testCase) readAccount() error {
	data, before := c.content(accountFile)
	a := &c.account
	if err := yaml.UnmarshalWithOptions(data, a, yaml.Strict()); err != nil {
		return c.invalid(err, before, "; it has organization, kind, unit, key, name, email, state, tags")
	}
	a.Organization = cmp.Or(a.Organization, "example")
	a.Kind = cmp.Or(a.Kind, topology.KindWorkload)
	a.Key = cmp.Or(a.Key, "example")
	a.Name = cmp.Or(a.Name, a.Key)
	a.Email = cmp.Or(a.Email, "aws+"+a.Organization+"."+a.Key+"@example.com")
	a.State = cmp.Or(a.State, topology.StateActive)
	if a.Tags == nil {
		a.Tags = map[string]string{}
	}
	if kinds := a.Kind.Values(); !slices.Contains(kinds, string(a.Kind)) {
		return c.wrong(before+fieldLine(data, "kind"), "kind cannot be %q; choices: %s", a.Kind, strings.Join(kinds, ", "))
	}
	// Nothing runs for a closed account.
	states := slices.DeleteFunc(a.State.Values(), func(s string) bool { return s == string(topology.StateClosed) })
	if !slices.Contains(states, string(a.State)) {
		return c.wrong(before+fieldLine(data, "state"), "state cannot be %q; choices: %s", a.State, strings.Join(states, ", "))
	}
	return nil
}

// invalid words an error of the YAML decoder, which counts lines within a file of the case. What fields
// there are ends the message about an unknown one.
func (c *testCase) invalid(err error, before int, fields string) error {
	line, message := 1, err.Error()
	var at yaml.Error
	if errors.As(err, &at) {
		message = at.GetMessage()
		if token := at.GetToken(); token != nil {
			line = token.Position.Line
		}
	}
	var unknown *yaml.UnknownFieldError
	if errors.As(err, &unknown) {
		message += fields
	}
	return c.wrong(before+line, "%s", message)
}

// fieldLine is the line of a field at the top level, the first where it is not found.
func fieldLine(data []byte, field string) int {
	for i, line := range lines(string(data)) {
		if strings.HasPrefix(line, field+":") {
			return i + 1
		}
	}
	return 1
}

// input is what the hooks of the case get.
func (c *testCase) input() plugins.Account {
	a := c.account
	in := plugins.Account{
		Name: a.Organization + "/" + a.Key,
		Subject: match.Subject{
			Organization: a.Organization, Kind: string(a.Kind), Unit: a.Unit, Account: a.Key, State: string(a.State), Tags: a.Tags,
		},
		Context: a.context(regionsOf(c.draft)),
		Draft:   c.draft,
	}
	var params *plugins.Part
	if c.params != nil {
		params = plugins.NewPart(c.params)
	}
	for _, file := range c.hooks {
		in.Uses = append(in.Uses, plugins.Use{File: file, Params: params})
	}
	return in
}

// context is the account and what is around it: an archipelago of the one organization.
func (a account) context(regions []string) map[string]*plugins.Part {
	units := []string{}
	if a.Unit != "" {
		units = strings.Split(a.Unit, "/")
	}
	return map[string]*plugins.Part{
		"archipelago": encode(plan.ContextArchipelago{Name: "example", Hub: a.Organization, Organizations: []string{a.Organization}}),
		"organization": encode(plan.ContextOrganization{
			Name: a.Organization, Kind: a.Kind, ManagementAccountID: exampleID, Regions: regions,
		}),
		"account": encode(plan.ContextAccount{
			Key: a.Key, Name: a.Name, Email: a.Email, Unit: a.Unit, Units: units, State: a.State, Tags: a.Tags,
		}),
		"stack": encode(a.Organization),
	}
}

// regionsOf are the regions of the draft: those of the organization, as far as a case says.
func regionsOf(draft map[string]*plugins.Part) []string {
	regions := []string{}
	if p := draft["regions"]; p != nil && json.Unmarshal(p.JSON(), &regions) != nil {
		return []string{}
	}
	return regions
}

func encode(value any) *plugins.Part {
	text, err := json.Marshal(value)
	if err != nil {
		panic("encode context of a case: " + err.Error()) // texts, lists and maps of them always encode
	}
	return plugins.NewPart(text)
}
