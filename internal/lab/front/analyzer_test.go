package front

import (
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAnalyzers(t *testing.T) {
	t.Parallel()
	f := startMoto(t, Options{})
	const account = "622345678901"
	c := as(t, f, account, "eu-west-1")
	call := func(status int, method, path, in string) map[string]any {
		return c.rest(status, "access-analyzer", method, path, in)
	}
	require.Equal(t, "ResourceNotFoundException", call(404, "GET", "/analyzer/external", "")["__type"])
	require.Equal(t, "ValidationException", call(400, "PUT", "/analyzer", `{"analyzerName":"external","type":"GALAXY"}`)["__type"])
	const arn = "arn:aws:access-analyzer:eu-west-1:" + account + ":analyzer/external"
	require.Equal(t, arn, call(200, "PUT", "/analyzer", `{"analyzerName":"external","type":"ACCOUNT","tags":{"a":"1"}}`)["arn"])
	require.Equal(t, "ConflictException", call(409, "PUT", "/analyzer", `{"analyzerName":"external","type":"ACCOUNT"}`)["__type"])
	require.Equal(t, "ServiceQuotaExceededException", call(402, "PUT", "/analyzer", `{"analyzerName":"second","type":"ACCOUNT"}`)["__type"])
	call(200, "PUT", "/analyzer", `{"analyzerName":"unused","type":"ACCOUNT_UNUSED_ACCESS"}`)

	analyzer := func(name string) map[string]any {
		a, _ := call(200, "GET", "/analyzer/"+name, "")["analyzer"].(map[string]any)
		return a
	}
	require.Equal(t, "ACTIVE", analyzer("external")["status"])
	require.Equal(t, arn, analyzer("external")["arn"])
	require.NotContains(t, analyzer("external"), "configuration")
	require.Equal(t, map[string]any{"unusedAccess": map[string]any{"unusedAccessAge": 90.0}}, analyzer("unused")["configuration"])
	call(200, "PUT", "/analyzer/unused", `{"configuration":{"unusedAccess":{"unusedAccessAge":30}}}`)
	require.Equal(t, map[string]any{"unusedAccess": map[string]any{"unusedAccessAge": 30.0}}, analyzer("unused")["configuration"])
	require.Len(t, call(200, "GET", "/analyzer", "")["analyzers"], 2)
	require.Len(t, call(200, "GET", "/analyzer?type=ACCOUNT", "")["analyzers"], 1)

	tags := "/tags/" + url.PathEscape(arn)
	call(200, "POST", tags, `{"tags":{"b":"2"}}`)
	call(200, "DELETE", tags+"?tagKeys=a&tagKeys=x", "")
	require.Equal(t, map[string]any{"b": "2"}, call(200, "GET", tags, "")["tags"])
	call(404, "GET", "/tags/"+url.PathEscape("arn:aws:access-analyzer:us-east-1:"+account+":analyzer/external"), "")

	for _, other := range []caller{as(t, f, account, "us-east-1"), as(t, f, "622345678902", "eu-west-1")} {
		require.Empty(t, other.rest(200, "access-analyzer", "GET", "/analyzer", "")["analyzers"])
	}
	call(200, "DELETE", "/analyzer/external", "")
	call(404, "DELETE", "/analyzer/external", "")
}
