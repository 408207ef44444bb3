// Package results says what a call means and what all calls of a test mean
// together.
//
// On the way in, [Counter] turns the record of a call before and after an
// event into what changes in the test's tallies, and decides whether the test's
// goal was met; ingest writes both in one transaction. On the way out, [Reader]
// turns tallies into [Results]: each arm described, each arm compared with A,
// the quality of the data, and a verdict in words. It reads tallies, never calls,
// so it is as fast at ten million calls as at ten. What decides is the evidence
// of a [Standing]: checks that fail suspend the verdict, a breached guardrail goes
// before it. [Reader.Verify] is the exception to reading tallies: it counts all
// calls anew and lists where what is stored disagrees. [MakePlan] says beforehand
// how many calls a test takes.
//
// In between, [Folder] folds each test's calls into its evidence, in order of
// assignment and behind the oldest call whose outcome is open. Its state is a pure
// function of the calls, down to the byte: any node comes to it from the
// store's ledger and checkpoints.
//
// It never assigns a call, never ends a test, and draws no conclusion from
// numbers that hold for one look only.
package results
