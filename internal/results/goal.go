package results

import (
	"fmt"
	"strings"
	"sync"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"tandem"
)

// Limits on goals: enough for any rule about one call, too little to slow the
// counting of calls down.
const (
	maxGoalChars = 2000
	maxGoalDepth = 50
	maxGoalCost  = 5000 // CEL cost units; a comparison is one to three
)

// goal is a compiled goal expression; it is immutable and safe for concurrent
// use.
type goal struct {
	program cel.Program
	facts   map[string]fact
	// decides holds the guarded facts that the expression names, with has() or
	// without: see met.
	decides map[string]bool
}

// CheckGoal says whether expr can be the goal of a test whose arms' versions
// define fields. It is a CEL expression that gives a boolean, over
//
//   - fields.<name>: the values of post-call analysis, the standard fields such as
//     fields.sentiment and fields.call_successful included;
//   - call.<fact>: what is known of the call itself, such as
//     call.duration_seconds; see [GoalFacts];
//   - has(fields.<name>) and has(call.<fact>): whether that is known.
//
// With fields given, other names and comparisons between types that can never
// be equal are refused; a name that two versions define with different types
// may be compared with anything. Without fields, every name is accepted.
//
// Errors: Invalid with field "goal"; the message starts with line:column.
func CheckGoal(expr string, fields []tandem.Field) error {
	_, err := compileGoal(expr, fields)
	return err
}

// GoalFault is one thing that keeps a text from being a goal.
type GoalFault struct {
	Line    int    `json:"line" doc:"From 1"`
	Column  int    `json:"column" doc:"From 1"`
	Message string `json:"message"`
}

// goalErrors are what is wrong with an expression, as an error.
type goalErrors []GoalFault

func (f goalErrors) Error() string {
	all := make([]string, len(f))
	for i, one := range f {
		all[i] = fmt.Sprintf("%d:%d: %s", one.Line, one.Column, one.Message)
	}
	return strings.Join(all, "; ")
}

func faulty(f ...GoalFault) error {
	return &tandem.Error{Code: tandem.Invalid, Field: "goal", Message: goalErrors(f).Error(), Err: goalErrors(f)}
}

// compileGoal gives nil for the empty expression, which is never known.
func compileGoal(expr string, fields []tandem.Field) (*goal, error) {
	if strings.TrimSpace(expr) == "" {
		return nil, nil
	}
	base, err := goalEnv()
	if err != nil {
		return nil, fmt.Errorf("goal language: %w", err)
	}
	parsed, issues := base.Parse(expr)
	if issues.Err() != nil {
		return nil, refuse(issues)
	}
	facts, options, err := declare(parsed.NativeRep(), fields)
	if err != nil {
		return nil, err
	}
	env, err := base.Extend(options...)
	if err != nil {
		return nil, fmt.Errorf("goal variables: %w", err)
	}
	checked, issues := env.Check(parsed)
	if issues.Err() != nil {
		return nil, refuse(issues)
	}
	if t := checked.OutputType(); !t.IsExactType(cel.BoolType) && !t.IsExactType(cel.DynType) {
		return nil, faulty(GoalFault{1, 1, fmt.Sprintf("gives a %s; expected a condition that is true or false", t)})
	}
	program, err := env.Program(checked, cel.CostLimit(maxGoalCost))
	if err != nil {
		return nil, faulty(GoalFault{1, 1, err.Error()})
	}
	out := &goal{program: program, facts: facts, decides: map[string]bool{}}
	for name := range facts {
		out.decides[strings.TrimPrefix(name, hasPrefix)] = true
	}
	return out, nil
}

// met says whether the call met the goal: nil while it has not ended, and when
// what is not known about it could turn the answer.
//
// A call that nobody answered, that a machine took, or that was answered and lasted
// no time is no completed conversation, whatever was found in it: platforms report
// voicemails as completed. Each of these holds unless the expression names the fact
// it rests on (call.answered, call.voicemail, call.duration_seconds); then the
// expression decides about such calls itself.
func (g *goal) met(c *tandem.Call) *bool {
	if g == nil || c.Ended == nil {
		return nil
	}
	if g.excluded(c) {
		return new(bool)
	}
	// An expression that fails on this call's values, such as an order
	// between text and a number, says nothing about it.
	out, _, err := g.program.Eval(activation{goal: g, call: c})
	if err != nil {
		return nil
	}
	if b, ok := out.(types.Bool); ok {
		met := bool(b)
		return &met
	}
	return nil
}

// excluded says whether the call is none that could be completed.
func (g *goal) excluded(c *tandem.Call) bool {
	if !g.decides[factVoicemail] && c.ReachedVoicemail() {
		return true
	}
	if answered, known := c.WasAnswered(); known && !answered {
		return !g.decides[factAnswered]
	}
	d, known := c.Duration()
	return known && d == 0 && !g.decides[factDuration]
}

// activation lets a program read a call without copying it into a map.
type activation struct {
	goal *goal
	call *tandem.Call
}

// ResolveName implements cel.Activation. A fact that is not known is CEL's
// unknown value, which "false && unknown" and "true || unknown" absorb.
func (a activation) ResolveName(name string) (any, bool) {
	f, ok := a.goal.facts[name]
	if !ok {
		return nil, false
	}
	v := f(a.call)
	if v == nil {
		return unknown, true
	}
	return v, true
}

// Parent implements cel.Activation.
func (a activation) Parent() cel.Activation { return nil }

var unknown = types.NewUnknown(0, nil)

// fact reads one thing about a call; nil when it is not known.
type fact func(*tandem.Call) ref.Val

var goalEnv = sync.OnceValues(func() (*cel.Env, error) {
	return cel.NewEnv(
		cel.ClearMacros(), cel.Macros(cel.GlobalMacro("has", 1, expandHas)),
		cel.CrossTypeNumericComparisons(true),
		cel.ParserExpressionSizeLimit(maxGoalChars), cel.ParserRecursionLimit(maxGoalDepth),
	)
})

const hasPrefix = "has."

// expandHas makes has(fields.x) the variable "has.fields.x". CEL's own macro
// would be unknown for what is not known, the very thing it is asked about.
func expandHas(eh cel.MacroExprFactory, _ ast.Expr, args []ast.Expr) (ast.Expr, *common.Error) {
	name, ok := qualified(args[0])
	if !ok {
		return nil, eh.NewError(args[0].ID(), "has() takes one fact, such as has(fields.sentiment)")
	}
	return eh.NewIdent(hasPrefix + name), nil
}

// qualified gives the name that a select such as fields.x stands for.
func qualified(e ast.Expr) (string, bool) {
	if e.Kind() != ast.SelectKind || e.AsSelect().Operand().Kind() != ast.IdentKind {
		return "", false
	}
	root := e.AsSelect().Operand().AsIdent()
	return root + "." + e.AsSelect().FieldName(), root == "fields" || root == "call"
}

// refuse turns CEL's complaints into one error.
func refuse(issues *cel.Issues) error {
	var all []GoalFault
	for _, e := range issues.Errors() {
		// What concerns the whole has no place of its own: line -1.
		line, column := max(1, e.Location.Line()), max(0, e.Location.Column())+1
		all = append(all, GoalFault{line, column, e.Message})
	}
	return faulty(all...)
}
