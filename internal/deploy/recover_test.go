package deploy

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// nobody is a process id that no system gives out.
const nobody = 1 << 30

// lockMessage is what the Automation API says about locks of a self-managed backend.
func lockMessage(holders ...string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "failed to run update: exit status 255\ncode: 255\nstdout: \nstderr: error: the stack is currently locked by %d lock(s). "+
		"Either wait for the other process(es) to end or delete the lock file with `pulumi cancel`.", len(holders))
	for i, h := range holders {
		fmt.Fprintf(&b, "\n  file:///state/.pulumi/locks/organization/archipelago/payments/%d.json?no_tmp_dir=true: created by %s at 2026-11-20T10:11:12Z", i, h)
	}
	return b.String() + "\n"
}

func TestAbandoned(t *testing.T) {
	t.Parallel()
	host, err := os.Hostname()
	require.NoError(t, err)
	dead := fmt.Sprintf("ada@%s (pid %d)", host, nobody)
	for name, c := range map[string]struct {
		message string
		want    bool
	}{
		"another error":                  {"failed to run update: created by ada", false},
		"the holder is dead":             {lockMessage(dead), true},
		"the holder's name has blanks":   {lockMessage(`ACME\Ada Lovelace@` + strings.TrimPrefix(dead, "ada@")), true},
		"all holders are dead":           {lockMessage(dead, dead), true},
		"the holder lives":               {lockMessage(fmt.Sprintf("ada@%s (pid %d)", host, os.Getpid())), false},
		"one of the holders lives":       {lockMessage(dead, fmt.Sprintf("ada@%s (pid %d)", host, os.Getpid())), false},
		"on another machine":             {lockMessage(fmt.Sprintf("ada@%s.elsewhere (pid %d)", host, nobody)), false},
		"one of them on another machine": {lockMessage(dead, fmt.Sprintf("ada@elsewhere (pid %d)", nobody)), false},
		"a holder that cannot be read":   {lockMessage(dead, "somebody"), false},
		"a process id beyond belief":     {lockMessage(fmt.Sprintf("ada@%s (pid 99999999999999999999)", host)), false},
		"no holder":                      {lockMessage(), false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, c.want, abandoned(c.message))
			// As it is shown to the user, and then judged.
			require.Equal(t, c.want, abandoned(newWatcher(Up, "payments", nil).explain(fmt.Errorf("%s", c.message))))
		})
	}
}
