package main

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"slices"
	"strconv"
	"sync"
	"time"
)

// probe measures how long an INVITE takes through the subject: it sends it,
// receives it as the agent of a route of its own, and declines. SIPp's clock
// is too coarse for that.
type probe struct {
	caller, agent *net.UDPConn
	to            *net.UDPAddr
	quit          func()
	quitting      <-chan struct{}
	wg            sync.WaitGroup

	mu    sync.Mutex
	sent  map[string]time.Time
	taken []time.Duration
	made  int
}

// probeEvery keeps the probe's own load small beside the measured one.
const probeEvery = 10 * time.Millisecond

func newProbe() (*probe, error) {
	to, err := net.ResolveUDPAddr("udp", subjectAddr)
	if err != nil {
		return nil, err
	}
	own, err := net.ResolveUDPAddr("udp", probeAddr)
	if err != nil {
		return nil, err
	}
	quitting, quit := context.WithCancel(context.Background())
	p := &probe{to: to, quit: quit, quitting: quitting.Done(), sent: map[string]time.Time{}}
	if p.agent, err = net.ListenUDP("udp", own); err != nil {
		return nil, err
	}
	if p.caller, err = net.ListenUDP("udp", &net.UDPAddr{IP: own.IP}); err != nil {
		_ = p.agent.Close()
		return nil, err
	}
	p.wg.Go(p.decline)
	p.wg.Go(p.acknowledge)
	return p, nil
}

func (p *probe) close() {
	p.quit()
	_ = p.agent.Close()
	_ = p.caller.Close()
	p.wg.Wait()
}

// ready waits until the subject carries a call.
func (p *probe) ready(ctx context.Context) error {
	const patience, pause = 15 * time.Second, 100 * time.Millisecond
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		p.call()
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pause):
		}
		p.mu.Lock()
		ok := len(p.taken) > 0
		p.mu.Unlock()
		if ok {
			return nil
		}
	}
}

// start begins to measure.
func (p *probe) start() {
	p.mu.Lock()
	p.taken, p.made = nil, 0
	p.mu.Unlock()
	p.wg.Go(func() {
		t := time.NewTicker(probeEvery)
		defer t.Stop()
		for {
			select {
			case <-p.quitting:
				return
			case <-t.C:
				p.call()
			}
		}
	})
}

// stop ends measuring and gives how many calls were made.
func (p *probe) stop() int {
	p.quit()
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.made
}

func (p *probe) quantile(q float64) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.taken) == 0 {
		return 0
	}
	slices.Sort(p.taken)
	return p.taken[min(len(p.taken)-1, int(q*float64(len(p.taken))))]
}

const probeBody = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\n"

func (p *probe) call() {
	p.mu.Lock()
	p.made++
	id := "probe-" + strconv.Itoa(p.made) + "-" + strconv.FormatInt(time.Now().UnixNano(), 36)
	p.mu.Unlock()
	text := fmt.Sprintf("INVITE sip:%s@%s SIP/2.0\r\nVia: SIP/2.0/UDP %s;branch=z9hG4bK%s\r\nMax-Forwards: 70\r\n"+
		"From: <sip:+14155550199@127.0.0.1>;tag=%s\r\nTo: <sip:%s@127.0.0.1>\r\nCall-ID: %s\r\nCSeq: 1 INVITE\r\n"+
		"Contact: <sip:probe@%s>\r\nContent-Type: application/sdp\r\nContent-Length: %d\r\n\r\n%s",
		probed, subjectAddr, p.caller.LocalAddr(), id, id, probed, id, p.caller.LocalAddr(), len(probeBody), probeBody)
	p.mu.Lock()
	p.sent[id] = time.Now()
	p.mu.Unlock()
	_, _ = p.caller.WriteToUDP([]byte(text), p.to)
}

// decline is the agent: it notes the INVITE's arrival and answers 486.
func (p *probe) decline() {
	buf := make([]byte, 65535)
	for {
		n, from, err := p.agent.ReadFromUDP(buf)
		if err != nil {
			return
		}
		now := time.Now()
		if bytes.HasPrefix(buf[:n], []byte("INVITE ")) {
			id := header(buf[:n], "Call-ID")
			p.mu.Lock()
			if at, ok := p.sent[id]; ok {
				p.taken = append(p.taken, now.Sub(at))
				delete(p.sent, id)
			}
			p.mu.Unlock()
			_, _ = p.agent.WriteToUDP(answer(buf[:n], "SIP/2.0 486 Busy Here", ";tag=probe"), from)
		}
	}
}

// acknowledge is the caller: it sends the ACK for the 486.
func (p *probe) acknowledge() {
	buf := make([]byte, 65535)
	for {
		n, _, err := p.caller.ReadFromUDP(buf)
		if err != nil {
			return
		}
		if bytes.HasPrefix(buf[:n], []byte("SIP/2.0 486")) {
			start := "ACK sip:" + probed + "@" + subjectAddr + " SIP/2.0"
			ack := bytes.Replace(answer(buf[:n], start, ""), []byte("1 INVITE"), []byte("1 ACK"), 1)
			_, _ = p.caller.WriteToUDP(ack, p.to)
		}
	}
}

// header gives a header's value in a message whose names are written in full.
func header(m []byte, name string) string {
	for _, line := range bytes.Split(m, []byte("\r\n")) {
		if rest, ok := bytes.CutPrefix(line, []byte(name+": ")); ok {
			return string(rest)
		}
	}
	return ""
}

// answer makes another message of the same transaction.
func answer(m []byte, start, tag string) []byte {
	out := append([]byte(nil), start+"\r\n"...)
	for _, line := range bytes.Split(m, []byte("\r\n")) {
		switch name, _, _ := bytes.Cut(line, []byte(":")); string(name) {
		case "Via", "From", "Call-ID", "CSeq":
			out = append(append(out, line...), "\r\n"...)
		case "To":
			out = append(append(append(out, line...), tag...), "\r\n"...)
		}
	}
	return append(out, "Content-Length: 0\r\n\r\n"...)
}
