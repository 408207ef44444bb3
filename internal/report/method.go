package report

import (
	"cmp"

	"tandem"
	"tandem/internal/results"
)

var methodNames = map[tandem.Evidence]string{
	tandem.Betting:    "betting, exact from the first call",
	tandem.ByPlan:     "planned number of calls, valid after it as well",
	tandem.Asymptotic: "asymptotic sequence, for figures without bounds",
	tandem.Clustered:  "asymptotic sequence by caller",
}

// howMade says in plain words what each method does and rests on.
var howMade = map[tandem.Evidence]string{
	tandem.Betting: "The verdict comes from a bet. Before each call a stake is put on one arm being better; after it the stake is paid out by the odds of the draw that gave the call its arm. " +
		"If the arms are equal nobody can expect to win, however cleverly they bet and whenever they stop, so a fortune of 20 is seen at most 5 times in 100. " +
		"All that has to hold is that the draw was random with the chance on record, and that outcomes have bounds; drift over the day and changes of the split do no harm.",
	tandem.ByPlan: "The test was planned for a number of calls. Most of the error allowed is spent towards that number by the boundary of O'Brien and Fleming, which asks for strong evidence early and little more than a single look at the end; " +
		"the rest goes to a sequence that has no end, so the verdict stays true after the plan.",
	tandem.Asymptotic: "The outcome has no bounds, so the verdict comes from an asymptotic confidence sequence: the usual estimate and standard error, in an interval widened so that it holds at all sample sizes at once. It counts from ten calls per arm on and rests on the central limit theorem.",
	tandem.Clustered: "Callers were randomised, not calls, and calls of one caller resemble each other. So the caller is what is counted: totals by caller, a ratio of means by the delta method, " +
		"and an asymptotic confidence sequence around it that holds at all sample sizes at once.",
}

// method explains where the figures come from.
func method(r *results.Results) section {
	s := section{ID: "method", Title: "How this was worked out"}
	v := &r.Verdict
	how := cmp.Or(v.Method, primaryMethod(r), tandem.Betting)
	s.Text = append(s.Text,
		"The verdict holds however often it is looked at: between equal versions it names a winner at most 5 times in 100, over the whole life of a test. "+
			"An ordinary p-value keeps that promise for one look only.",
		howMade[how],
		"Calls count in the order in which they were assigned, up to the oldest one whose outcome is still awaited. A version that makes calls shorter gains nothing by finishing first.",
	)
	if len(r.Arms) > 2 {
		s.Text = append(s.Text, "With more than two arms the error is shared among the comparisons with "+r.Arms[0].Key+" and p-values are adjusted for their number (Holm), so that all intervals hold together.")
	}
	for _, note := range r.Method.Notes {
		s.Notes = append(s.Notes, plain(note))
	}
	s.Sources = sources(how)
	return s
}

// primaryMethod gives the method by which the primary metric is followed.
func primaryMethod(r *results.Results) tandem.Evidence {
	if m := r.Metric(r.PrimaryMetric); m != nil {
		for _, c := range m.Against {
			if c.Evidence != nil {
				return c.Evidence.Method
			}
		}
	}
	return ""
}

var sourcesOf = map[tandem.Evidence][]string{
	tandem.Betting: {
		"Betting: Waudby-Smith and Ramdas, Estimating means of bounded random variables by betting, arXiv 2010.09686.",
		"Resting on the draw alone: Ham, Bojinov, Lindon and Tingley, Design-based confidence sequences, arXiv 2210.08639.",
	},
	tandem.ByPlan: {
		"Planned boundary: O'Brien and Fleming, A multiple testing procedure for clinical trials, Biometrics 35, 1979.",
	},
	tandem.Clustered: {
		"Totals by caller: Deng, Knoblich and Lu, Applying the delta method in metric analytics, arXiv 1803.06336.",
	},
}

func sources(how tandem.Evidence) []string {
	out := append([]string(nil), sourcesOf[how]...)
	return append(out,
		"Band over time: Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas, Time-uniform central limit theory and asymptotic confidence sequences, arXiv 2103.06476; Howard, Ramdas, McAuliffe and Sekhon, arXiv 1810.08240.",
		"Why peeking misleads: Johari, Pekelis and Walsh, Always valid inference, arXiv 1512.04922.",
		"Check of the split: Lindon and Malek, Anytime-valid inference for multinomial count data, arXiv 2011.03567.",
		"Figures for one look: Wilson 1927 and Newcombe 1998 for shares, Welch 1947 for averages, Pearson 1900 and Fisher 1922 for tables.",
		"Several comparisons: Holm 1979; Benjamini and Hochberg 1995. Callers on the line: Kaplan and Meier 1958.",
	)
}
