package source

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
)

const sound = "export default { name: \"a\", baseline() {} }\n"

// Each hook is hooks/a.ts unless it says otherwise; the mark is where the problem is wanted, and
// without one it is about the hook's file as a whole.
func TestProblemsWithFiles(t *testing.T) {
	for _, test := range []struct {
		name    string
		sources map[string]string
		want    string
	}{
		{"missing", map[string]string{"hooks/a.js/x": sound}, `there is no such file`},
		{"missing, nothing like it", map[string]string{"hooks/another.ts": sound}, `there is no such file`},
		{"directory", map[string]string{"hooks/a.ts/x.ts": sound}, `this is a directory`},
		{"missing import with a short name", map[string]string{"hooks/a.ts": "import ▸\"./lib/x\"; " + sound, "hooks/lib/xs.mts": ""}, `there is no file "./lib/x" | looked for hooks/lib/x.ts, hooks/lib/x.mts, hooks/lib/x.js, hooks/lib/x.mjs`},
		{"not UTF-8", map[string]string{"hooks/a.ts": "// é\r\nconst s = \"日本▸\xff\";\n" + sound}, `the file is not UTF-8 text | save it as UTF-8 in the editor`},
		{"not UTF-8 in an import", map[string]string{"hooks/a.ts": "import \"./b\"; " + sound, "hooks/b.ts": "\xfe\n"}, `the file is not UTF-8 text | save it as UTF-8 in the editor`},
		{"package", map[string]string{"hooks/a.ts": "import _ from ▸\"lodash\"; _; " + sound}, `hooks can import "archipelago" or files next to them, not "lodash" | copy what the hook needs below hooks/ and import it by a relative path, such as "./lib/name"`},
		{"scoped package", map[string]string{"hooks/a.ts": "import ▸\"@pulumi/aws\"; " + sound}, `hooks can import "archipelago" or files next to them, not "@pulumi/aws" | copy what the hook needs below hooks/ and import it by a relative path, such as "./lib/name"`},
		{"Node.js", map[string]string{"hooks/a.ts": "import fs from ▸\"fs\"; fs; " + sound}, `hooks can import "archipelago" or files next to them, not "fs" | it belongs to Node.js, which hooks do not run in`},
		{"Node.js by scheme", map[string]string{"hooks/a.ts": "import ▸\"node:child_process\"; " + sound}, `hooks can import "archipelago" or files next to them, not "node:child_process" | it belongs to Node.js, which hooks do not run in`},
		{"Node.js required", map[string]string{"hooks/a.js": "const fs = require(▸\"fs/promises\"); fs; module.exports = {}"}, `hooks can import "archipelago" or files next to them, not "fs/promises" | it belongs to Node.js, which hooks do not run in`},
		{"address", map[string]string{"hooks/a.ts": "import ▸\"https://example.com/x.js\"; " + sound}, `hooks can import "archipelago" or files next to them, not "https://example.com/x.js" | hooks have no network: copy the file below hooks/`},
		{"data address", map[string]string{"hooks/a.ts": "import ▸\"data:text/javascript,1\"; " + sound}, `hooks can import "archipelago" or files next to them, not "data:text/javascript,1" | hooks have no network: copy the file below hooks/`},
		{"absolute", map[string]string{"hooks/a.ts": "import ▸\"/etc/passwd\"; " + sound}, `hooks can import "archipelago" or files next to them, not "/etc/passwd" | copy what the hook needs below hooks/ and import it by a relative path, such as "./lib/name"`},
		{"not relative", map[string]string{"hooks/a.ts": "import ▸\"lib/x\"; " + sound, "hooks/lib/x.ts": ""}, `hooks can import "archipelago" or files next to them, not "lib/x" | did you mean "./lib/x"?`},
		{"almost archipelago", map[string]string{"hooks/a.ts": "import { hook } from ▸\"archipelgo\"; hook; " + sound}, `hooks can import "archipelago" or files next to them, not "archipelgo" | did you mean "archipelago"?`},
		{"part of archipelago", map[string]string{"hooks/a.ts": "import ▸\"archipelago/x\"; " + sound}, `hooks can import "archipelago" or files next to them, not "archipelago/x" | did you mean "archipelago"?`},
		{"no such export of archipelago", map[string]string{"hooks/a.ts": "import { ▸hok } from \"archipelago\"; hok; " + sound}, `no matching export in "archipelago" for import "hok" | "archipelago" exports hook, fail and warn`},
		{"default of archipelago", map[string]string{"hooks/a.ts": "import ▸a from \"archipelago\"; a; " + sound}, `no matching export in "archipelago" for import "default" | "archipelago" exports hook, fail and warn`},
		{"no such member of archipelago", map[string]string{"hooks/a.ts": "import * as a from \"archipelago\"; a.▸fall(); " + sound}, `import "fall" will always be undefined because there is no matching export in "archipelago" | "archipelago" exports hook, fail and warn`},
		{"no such export", map[string]string{"hooks/a.ts": "import { ▸cnters } from \"./x\"; cnters; " + sound, "hooks/x.ts": "export const centers = 1"}, `no matching export in "hooks/x.ts" for import "cnters" | did you mean to import "centers" instead?`},
		{"above the root", map[string]string{"hooks/a.ts": "import ▸\"../organizations/x\"; " + sound, "organizations/x.ts": ""}, `"../organizations/x" leads out of hooks/ | copy what the hook needs below hooks/`},
		{"above everything", map[string]string{"hooks/a.ts": "import ▸\"../../../x\"; " + sound}, `"../../../x" leads out of hooks/ | copy what the hook needs below hooks/`},
		{"above and back", map[string]string{"hooks/a.ts": "import \"../hooks/x\"; ▸boom; " + sound, "hooks/x.ts": ""}, `boom is not declared`},
		{"the root", map[string]string{"hooks/a.ts": "import ▸\".\"; " + sound}, `"." is a directory | name the file: "./a"`},
		{"JSON", map[string]string{"hooks/a.ts": "import d from ▸\"./d.json\"; d; " + sound, "hooks/d.json": "{}"}, `hooks cannot import JSON: "./d.json" | write the data as export default { … } in a .ts file`},
		{"JSON with an attribute", map[string]string{"hooks/a.ts": "import d from ▸\"./d.json\" with { type: \"json\" }; d; " + sound, "hooks/d.json": "{}"}, `imports in hooks take no attributes | leave out with { … }`},
		{"other extension", map[string]string{"hooks/a.ts": "import ▸\"./d.tsx\"; " + sound, "hooks/d.tsx": ""}, `"./d.tsx" is neither TypeScript nor JavaScript | hooks import .ts, .mts, .js, .mjs`},
		{"declarations", map[string]string{"hooks/a.ts": "import ▸\"./d.d.ts\"; " + sound, "hooks/d.d.ts": ""}, `"./d.d.ts" declares types and cannot be imported | write import type`},
		{"directory imported", map[string]string{"hooks/a.ts": "import ▸\"./lib\"; " + sound, "hooks/lib/index.ts": "", "hooks/lib/x.txt": ""}, `"./lib" is a directory | name the file: "./lib/index"`},
		{"missing import", map[string]string{"hooks/a.ts": "import { c } from ▸\"./lib/centres\"; c; " + sound, "hooks/lib/centers.ts": "export const c = 1"}, `there is no file "./lib/centres" | did you mean "./lib/centers"?`},
		{"missing import, nothing like it", map[string]string{"hooks/a.ts": "import { c } from ▸\"./lib\"; c; " + sound}, `there is no file "./lib" | looked for hooks/lib.ts, hooks/lib.mts, hooks/lib.js, hooks/lib.mjs`},
		{"missing import with an extension", map[string]string{"hooks/a.ts": "import { c } from ▸\"./lib.mjs\"; c; " + sound}, `there is no file "./lib.mjs" | looked for hooks/lib.mjs, hooks/lib.mts`},
		{"missing import of an import", map[string]string{"hooks/a.ts": "import \"./lib/b\"; " + sound, "hooks/lib/b.ts": "\n\n/* é */ import ▸\"./c\""}, `there is no file "./c" | looked for hooks/lib/c.ts, hooks/lib/c.mts, hooks/lib/c.js, hooks/lib/c.mjs`},
		{"below a file", map[string]string{"hooks/a.ts": "import ▸\"./b.ts/c\"; " + sound, "hooks/b.ts": ""}, `there is no file "./b.ts/c" | looked for hooks/b.ts/c.ts, hooks/b.ts/c.mts, hooks/b.ts/c.js, hooks/b.ts/c.mjs`},
		{"syntax of an import", map[string]string{"hooks/a.ts": "import \"./lib/b\"; " + sound, "hooks/lib/b.ts": "export const c = 1;\r\n\r\nconst é = \"😀\"; const ▸= 1"}, `expected identifier but found "="`},
		{"lint of an import", map[string]string{"hooks/a.ts": "import { f } from \"./lib/b\"; f(); " + sound, "hooks/lib/b.ts": "type T = 1;\nexport function f() {\n\tconst é = \"😀\" satisfies string; return é + ▸fetch(\"\")\n}"}, `fetch is not available in hooks | hooks have no network; put data into params in the YAML, or into a file next to the hook`},
		{"lint of a required file", map[string]string{"hooks/a.js": "const b = require(\"./lib/b\"); module.exports = b", "hooks/lib/b.js": "// é\nexports.x = ▸process.cwd()"}, `process is not available in hooks | hooks see neither environment nor arguments; put data into params in the YAML`},
		{"lint after a byte order mark", map[string]string{"hooks/a.ts": "\ufeff▸draft; " + sound}, `draft is not declared`},
		{"lint with CRLF", map[string]string{"hooks/a.ts": "// é\r\n\r\n\"😀\"; ▸process.exit();\r\n" + sound}, `process is not available in hooks | hooks see neither environment nor arguments; put data into params in the YAML`},
		{"top-level await", map[string]string{"hooks/a.ts": "const x = ▸await 1; x; " + sound}, `top-level await is not available in hooks | make baseline async and await inside it`},
		{"strict by nature", map[string]string{"hooks/a.js": "var x = 1; delete ▸x; module.exports = {}"}, `delete of an unqualified identifier in strict mode`},
		{"with in a script", map[string]string{"hooks/a.js": "▸with ({}) {} module.exports = {}"}, `strict mode code may not include a with statement`},
		{"deep", map[string]string{"hooks/a.ts": "// é\nconst é = " + strings.Repeat("[", maxNesting) + "▸{" + strings.Repeat("]", maxNesting) + sound}, `the brackets nest deeper than 500 | move data to params in the YAML`},
		{"large file", map[string]string{"hooks/a.ts": "//" + strings.Repeat("x", maxFile) + "\n" + sound}, `the file is larger than 128 KiB | move data to params in the YAML`},
		{"large bundle", map[string]string{"hooks/a.ts": "import { b } from \"./b\"; export default { x: \"" + strings.Repeat("x", MaxSource-100) + "\" + b }", "hooks/b.ts": "export const b = \"" + strings.Repeat("x", 3000) + "\""}, `the hook has 134 KiB with everything that it imports; 128 KiB are allowed | import less, or move data to params in the YAML`},
	} {
		t.Run(test.name, func(t *testing.T) {
			fsys, marks := tree(test.sources)
			entry := "hooks/a.ts"
			if fsys["hooks/a.js"] != nil {
				entry = "hooks/a.js"
			}
			modules, problems := Load(fsys, "hooks", []string{entry})
			require.Empty(t, modules)
			require.Len(t, problems, 1)
			if len(marks) > 0 {
				require.Equal(t, marks[0], problems[0].String())
				require.NotEmpty(t, problems[0].Excerpt)
			}
			require.Equal(t, test.want, describe(problems[0]))
		})
	}
}

