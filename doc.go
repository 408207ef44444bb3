// Package tandem is the domain of Tandem: A/B testing for phone voice agents.
//
// It holds the nouns and their rules: agents and their published versions,
// routes, tests with their arms, splits and phases, calls as a join of facts,
// and the tallies that results are read from. Everything here is pure: values
// in, values out, standard library only, no I/O, no clock and no goroutine.
// The verbs (assign, ingest, analyze, results, sample) live in internal/ and
// import this package; nothing here imports them.
//
// Times are UTC with microsecond precision. Shares and weights are percent,
// 0 to 100, with at most two decimals. Durations are stated in the name of the
// field (Seconds, MS).
package tandem
