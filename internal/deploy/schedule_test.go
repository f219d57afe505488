package deploy

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/archipelago-iac/archipelago/plan"
)

var spokes = []task{{name: "core"}, {name: "payments", after: []string{"core"}}, {name: "platform", after: []string{"core"}}, {name: "break-glass"}}

// log records what runs, and fails what it is told to.
type log struct {
	mu     sync.Mutex
	events []string
	fail   map[string]error
}

func (l *log) run(_ context.Context, name string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.events = append(l.events, name)
	return l.fail[name]
}

func TestScheduleRunsDependenciesFirst(t *testing.T) {
	t.Parallel()
	tasks := []task{{name: "d", after: []string{"b", "c"}}, {name: "c", after: []string{"a"}}, {name: "b", after: []string{"a"}}, {name: "a"}}
	for _, limit := range []int{0, 1, 2, 10} {
		l := &log{}
		outcomes := schedule(t.Context(), tasks, limit, l.run)
		require.Equal(t, map[string]outcome{"a": {}, "b": {}, "c": {}, "d": {}}, outcomes)
		require.Len(t, l.events, 4)
		require.Equal(t, "a", l.events[0])
		require.Equal(t, "d", l.events[3])
	}
}

func TestScheduleFailureBlocksDependentsOnly(t *testing.T) {
	t.Parallel()
	wrong := errors.New("wrong")
	l := &log{fail: map[string]error{"core": wrong}}
	outcomes := schedule(t.Context(), append(slices.Clone(spokes), task{name: "apps", after: []string{"payments"}}), 2, l.run)
	require.Equal(t, map[string]outcome{
		"core": {err: wrong}, "break-glass": {},
		"payments": {blockedBy: "core"}, "platform": {blockedBy: "core"}, "apps": {blockedBy: "payments"},
	}, outcomes)
	slices.Sort(l.events)
	require.Equal(t, []string{"break-glass", "core"}, l.events)

	l = &log{fail: map[string]error{"payments": wrong}}
	outcomes = schedule(t.Context(), spokes, 2, l.run)
	require.Equal(t, map[string]outcome{"core": {}, "payments": {err: wrong}, "platform": {}, "break-glass": {}}, outcomes)
}

func TestScheduleRespectsLimit(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var tasks []task
		for _, name := range []string{"a", "b", "c", "d", "e"} {
			tasks = append(tasks, task{name: name})
		}
		// Waiting for another task takes no slot.
		tasks = append(tasks, task{name: "f", after: []string{"a"}}, task{name: "g", after: []string{"f"}})
		var mu sync.Mutex
		running := 0
		gate := make(chan struct{})
		done := make(chan map[string]outcome)
		go func() {
			done <- schedule(t.Context(), tasks, 2, func(context.Context, string) error {
				mu.Lock()
				running++
				mu.Unlock()
				<-gate
				mu.Lock()
				running--
				mu.Unlock()
				return nil
			})
		}()
		for left := len(tasks); left > 0; left-- {
			synctest.Wait()
			require.LessOrEqual(t, running, 2)
			if left >= len(tasks)-3 {
				require.Equal(t, 2, running, "both slots are used while there is work")
			}
			gate <- struct{}{}
		}
		require.Len(t, <-done, len(tasks))
	})
}

func TestScheduleInterrupted(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		var ran []string
		outcomes := schedule(ctx, append(slices.Clone(spokes[:3]), task{name: "late"}), 1, func(ctx context.Context, name string) error {
			ran = append(ran, name)
			cancel()
			return nil
		})
		require.Len(t, ran, 1, "what runs is finished, nothing else is started")
		for name, o := range outcomes {
			if name == ran[0] {
				require.Equal(t, outcome{}, o)
			} else {
				require.Contains(t, []string{interrupted, "core"}, o.blockedBy)
			}
		}
		require.Len(t, outcomes, 4)
	})
}

func TestScheduleInterruptedBefore(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	l := &log{}
	outcomes := schedule(ctx, spokes, 4, l.run)
	require.Empty(t, l.events)
	require.Equal(t, map[string]outcome{
		"core": {blockedBy: interrupted}, "break-glass": {blockedBy: interrupted},
		"payments": {blockedBy: "core"}, "platform": {blockedBy: "core"},
	}, outcomes)
}

func TestCheckAcyclic(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		tasks []task
		want  string
	}{
		"none":                      {nil, ""},
		"hub and spokes":            {spokes, ""},
		"diamond":                   {[]task{{name: "d", after: []string{"b", "c"}}, {name: "b", after: []string{"a"}}, {name: "c", after: []string{"a"}}, {name: "a"}}, ""},
		"waits for one not chosen":  {[]task{{name: "a", after: []string{"z"}}}, ""},
		"itself":                    {[]task{{name: "a", after: []string{"a"}}}, `organization "a" depends on itself`},
		"each other":                {[]task{{name: "a", after: []string{"b"}}, {name: "b", after: []string{"a"}}}, `organization "a" depends on itself`},
		"a circle behind something": {[]task{{name: "x", after: []string{"a"}}, {name: "a", after: []string{"b"}}, {name: "b", after: []string{"a"}}}, `organization "a" depends on itself`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := checkAcyclic(c.tasks)
			if c.want == "" {
				require.NoError(t, err)
			} else {
				require.EqualError(t, err, c.want)
			}
		})
	}
}

func organizations(dependencies ...string) []*plan.Organization {
	out := []*plan.Organization{{Name: "core", DependsOn: []string{}}}
	for _, name := range dependencies {
		out = append(out, &plan.Organization{Name: name, DependsOn: []string{"core"}})
	}
	return append(out, &plan.Organization{Name: "break-glass", DependsOn: []string{}})
}

// What is built on the hub is taken down before it.
func TestTasks(t *testing.T) {
	t.Parallel()
	all := organizations("payments", "platform")
	for _, op := range []Operation{Preview, Up, Refresh} {
		require.Equal(t, []task{{name: "core"}, {name: "payments", after: []string{"core"}}, {name: "platform", after: []string{"core"}}, {name: "break-glass"}},
			tasks(op, all), op)
	}
	require.Equal(t, []task{{name: "core", after: []string{"payments", "platform"}}, {name: "payments"}, {name: "platform"}, {name: "break-glass"}},
		tasks(Destroy, all))
	require.Equal(t, []task{{name: "payments"}}, tasks(Destroy, all[1:2]), "the hub is not chosen and left alone")
}

func TestSelect(t *testing.T) {
	t.Parallel()
	p := &plan.Plan{Organizations: organizations("payments", "platform")}
	names := func(chosen ...string) []string {
		selected, err := Select(p, chosen)
		require.NoError(t, err)
		var out []string
		for _, o := range selected {
			out = append(out, o.Name)
		}
		return out
	}
	require.Equal(t, []string{"core", "payments", "platform", "break-glass"}, names())
	require.Equal(t, []string{"core", "platform"}, names("platform", "core"), "in plan order")
	require.Equal(t, []string{"payments"}, names("payments", "payments"), "once")
	_, err := Select(p, []string{"payments", "payment"})
	require.EqualError(t, err, `there is no organization "payment"; there are core, payments, platform, break-glass`)
}
