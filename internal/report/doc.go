// Package report writes a test's results for people who were not there: as
// Markdown, to be kept beside the work it decided, and as one HTML file with
// its charts inside, to be sent on.
//
// In flow the results as the API gives them and, once a test has ended, the
// decision; out flows text. Every word and figure is put together once, in a
// document that both forms render, so they cannot tell different stories. The
// package computes nothing about a test: what is not in the results is not in
// the report. It reads no clock and loads nothing: the HTML has no script and
// names nothing outside itself.
package report
