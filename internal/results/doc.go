// Package results says what a call means and what all calls of a test mean
// together.
//
// On the way in, [Counter] turns the record of a call before and after an
// event into what changes in the test's tallies, and decides whether the test's
// goal was met; ingest writes both in one transaction. On the way out, [Reader]
// turns tallies into [Results]: each arm described, each arm compared with A,
// the quality of the data, and a verdict. It reads tallies, never calls, so it
// is as fast at ten million calls as at ten. [Reader.Verify] is the exception:
// it counts all calls anew and lists where the tallies disagree.
//
// It never assigns a call, never ends a test, and draws no conclusion from
// numbers that hold for one look only: that is for an [Evidence].
package results
