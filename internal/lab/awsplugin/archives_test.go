package awsplugin

import (
	"archive/zip"
	"io"
	"path/filepath"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/sig"
	"github.com/stretchr/testify/require"
)

const functionURN = "urn:pulumi:dev::p::aws:lambda/function:Function::f"

func codeOf(text, hash string) object {
	return object{
		sig.Key: sig.ArchiveSig, "hash": hash,
		"assets": object{"index.py": object{sig.Key: sig.AssetSig, "text": text, "hash": "h"}},
	}
}

func TestArchives(t *testing.T) {
	t.Parallel()
	p := proxyTo(t, &fakeBridge{}, nil)
	p.archives = newArchives(filepath.Join(t.TempDir(), "beside"))
	s := p.subject(functionURN)
	file := filepath.Join(p.archives.dir, "abc.zip")

	news := properties(t, object{"name": "f", "code": codeOf("pass", "abc")})
	s.toBridge(news)
	require.Equal(t, object{"functionName": "f", "filename": file}, news.AsMap())
	require.NoError(t, s.writeArchives(news, true))
	require.NoFileExists(t, file, "a preview writes nothing")
	require.NoError(t, s.writeArchives(news, false))
	packed, err := zip.OpenReader(file)
	require.NoError(t, err)
	defer packed.Close()
	content, err := packed.Open("index.py")
	require.NoError(t, err)
	text, err := io.ReadAll(content)
	require.NoError(t, err)
	require.Equal(t, "pass", string(text))
	s.fromBridge(news)
	require.Equal(t, object{"name": "f", "code": codeOf("pass", "abc")}, news.AsMap())

	hidden := properties(t, object{"code": secret(codeOf("secret", "def"))})
	s.toBridge(hidden)
	require.Equal(t, object{"filename": secret(filepath.Join(p.archives.dir, "def.zip"))}, hidden.AsMap())
	require.NoError(t, s.writeArchives(hidden, false))
	require.FileExists(t, filepath.Join(p.archives.dir, "def.zip"))
	s.fromBridge(hidden)
	require.Equal(t, object{"code": secret(codeOf("secret", "def"))}, hidden.AsMap())

	elsewhere := properties(t, object{"s3Bucket": "b", "filename": "given.zip"})
	require.NoError(t, s.writeArchives(elsewhere, false))
	s.fromBridge(elsewhere)
	require.Equal(t, object{"s3Bucket": "b", "code": "given.zip"}, elsewhere.AsMap())

	lost := properties(t, object{"code": object{sig.Key: sig.ArchiveSig, "hash": "gone", "path": "no-such-directory"}})
	s.toBridge(lost)
	require.ErrorContains(t, s.writeArchives(lost, false), "write archive of "+functionURN)
}
