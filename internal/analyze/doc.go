// Package analyze reads ended calls and fills their analysis fields.
//
// In flow analyses that are due, each an ask about one call, and the call's
// transcript with the fields of its version; out flow events for the call's
// record, and the analysis itself. The analyser is a language model where the
// settings name one, else word lists and rules. It is told nothing of tests and
// arms.
//
// What is due waits in the store and is claimed for a while, so that several nodes
// share the work and a node that dies loses none of it. What a model found is
// stored first, then the record gets it, then the ask is done: after a crash in
// between nobody is asked again, and the record gets the same once more, which
// changes nothing.
//
// The package never decides what a value means for a test, and never slows what
// makes calls and records: it takes no more than it can work on.
package analyze
