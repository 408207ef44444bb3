package results

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"tandem"
)

// GoalFact is something about the call itself that a goal may ask for.
type GoalFact struct {
	Name string `json:"name" example:"call.duration_seconds"`
	Type string `json:"type" enum:"bool,double,int,string"`
	Doc  string `json:"doc"`
}

// GoalFacts lists what a goal may say about the call itself.
func GoalFacts() []GoalFact {
	out := make([]GoalFact, len(callFacts))
	for i, f := range callFacts {
		out[i] = GoalFact{Name: f.name, Type: f.of.String(), Doc: f.doc}
	}
	return out
}

// The facts that decide whether a call could be completed at all.
const (
	factDuration  = "call.duration_seconds"
	factAnswered  = "call.answered"
	factVoicemail = "call.voicemail"
)

var callFacts = []struct {
	name string
	of   *cel.Type
	doc  string
	read fact
}{
	{factDuration, cel.DoubleType, "from answer to end", func(c *tandem.Call) ref.Val {
		d, known := c.Duration()
		return double(d.Seconds(), known)
	}},
	{factVoicemail, cel.BoolType, "a machine took the call, as reported or by the cause of its end; false where nothing says so", func(c *tandem.Call) ref.Val {
		return types.Bool(c.ReachedVoicemail())
	}},
	{factAnswered, cel.BoolType, "somebody answered", func(c *tandem.Call) ref.Val {
		answered, known := c.WasAnswered()
		return boolean(answered, known)
	}},
	{"call.transferred", cel.BoolType, "handed on, and not known to have failed", func(c *tandem.Call) ref.Val {
		return types.Bool(c.Transferred())
	}},
	{"call.transfer_completed", cel.BoolType, "handed on, and somebody took it", func(c *tandem.Call) ref.Val {
		return types.Bool(c.Transfer != nil && c.Transfer.Value.State == tandem.TransferCompleted)
	}},
	{"call.ended_by", cel.StringType, "caller, agent or system", func(c *tandem.Call) ref.Val {
		if c.Ended == nil {
			return nil
		}
		by := c.Ended.Value.By
		return text(string(by), by != "" && by != tandem.ByUnknown)
	}},
	{"call.cause", cel.StringType, "the reporting side's own word for why it ended", func(c *tandem.Call) ref.Val {
		if c.Ended == nil {
			return nil
		}
		return text(c.Ended.Value.Cause, c.Ended.Value.Cause != "")
	}},
	{"call.sip_status", cel.IntType, "final SIP status of a call that failed", func(c *tandem.Call) ref.Val {
		if c.Ended == nil || c.Ended.Value.SIPStatus == 0 {
			return nil
		}
		return types.Int(c.Ended.Value.SIPStatus)
	}},
	{"call.turns", cel.IntType, "turns of the transcript", func(c *tandem.Call) ref.Val {
		if c.Turns == nil {
			return nil
		}
		return types.Int(c.Turns.Value)
	}},
	{"call.latency_ms", cel.DoubleType, "the agent's median reply", func(c *tandem.Call) ref.Val {
		if c.Latency == nil {
			return nil
		}
		return types.Double(c.Latency.Value.P50MS)
	}},
	{"call.cost", cel.DoubleType, "in the currency it was reported in", func(c *tandem.Call) ref.Val {
		if c.Cost == nil {
			return nil
		}
		return types.Double(c.Cost.Value.Amount)
	}},
}

// The three make a CEL value of what may not be known.

func double(x float64, known bool) ref.Val {
	if !known {
		return nil
	}
	return types.Double(x)
}

func boolean(b, known bool) ref.Val {
	if !known {
		return nil
	}
	return types.Bool(b)
}

func text(s string, known bool) ref.Val {
	if !known {
		return nil
	}
	return types.String(s)
}

// vocabulary is every name a goal may use.
type vocabulary struct {
	types map[string]*cel.Type
	facts map[string]fact
	// open accepts any field: no version says which there are.
	open bool
}

func newVocabulary(fields []tandem.Field) vocabulary {
	v := vocabulary{types: map[string]*cel.Type{}, facts: map[string]fact{}, open: len(fields) == 0}
	for _, f := range callFacts {
		v.types[f.name], v.facts[f.name] = f.of, f.read
	}
	for _, f := range fields {
		v.addField(f.Name, fieldTypes[f.Type])
	}
	for _, f := range tandem.StandardFields() {
		v.addField(f.Name, fieldTypes[f.Type])
	}
	return v
}

var fieldTypes = map[tandem.FieldType]*cel.Type{
	tandem.Text: cel.StringType, tandem.Selector: cel.StringType,
	tandem.Number: cel.DoubleType, tandem.Boolean: cel.BoolType,
}

