package sip

import (
	"bufio"
	"errors"

	"tandem/internal/sip/wire"
)

var errFraming = errors.New("message without a usable length")

// frame reads one message of a stream (RFC 3261 section 18.3) into buf; it
// gives no bytes for a keep-alive.
func frame(r *bufio.Reader, buf []byte) ([]byte, error) {
	for blank := 0; ; {
		b, err := r.Peek(2)
		if err != nil {
			return buf, err
		}
		if b[0] != '\r' || b[1] != '\n' {
			break
		}
		_, _ = r.Discard(2)
		if blank++; blank == 2 {
			return buf, nil
		}
	}
	length, known := 0, false
	for {
		line, err := r.ReadSlice('\n')
		buf = append(buf, line...)
		if len(buf) > maxDatagram {
			return buf, errFraming
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if err != nil {
			return buf, err
		}
		if len(line) <= 2 && len(wire.Trim(line)) == 0 {
			break
		}
		if n, ok := wire.ContentLengthLine(line); ok {
			length, known = n, true
		}
	}
	if !known || length < 0 || len(buf)+length > maxDatagram {
		return buf, errFraming
	}
	at := len(buf)
	for len(buf) < at+length {
		buf = append(buf, 0)
	}
	for n := at; n < len(buf); {
		k, err := r.Read(buf[n:])
		if n += k; err != nil {
			return buf[:n], err
		}
	}
	return buf, nil
}
