package stacks

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A state that is read while it is written is read again, and nothing else is.
func TestRetryTorn(t *testing.T) {
	t.Parallel()
	torn := errors.New("rpc error: failed to load checkpoint: EOF")
	cases := map[string]struct {
		answers []error
		want    error
		pauses  int
	}{
		"at once":         {answers: []error{nil}},
		"torn twice":      {answers: []error{torn, torn, nil}, pauses: 2},
		"another failure": {answers: []error{errors.New("unknown stack"), nil}, want: errors.New("unknown stack")},
		"torn for good":   {answers: []error{torn, torn, torn, torn, torn, nil}, want: torn, pauses: 4},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			reads, pauses := 0, 0
			err := retryTorn(func() error { reads++; return c.answers[reads-1] }, func(time.Duration) { pauses++ })
			require.Equal(t, c.want, err)
			require.Equal(t, c.pauses, pauses)
		})
	}
}