func (v vocabulary) addField(name string, of *cel.Type) {
	full := "fields." + name
	if have := v.types[full]; of == nil || have != nil && have != of {
		of = cel.DynType
	}
	v.types[full] = of
	v.facts[full] = readField(name, of)
}

// readField reads an analysis value; one of another type than the field's says
// as little as none.
func readField(name string, of *cel.Type) fact {
	return func(c *tandem.Call) ref.Val {
		switch x := c.Values[name].Value.(type) {
		case bool:
			return boolean(x, of == cel.BoolType || of == cel.DynType)
		case string:
			return text(x, of == cel.StringType || of == cel.DynType)
		case float64:
			return double(x, of == cel.DoubleType || of == cel.DynType)
		}
		return nil
	}
}

func isKnown(read fact) fact {
	return func(c *tandem.Call) ref.Val { return types.Bool(read(c) != nil) }
}

// declare finds the names that the expression uses and says how each is read
// and what type it has.
func declare(parsed *ast.AST, fields []tandem.Field) (map[string]fact, []cel.EnvOption, error) {
	v := newVocabulary(fields)
	used := map[string]fact{}
	var options []cel.EnvOption
	var wrong error
	use := func(e ast.Expr, name string) {
		asked, has := strings.CutPrefix(name, hasPrefix)
		if _, known := v.types[asked]; !known && v.open && strings.HasPrefix(asked, "fields.") {
			v.addField(strings.TrimPrefix(asked, "fields."), cel.DynType)
		}
		if _, known := v.types[asked]; !known {
			if wrong == nil {
				at := parsed.SourceInfo().GetStartLocation(e.ID())
				wrong = faulty(GoalFault{at.Line(), at.Column() + 1, fmt.Sprintf("%s is not known; expected one of %s", asked, v.names(asked))})
			}
			return
		}
		if used[name] != nil {
			return
		}
		of, read := v.types[asked], v.facts[asked]
		if has {
			of, read = cel.BoolType, isKnown(read)
		}
		used[name] = read
		options = append(options, cel.Variable(name, of))
	}
	ast.PostOrderVisit(parsed.Expr(), ast.NewExprVisitor(func(e ast.Expr) {
		v.widen(e)
		if name, ok := qualified(e); ok {
			use(e.AsSelect().Operand(), name)
		} else if e.Kind() == ast.IdentKind && strings.HasPrefix(e.AsIdent(), hasPrefix) {
			use(e, e.AsIdent())
		}
	}))
	return used, options, wrong
}

// widen makes whole numbers beside a number field into doubles, in place: CEL
// orders 30.0 and 30 but refuses to compare them for equality or to add them.
func (v vocabulary) widen(e ast.Expr) {
	if e.Kind() != ast.CallKind || len(e.AsCall().Args()) != 2 {
		return
	}
	args := e.AsCall().Args()
	for i, side := range args {
		if !v.isDouble(side) {
			continue
		}
		other := args[1-i]
		widenLiteral(other)
		if other.Kind() == ast.ListKind {
			for _, element := range other.AsList().Elements() {
				widenLiteral(element)
			}
		}
	}
}

// isDouble says whether e is a number field or is computed from one.
func (v vocabulary) isDouble(e ast.Expr) bool {
	switch e.Kind() {
	case ast.LiteralKind:
		return e.AsLiteral().Type() == types.DoubleType
	case ast.SelectKind:
		name, ok := qualified(e)
		return ok && v.types[name] == cel.DoubleType
	case ast.CallKind:
		switch e.AsCall().FunctionName() {
		case operators.Add, operators.Subtract, operators.Multiply, operators.Divide, operators.Negate:
			return slices.ContainsFunc(e.AsCall().Args(), v.isDouble)
		}
	}
	return false
}

func widenLiteral(e ast.Expr) {
	if e.Kind() != ast.LiteralKind {
		return
	}
	if n, ok := e.AsLiteral().(types.Int); ok {
		e.SetKindCase(ast.NewExprFactory().NewLiteral(e.ID(), types.Double(n)))
	}
}

// names lists what could have been meant by name.
func (v vocabulary) names(name string) string {
	root, _, _ := strings.Cut(name, ".")
	var all []string
	for _, n := range slices.Sorted(maps.Keys(v.types)) {
		if strings.HasPrefix(n, root+".") {
			all = append(all, n)
		}
	}
	if len(all) > 20 {
		all = append(all[:20], fmt.Sprintf("and %d more", len(all)-20))
	}
	return strings.Join(all, ", ")
}
