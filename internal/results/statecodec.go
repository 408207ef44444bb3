package results

import (
	"encoding/binary"
	"errors"
	"math"
)

// errState: bytes that are not the state of this test's evidence.
var errState = errors.New("not the state of this test's evidence")

// packer appends values to a state's bytes.
type packer struct{ b []byte }

func (p *packer) byte(x byte)     { p.b = append(p.b, x) }
func (p *packer) count(x int64)   { p.b = binary.AppendUvarint(p.b, uint64(x)) }
func (p *packer) signed(x int64)  { p.b = binary.AppendVarint(p.b, x) }
func (p *packer) word(x uint64)   { p.b = binary.LittleEndian.AppendUint64(p.b, x) }
func (p *packer) float(x float64) { p.word(math.Float64bits(x)) }

func (p *packer) text(s string) {
	p.count(int64(len(s)))
	p.b = append(p.b, s...)
}

func (p *packer) block(raw []byte) {
	p.count(int64(len(raw)))
	p.b = append(p.b, raw...)
}

// unpacker takes them apart again. After the first value that is not there,
// everything is zero and err is set.
type unpacker struct {
	b   []byte
	err error
}

func (u *unpacker) fail() {
	u.b, u.err = nil, errState
}

func (u *unpacker) take(n int64) []byte {
	if n < 0 || n > int64(len(u.b)) {
		u.fail()
		return nil
	}
	out := u.b[:n]
	u.b = u.b[n:]
	return out
}

func (u *unpacker) byte() byte {
	if b := u.take(1); b != nil {
		return b[0]
	}
	return 0
}

func (u *unpacker) count() int64 {
	x, n := binary.Uvarint(u.b)
	if n <= 0 || x > math.MaxInt64 {
		u.fail()
		return 0
	}
	u.b = u.b[n:]
	return int64(x)
}

// length reads how many entries follow, each of which takes a byte at least.
func (u *unpacker) length() int {
	n := u.count()
	if n > int64(len(u.b)) {
		u.fail()
		return 0
	}
	return int(n)
}

func (u *unpacker) signed() int64 {
	x, n := binary.Varint(u.b)
	if n <= 0 {
		u.fail()
		return 0
	}
	u.b = u.b[n:]
	return x
}

func (u *unpacker) word() uint64 {
	if b := u.take(8); b != nil {
		return binary.LittleEndian.Uint64(b)
	}
	return 0
}

func (u *unpacker) float() float64 { return math.Float64frombits(u.word()) }
func (u *unpacker) block() []byte  { return u.take(u.count()) }
func (u *unpacker) text() string   { return string(u.block()) }
