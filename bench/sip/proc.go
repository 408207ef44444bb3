package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// clockTick is the unit of CPU times in /proc on every Linux there is.
const clockTick = 10 * time.Millisecond

// family gives a process and all that it started.
func family(pid int) []int {
	all := []int{pid}
	lists, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid))
	for _, name := range lists {
		text, _ := os.ReadFile(name)
		for _, f := range strings.Fields(string(text)) {
			if child, err := strconv.Atoi(f); err == nil {
				all = append(all, family(child)...)
			}
		}
	}
	return all
}

// cpuTime gives the CPU time, user and system, that a process and all that it
// started have taken.
func cpuTime(pid int) (total time.Duration) {
	for _, p := range family(pid) {
		text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p))
		if err != nil {
			continue
		}
		_, rest, _ := bytes.Cut(text, []byte(") ")) // the name may hold blanks
		f := strings.Fields(string(rest))
		if len(f) < 13 {
			continue
		}
		for _, s := range f[11:13] { // utime, stime
			n, _ := strconv.ParseInt(s, 10, 64)
			total += time.Duration(n) * clockTick
		}
	}
	return total
}

// memoryOf gives the proportional set size, bytes, of a process and all that it
// started: memory that several share counts once.
func memoryOf(pid int) (total int64) {
	for _, p := range family(pid) {
		text, err := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", p))
		if err != nil {
			continue
		}
		for _, line := range strings.Split(string(text), "\n") {
			if rest, ok := strings.CutPrefix(line, "Pss:"); ok {
				n, _ := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
				total += n << 10
			}
		}
	}
	return total
}

// receiveErrors counts the UDP datagrams that this machine lost because a
// socket's buffer was full.
func receiveErrors() int {
	text, _ := os.ReadFile("/proc/net/snmp")
	var names []string
	for _, line := range strings.Split(string(text), "\n") {
		rest, ok := strings.CutPrefix(line, "Udp: ")
		if !ok {
			continue
		}
		if names == nil {
			names = strings.Fields(rest)
			continue
		}
		for i, v := range strings.Fields(rest) {
			if names[i] == "RcvbufErrors" {
				n, _ := strconv.Atoi(v)
				return n
			}
		}
	}
	return 0
}
