// Package demo makes up telephone conversations with the front desk of a
// dental practice that does not exist, for people who want to see Tandem at
// work before they connect anything to it.
//
// A [Caller] with a wish and some patience meets one of two versions of the
// agent. How the call ends is not decided beforehand: it comes out of what the
// version says, what it mishears, and when the caller has had enough. The same
// seed gives the same caller, and the same caller with the same version the
// same conversation. Everything said was written for this project.
package demo
