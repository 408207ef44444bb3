package ingest

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"tandem"
)

// spool is a file of events, one JSON object a line, written in order and read
// back from an offset. What was written survives the death of the process
// (kill -9) at once and a power cut after sync. Appending is safe beside reading
// and marking; two may not read at once.
type spool struct {
	mu    sync.Mutex
	file  *os.File
	size  int64  // where the next event is written
	read  int64  // where the first event that is not yet committed begins
	aside string // where a damaged file was moved that stood in its place
}

// openSpool opens or makes the file at path. Events left by an earlier process
// are there to be read; a last line that was cut off in the middle is dropped.
func openSpool(path string) (*spool, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open spool: %w", err)
	}
	s := &spool{file: f}
	if s.size, err = endOfLastLine(f); err == nil {
		err = f.Truncate(s.size)
	}
	if errors.Is(err, errDamaged) {
		_ = f.Close()
		return asideAndNew(path)
	}
	if err != nil {
		_ = f.Close()
		return nil, fmt.Errorf("recover spool %s: %w", path, err)
	}
	return s, nil
}

// errDamaged says that a file is no spool of ours.
var errDamaged = errors.New("damaged")

// asideAndNew keeps a damaged file beside a new spool: it stops no server, and
// whatever it holds can still be looked at.
func asideAndNew(path string) (*spool, error) {
	aside := path + ".damaged-" + time.Now().UTC().Format("20060102T150405")
	if err := os.Rename(path, aside); err != nil {
		return nil, fmt.Errorf("set damaged spool aside: %w", err)
	}
	s, err := openSpool(path)
	if err == nil {
		s.aside = aside
	}
	return s, err
}

func endOfLastLine(f *os.File) (int64, error) {
	r := bufio.NewReaderSize(f, 1<<20)
	var end int64
	for {
		line, err := r.ReadSlice('\n')
		if errors.Is(err, bufio.ErrBufferFull) {
			return end, fmt.Errorf("%w: line at byte %d is longer than a megabyte", errDamaged, end)
		}
		if errors.Is(err, io.EOF) {
			return end, nil
		}
		if err != nil {
			return end, err
		}
		end += int64(len(line))
	}
}

// append writes events behind the others, all or none.
func (s *spool) append(events []tandem.Event) error {
	var buf []byte
	for i := range events {
		line, err := json.Marshal(&events[i])
		if err != nil {
			return fmt.Errorf("spool event %s: %w", events[i].ID, err)
		}
		buf = append(append(buf, line...), '\n')
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, err := s.file.WriteAt(buf, s.size); err != nil {
		return fmt.Errorf("write spool: %w", err) // what came through is overwritten next time
	}
	s.size += int64(len(buf))
	return nil
}

// sync makes what was appended survive a power cut.
func (s *spool) sync() error { return s.file.Sync() }

// next reads up to limit events that are not yet committed, and where the one
// behind them begins. Lines that cannot be read are skipped and counted.
func (s *spool) next(limit int) (events []tandem.Event, end int64, bad int, err error) {
	s.mu.Lock()
	r := bufio.NewReaderSize(io.NewSectionReader(s.file, s.read, s.size-s.read), 1<<20)
	end = s.read
	s.mu.Unlock()
	for len(events) < limit {
		line, err := r.ReadSlice('\n')
		if errors.Is(err, io.EOF) {
			return events, end, bad, nil
		}
		if err != nil {
			return events, end, bad, fmt.Errorf("read spool: %w", err)
		}
		end += int64(len(line))
		var e tandem.Event
		if json.Unmarshal(line, &e) != nil {
			bad++
			continue
		}
		events = append(events, e)
	}
	return events, end, bad, nil
}

// compactAt is the size past which a spool whose events are all committed is
// emptied; below it, emptying would cost more than the few events that are read
// again after a restart.
const compactAt = 4 << 20

// committed marks everything before end as done.
func (s *spool) committed(end int64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.read = end
	if s.read < s.size || s.size < compactAt {
		return nil
	}
	return s.reset()
}

// emptied empties the file if all in it is committed.
func (s *spool) emptied() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.read < s.size || s.size == 0 {
		return nil
	}
	return s.reset()
}

func (s *spool) reset() error {
	if err := s.file.Truncate(0); err != nil {
		return fmt.Errorf("empty spool: %w", err)
	}
	s.size, s.read = 0, 0
	return nil
}

// pending says how many bytes wait to be committed.
func (s *spool) pending() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.size - s.read
}

// end gives where the next event is written.
func (s *spool) end() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.size
}

// close empties the file if all is committed.
func (s *spool) close() error {
	var err error
	if s.pending() == 0 {
		err = s.reset()
	}
	return errors.Join(err, s.file.Sync(), s.file.Close())
}
