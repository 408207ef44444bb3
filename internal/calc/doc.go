// Package calc is a statistician's bench: it reads aggregates or raw rows
// (JSON or CSV) and answers with every test and interval of package stats that
// applies, each with what it holds for, and with the reason where one does not
// apply. It has no statistics of its own: what it says is what the verdict
// would say of the same numbers, which makes it the way to check Tandem against
// other software.
//
// Bytes and [Settings] flow in through [Read], an [Input] comes out; [Compute]
// turns that into a [Report]. Nothing is guessed in silence: an unknown key, a
// number that cannot be or a column of mixed kinds is refused with its place.
package calc
