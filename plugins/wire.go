package plugins

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/archipelago-iac/archipelago/plugins/sandbox"
)

// A frame is four bytes of length, one of kind, four of number, and a body. The number says which
// module, part or task the frame is about.
const (
	frameHello  = 'h' // both ways: hello
	frameModule = 'm' // to the worker: moduleBody
	framePart   = 'p' // to the worker: JSON of a part, kept until it is dropped
	frameForget = 'f' // to the worker: drop all parts
	frameProbe  = 'l' // to the worker: number is the task, the body probeBody
	frameRun    = 'a' // to the worker: number is the task, the body runBody
	frameUse    = 'u' // from the worker: number is the task, which goes on with the hook that the body (4 bytes) says
	frameInside = 'i' // from the worker: the task is late, and inside the built-in function that the body names
	frameDone   = 'r' // from the worker: number is the task, the body sandbox.Result or probed
)

const frameHeader = 9

// maxFrame is far above every limit; a length beyond it means that the two sides do not understand
// each other.
const maxFrame = 1 << 28

// hello begins a connection.
type hello struct {
	Protocol string         `json:"protocol"`
	Limits   sandbox.Limits `json:"limits"`
	Memory   int64          `json:"memory"`
}

// protocol changes with the frames.
const protocol = "archipelago hooks 1"

type moduleBody struct {
	Base string `json:"base"`
	Code string `json:"code"`
}

type probeBody struct {
	Module uint32 `json:"module"`
}

type probed struct {
	Meta  sandbox.Meta   `json:"meta"`
	Fault *sandbox.Fault `json:"fault,omitempty"`
}

// runBody names modules and parts by number. Parts in Drop are of no use after this task.
type runBody struct {
	Context map[string]uint32 `json:"c,omitempty"`
	Draft   map[string]uint32 `json:"d,omitempty"`
	Uses    []useBody         `json:"u"`
	Drop    []uint32          `json:"x,omitempty"`
}

type useBody struct {
	Module uint32 `json:"m"`
	Params uint32 `json:"p,omitempty"` // 0: none
}

// frame is what readFrame returns.
type frame struct {
	kind   byte
	number uint32
	body   []byte
}

func appendFrame(out []byte, kind byte, number uint32, body []byte) []byte {
	out = binary.LittleEndian.AppendUint32(out, uint32(len(body))) //nolint:gosec // bodies are smaller than maxFrame
	out = append(out, kind)
	out = binary.LittleEndian.AppendUint32(out, number)
	return append(out, body...)
}

func appendJSONFrame(out []byte, kind byte, number uint32, body any) []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false) // or canonical JSON would not stay canonical
	if err := enc.Encode(body); err != nil {
		panic(err) // plain structs encode
	}
	return appendFrame(out, kind, number, bytes.TrimSuffix(b.Bytes(), []byte("\n")))
}

func readFrame(in io.Reader) (frame, error) {
	var header [frameHeader]byte
	if _, err := io.ReadFull(in, header[:]); err != nil {
		return frame{}, err
	}
	size := binary.LittleEndian.Uint32(header[:])
	if size > maxFrame {
		return frame{}, fmt.Errorf("a frame of %d bytes", size)
	}
	f := frame{kind: header[4], number: binary.LittleEndian.Uint32(header[5:]), body: make([]byte, size)}
	_, err := io.ReadFull(in, f.body)
	return f, err
}

// The environment of a worker: its variable holds the process id of the parent.
const workerVariable = "ARCHIPELAGO_HOOKS_WORKER"

// exitMemory is the exit status of a worker that saw itself use too much memory.
const exitMemory = 86

// handshake is how long a worker may take to start; machines in CI are slow.
const handshake = 30 * time.Second