func TestProblemsWithEntries(t *testing.T) {
	fsys := fstest.MapFS{
		"hooks/a.ts": {Data: []byte(sound)}, "hooks/a.md": {}, "hooks/a.d.ts": {}, "other/b.ts": {},
		"hooks/pipe.ts": {Mode: fs.ModeNamedPipe}, "hooks/bell\a.ts": {},
	}
	for _, test := range []struct{ entry, want string }{
		{"hooks/a.md", `a hook is TypeScript or JavaScript | hooks end in .ts, .mts, .js, .mjs`},
		{"hooks/a.d.ts", `a hook is TypeScript or JavaScript | hooks end in .ts, .mts, .js, .mjs`},
		{"other/b.ts", `hooks lie below hooks/ | name the file relative to the archipelago's directory, with forward slashes`},
		{"hooks/../other/b.ts", `hooks lie below hooks/ | name the file relative to the archipelago's directory, with forward slashes`},
		{"/hooks/a.ts", `hooks lie below hooks/ | name the file relative to the archipelago's directory, with forward slashes`},
		{"hooks", `hooks lie below hooks/ | name the file relative to the archipelago's directory, with forward slashes`},
		{"", `hooks lie below hooks/ | name the file relative to the archipelago's directory, with forward slashes`},
		{"hooks\\a.ts", `hooks lie below hooks/ | name the file relative to the archipelago's directory, with forward slashes`},
		{"hooks/pipe.ts", `this is not a regular file`},
		{"hooks/bell\a.ts", `this is a file whose name has characters that cannot be shown`},
	} {
		t.Run(test.entry, func(t *testing.T) {
			modules, problems := Load(fsys, "hooks", []string{test.entry})
			require.Empty(t, modules)
			require.Len(t, problems, 1)
			require.Equal(t, Position{File: test.entry}, problems[0].Position)
			require.Equal(t, test.want, describe(problems[0]))
		})
	}
}
