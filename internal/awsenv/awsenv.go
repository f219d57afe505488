// Package awsenv makes the AWS SDK of this process see an environment that only the processes of a
// deployment have: the lab's, or one that a caller of the library sets.
package awsenv

import "github.com/aws/aws-sdk-go-v2/config"

// Options are the options of [config.LoadDefaultConfig] for an environment beside this process's own. Of
// it count AWS_PROFILE, AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE and AWS_ENDPOINT_URL.
func Options(env map[string]string) []func(*config.LoadOptions) error {
	var out []func(*config.LoadOptions) error
	if profile := env["AWS_PROFILE"]; profile != "" {
		out = append(out, config.WithSharedConfigProfile(profile))
	}
	if file := env["AWS_CONFIG_FILE"]; file != "" {
		out = append(out, config.WithSharedConfigFiles([]string{file}))
	}
	if file := env["AWS_SHARED_CREDENTIALS_FILE"]; file != "" {
		out = append(out, config.WithSharedCredentialsFiles([]string{file}))
	}
	if endpoint := env["AWS_ENDPOINT_URL"]; endpoint != "" {
		out = append(out, config.WithBaseEndpoint(endpoint))
	}
	return out
}
