package baseline

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/archipelago-iac/archipelago/policy"
)

// Text replaces the placeholders of a text: the value of "account.id" replaces {{account.id}}. A
// placeholder without a value is an error: AWS would take it literally. Only the values that the text
// uses are waited for.
func Text(text string, values map[string]pulumi.StringInput) (pulumi.StringInput, error) {
	names := policy.Placeholders(text)
	if len(names) == 0 {
		return pulumi.String(text), nil
	}
	used := make([]any, len(names))
	for i, name := range names {
		v, ok := values[name]
		if !ok {
			return nil, fmt.Errorf("no value for {{%s}}", name)
		}
		used[i] = v
	}
	return pulumi.All(used...).ApplyT(func(resolved []any) string {
		known := map[string]string{}
		for i, name := range names {
			known[name] = resolved[i].(string)
		}
		return policy.Expand(text, known)
	}).(pulumi.StringOutput), nil
}
