package tests

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/stretchr/testify/require"

	"github.com/archipelago-iac/archipelago/internal/deploy"
	"github.com/archipelago-iac/archipelago/internal/lab/front"
)

const smallManagement = "810000000001"

// build builds the program as a user would.
func build(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "archipelago")
	out, err := exec.Command("go", "build", "-o", path, "../cmd/archipelago").CombinedOutput()
	require.NoError(t, err, string(out))
	return path
}

// TestKilled kills a deployment with no chance to clean up while AWS is creating accounts, and deploys
// again: every account exists once. Covers D02 and D09 end to end.
func TestKilled(t *testing.T) {
	w := newWorld(t, "testdata/small")
	program := build(t)
	// The accounts exist as soon as they are asked for; what the provider waits for is AWS's word.
	w.lab.Front.Inject(front.Fault{Service: "organizations", Action: "DescribeCreateAccountStatus", Kind: front.FaultDelay, Delay: time.Hour})

	cmd := exec.Command(program, "-C", w.lab.WorkDir(), "up", "core")
	cmd.Env = append(os.Environ(), w.lab.Env()...)
	log, err := os.Create(filepath.Join(t.TempDir(), "up.log"))
	require.NoError(t, err)
	defer log.Close()
	cmd.Stdout, cmd.Stderr = log, log
	require.NoError(t, cmd.Start())

	// The clients of other organizations are not served before there is one.
	require.Eventually(t, func() bool { return created(w) >= 5 }, 3*time.Minute, 200*time.Millisecond, "five accounts are being created")
	require.NoError(t, cmd.Process.Kill())
	_ = cmd.Wait()
	w.lab.Front.ClearFaults()

	var messages []string
	results, err := w.runOptions(t, deploy.Up, deploy.Options{Organizations: []string{"core"}, Watch: func(e deploy.Event) {
		messages = append(messages, e.Text)
	}})
	require.NoError(t, err, "%v", results)
	require.Contains(t, strings.Join(messages, "\n"), "it is taken over")

	emails := map[string]int{}
	pages := organizations.NewListAccountsPaginator(w.client(smallManagement), &organizations.ListAccountsInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(background())
		require.NoError(t, err)
		for _, a := range page.Accounts {
			emails[aws.ToString(a.Email)]++
		}
	}
	require.Len(t, emails, 8, "seven accounts and the management account: %v", emails)
	for email, n := range emails {
		require.Equal(t, 1, n, email)
	}
	require.Empty(t, steps(w.must(t, deploy.Up, "core")[0]), "and nothing is left to do")
}

// created counts the account creations that the emulator has seen.
func created(w *world) int {
	n := 0
	for _, c := range w.lab.Front.Calls() {
		if c.Action == "CreateAccount" {
			n += c.Count
		}
	}
	return n
}

// TestCreatesFiveAccountsAtATime holds every creation back and counts how many are asked for.
func TestCreatesFiveAccountsAtATime(t *testing.T) {
	w := newWorld(t, "testdata/small")
	w.lab.Front.Inject(front.Fault{Service: "organizations", Action: "DescribeCreateAccountStatus", Kind: front.FaultDelay, Delay: 4 * time.Second, Count: 5})
	done := make(chan error, 1)
	go func() {
		_, err := w.run(t, deploy.Up, "core")
		done <- err
	}()
	require.Eventually(t, func() bool { return created(w) >= 5 }, 3*time.Minute, 50*time.Millisecond)
	require.Equal(t, 5, created(w), "the sixth waits for one of the first five")
	require.NoError(t, <-done)
	require.Equal(t, 7, created(w))
}

// TestFailedHub lets the hub fail: the spoke is not run, is said to be blocked, and the next run
// deploys both.
func TestFailedHub(t *testing.T) {
	w := newWorld(t, "testdata/small")
	w.lab.Front.Inject(front.Fault{Service: "organizations", Action: "CreateOrganization", Kind: front.FaultError, Code: "AccessDeniedException", Status: 400})
	results, err := w.run(t, deploy.Up)
	require.ErrorIs(t, err, deploy.ErrFailed)
	require.Equal(t, deploy.Failed, results[0].Status)
	require.Equal(t, deploy.Blocked, results[1].Status)
	require.Equal(t, "core", results[1].BlockedBy)
	w.lab.Front.ClearFaults()
	w.must(t, deploy.Up)
}
