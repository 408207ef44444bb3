package e2e

import (
	"net"
	"net/url"
	"sync"
	"testing"
)

// wire is a TCP connection to somewhere else that can go dead without being
// cut, as networks do: nothing comes through, and nobody is told.
type wire struct {
	to string
	// open is held for reading while bytes pass, for writing while none may.
	open  sync.RWMutex
	ends  sync.WaitGroup
	mu    sync.Mutex
	conns []net.Conn
}

// throughWire gives a database URL that leads through a wire.
func throughWire(t *testing.T, database string) (*wire, string) {
	t.Helper()
	u, err := url.Parse(database)
	check(t, err)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	check(t, err)
	w := &wire{to: u.Host}
	u.Host = l.Addr().String()
	w.ends.Go(func() {
		for {
			near, err := l.Accept()
			if err != nil {
				return
			}
			w.ends.Go(func() { w.join(near) })
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		w.mu.Lock()
		for _, c := range w.conns {
			_ = c.Close()
		}
		w.mu.Unlock()
		w.ends.Wait()
	})
	return w, u.String()
}

// dead keeps everything from passing until alive.
func (w *wire) dead()  { w.open.Lock() }
func (w *wire) alive() { w.open.Unlock() }

func (w *wire) join(near net.Conn) {
	far, err := net.Dial("tcp", w.to)
	if err != nil {
		_ = near.Close()
		return
	}
	w.mu.Lock()
	w.conns = append(w.conns, near, far)
	w.mu.Unlock()
	w.ends.Go(func() { w.pass(near, far) })
	w.pass(far, near)
}

// pass carries bytes one way until an end closes.
func (w *wire) pass(to, from net.Conn) {
	defer to.Close()
	buf := make([]byte, 64<<10)
	for {
		n, err := from.Read(buf)
		w.open.RLock()
		if n > 0 {
			if _, werr := to.Write(buf[:n]); werr != nil {
				err = werr
			}
		}
		w.open.RUnlock()
		if err != nil {
			return
		}
	}
}
