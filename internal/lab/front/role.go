package front

import (
	"encoding/xml"
	"fmt"
	"maps"
)

func addRoles(t table) {
	t.add("iam", "UpdateRole", updateRole)
}

// updateRole leaves alone what a call does not name, which the emulator would take back.
func updateRole(f *Front, c *call) (*reply, error) {
	ask := map[string][]string{"Action": {"GetRole"}, "Version": c.form["Version"], "RoleName": c.form["RoleName"]}
	out, err := f.forward(c.with(ask))
	if err != nil || !out.ok() {
		return out, err
	}
	var role struct {
		Description        string `xml:"GetRoleResult>Role>Description"`
		MaxSessionDuration string `xml:"GetRoleResult>Role>MaxSessionDuration"`
	}
	if err := xml.Unmarshal(out.body, &role); err != nil {
		return nil, fmt.Errorf("read role: %w", err)
	}
	whole := maps.Clone(c.form)
	for name, have := range map[string]string{"Description": role.Description, "MaxSessionDuration": role.MaxSessionDuration} {
		if !whole.Has(name) && have != "" {
			whole.Set(name, have)
		}
	}
	return f.forward(c.with(whole))
}
