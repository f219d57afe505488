package awsplugin

import (
	"context"
)

// UnknownTokens returns those of the tokens of pulumi-aws, types and functions, for which the
// bridge has nothing: the ones that need a row in the table of irregular tokens. It starts a bridge
// of its own from the two binaries.
func UnknownTokens(ctx context.Context, bridge, provider string, tokens []string) ([]string, error) {
	schema, err := describe(ctx, bridge, provider, tokens)
	if err != nil {
		return nil, err
	}
	var missing []string
	for _, token := range tokens {
		name := bridgeToken(token)
		_, isType := schema.Resources[name]
		_, isFunction := schema.Functions[name]
		if !isType && !isFunction {
			missing = append(missing, token)
		}
	}
	return missing, nil
}

// describe returns what the bridge says of the tokens.
func describe(ctx context.Context, bridge, provider string, tokens []string) (packageSchema, error) {
	relay, err := (&host{}).serve()
	if err != nil {
		return packageSchema{}, err
	}
	o := bridgeOptions{bridge: bridge, provider: provider, host: relay}
	for _, token := range tokens {
		o.include = append(o.include, terraformName(token))
	}
	return loadSchema(ctx, o)
}
