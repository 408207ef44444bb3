package replay

import "fmt"

// sdp offers or answers an audio stream that carries nothing (RFC 4566, RFC
// 3264 section 8.2): replayed calls are signalling only.
func sdp(e *endpoint) []byte {
	family := "IP4"
	if e.addr.Addr().Unmap().Is6() {
		family = "IP6"
	}
	ip := e.addr.Addr().Unmap().String()
	return fmt.Appendf(nil, "v=0\r\no=- 1 1 IN %[1]s %[2]s\r\ns=-\r\nc=IN %[1]s %[2]s\r\nt=0 0\r\nm=audio 9 RTP/AVP 0\r\na=inactive\r\n", family, ip)
}
