package demo

import (
	"fmt"
	"math"
	"math/rand/v2"
)

// Wish is why somebody calls the practice.
type Wish string

// The wishes, which are also the choices of the agent's field "reason".
const (
	Book      Wish = "book"
	Move      Wish = "move"
	Cancel    Wish = "cancel"
	Hours     Wish = "opening_hours"
	Insurance Wish = "insurance"
	Pain      Wish = "urgent_pain"
)

// wishes are out of 100 callers.
var wishes = []struct {
	wish Wish
	of   int
}{{Book, 52}, {Move, 18}, {Cancel, 8}, {Hours, 8}, {Insurance, 7}, {Pain, 7}}

// Wishes lists them all.
func Wishes() []string {
	out := make([]string, len(wishes))
	for i, w := range wishes {
		out[i] = string(w.wish)
	}
	return out
}

// Caller is somebody who calls the practice.
type Caller struct {
	Seed   uint64
	Name   string
	Number string // from a range reserved for fiction
	Wish   Wish
	// Patience is how much the caller bears before hanging up, in seconds of
	// being talked at. Errors of the agent cost extra.
	Patience float64
	// Mumble is the chance that a date this caller says is misheard.
	Mumble float64
	// Hasty is the chance that the caller cuts a long turn of the agent short.
	Hasty float64
	Day   string
	Time  string
}

var (
	firstNames = []string{"Maria", "James", "Aisha", "Tom", "Grace", "Luis", "Hannah", "Wei", "Olivia", "Samuel", "Priya", "Daniel", "Nora", "Kofi", "Elena", "Marcus", "Ingrid", "Yusuf", "Chloe", "Peter"}
	lastNames  = []string{"Alvarez", "Novak", "Okafor", "Brennan", "Lindqvist", "Chen", "Haddad", "Moreau", "Whitfield", "Castellano", "Iyer", "Falk", "Mensah", "Delgado", "Petrov", "Sato"}
	days       = []string{"Monday", "Tuesday", "Wednesday", "Thursday", "Friday"}
	times      = []string{"nine in the morning", "ten thirty", "noon", "half past one", "three in the afternoon", "a quarter past four"}
)

// medianPatience is what half of all callers bear, in seconds; see
// Caller.Patience.
const medianPatience = 95

// NewCaller makes up the caller of a seed.
func NewCaller(seed uint64) Caller {
	r := rand.New(rand.NewPCG(seed, 1))
	c := Caller{
		Seed:     seed,
		Name:     pick(r, firstNames) + " " + pick(r, lastNames),
		Number:   fmt.Sprintf("+1415555%04d", 100+r.IntN(100)),
		Patience: medianPatience * math.Exp(0.5*r.NormFloat64()),
		Mumble:   0.08 + 0.30*r.Float64(),
		Hasty:    0.1 + 0.4*r.Float64(),
		Day:      pick(r, days),
		Time:     pick(r, times),
	}
	n := r.IntN(100)
	for _, w := range wishes {
		if c.Wish = w.wish; n < w.of {
			break
		}
		n -= w.of
	}
	return c
}

func pick[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }
