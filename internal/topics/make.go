package topics

import (
	"fmt"
	"time"

	"tandem"
)

// report says what the calls came to. It is made after they are named.
func (r *run) report(at time.Time) Report {
	n := r.count
	out := Report{
		Label: Exploratory, AsOf: map[string]int64{}, At: at, Calls: n.calls, Silent: n.silent, Grouped: n.grouped,
		Groups: []Group{}, Interactions: []Interaction{}, Situations: []Group{}, Beside: []Interaction{}, Notes: r.notes(),
	}
	for _, s := range r.spans {
		out.AsOf[s.arm] = s.size
	}
	if n.calls > 0 {
		to := n.coversTo
		out.CoversTo = &to
	}
	var keys []string
	if r.model != nil {
		fit := r.model.Fit
		out.Fit = &fit
		for g, d := range r.model.Groups {
			key := r.key(g)
			keys = append(keys, key)
			group := n.group(key, d.GroupName, everybody)
			group.Terms = d.Telling
			for _, t := range n.typical[g] {
				group.Typical = append(group.Typical, TypicalCall{CallID: t.id})
			}
			out.Groups = append(out.Groups, group)
		}
	}
	for _, s := range situations {
		out.Situations = append(out.Situations, n.group(s.key, tandem.GroupName{Name: s.name, Description: s.description}, s.key, outside(s.key)))
	}
	for _, a := range r.test.Arms[1:] {
		for _, m := range metrics {
			if len(keys) > 1 {
				out.Interactions = append(out.Interactions, n.interaction(keys, m, a.Key))
			}
			for _, s := range situations {
				out.Beside = append(out.Beside, n.beside(s, m, a.Key))
			}
		}
	}
	adjustDifferences(out.Groups)
	adjustDifferences(out.Situations)
	adjustInteractions(out.Interactions)
	adjustInteractions(out.Beside)
	return out
}

// group describes a group; bases are the keys of the calls that might be in it.
func (n *count) group(key string, name tandem.GroupName, bases ...string) Group {
	out := Group{Key: key, Name: name.Name, Description: name.Description, Calls: n.ended(key), Share: n.share(key, bases...)}
	for _, m := range metrics {
		out.Metrics = append(out.Metrics, n.compare(key, m))
	}
	return out
}

// beside compares a situation with the calls outside of it.
func (n *count) beside(s situation, m metric, arm string) Interaction {
	out := n.interaction([]string{s.key, outside(s.key)}, m, arm)
	out.Situation, out.LeftOut = s.key, nil
	if out.P == nil {
		out.Note = "not enough calls in both arms, in it and outside of it"
	}
	return out
}

// notes say what to bear in mind.
func (r *run) notes() []string {
	out := []string{}
	n := r.count
	words := "in which the caller says something"
	if r.g.By == tandem.ByFailure {
		words = "in which something went wrong"
	}
	if r.model == nil {
		out = append(out, fmt.Sprintf("Calls are not grouped by words: %d calls %s, and it takes %d with words in common.", n.calls-n.silent, words, fewest))
	} else if r.model.Fit.Sampled < int(n.calls-n.silent) {
		out = append(out, fmt.Sprintf("The groups were made of %d calls %s; the others joined the group that they are most like.", r.model.Fit.Sampled, words))
	}
	if r.test.Unit == tandem.PerCaller {
		out = append(out, "Callers keep their version here, but each call is taken for itself: intervals are too narrow where callers call often.")
	}
	return out
}
