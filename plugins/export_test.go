package plugins

// WorkerPIDs returns the process ids of the workers that wait for work.
func (s *Set) WorkerPIDs() []int {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []int
	for _, p := range s.idle {
		out = append(out, p.cmd.Process.Pid)
	}
	return out
}

// WorkerVariable makes a process a worker.
const WorkerVariable = workerVariable
