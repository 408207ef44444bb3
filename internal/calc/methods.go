package calc

// Holds says when a line may be believed.
type Holds string

// What a line may hold for.
const (
	// OneLook: fixed horizon, only if you look once.
	OneLook Holds = "one_look"
	// EveryLook: valid however often it is looked at.
	EveryLook Holds = "every_look"
	// Approximately: the same, resting on a normal approximation: right for many
	// calls.
	Approximately Holds = "every_look_approximately"
	// Description: says how the data lie, and is no reason to stop.
	Description Holds = "description"
)

// Words says it for people.
func (h Holds) Words() string {
	switch h {
	case EveryLook:
		return "valid at every look"
	case Approximately:
		return "valid at every look, approximately"
	case Description:
		return "a description, not a reason to stop"
	}
	return "fixed horizon: only if you look once"
}

// Method is one way to compare, with where it comes from.
type Method struct {
	Name   string `json:"name"`
	Title  string `json:"title"`
	Holds  Holds  `json:"holds"`
	Source string `json:"source"`
}

// The names of the methods, stable in JSON.
const (
	wilson          = "wilson"
	studentT        = "student_t"
	goodman         = "goodman"
	pooledZ         = "pooled_z"
	chiSquared      = "chi_squared"
	fisherExact     = "fisher_exact"
	newcombe        = "newcombe"
	miettinen       = "miettinen_nurminen"
	relativeDelta   = "relative_delta"
	betaBinomial    = "beta_binomial"
	welch           = "welch_t"
	quantile        = "quantile"
	cuped           = "cuped"
	ratioCluster    = "ratio_clustered"
	firstCalls      = "first_calls"
	nonInferior     = "non_inferior"
	equivalent      = "equivalent"
	nonInferiorSeq  = "non_inferior_asymptotic"
	equivalentSeq   = "equivalent_asymptotic"
	asymptotic      = "asymptotic"
	asymptoticRatio = "asymptotic_clustered"
	planned         = "planned"
	plannedRatio    = "planned_clustered"
	betting         = "betting"
	bettingLog      = "betting_log"
	categoricalE    = "categorical_e"
	sampleRatio     = "sample_ratio"
	holm            = "holm"
	benjamini       = "benjamini_hochberg"
	eBH             = "e_bh"
)

// Methods lists every method, in the order in which a report has them.
func Methods() []Method {
	return []Method{
		{wilson, "Wilson", OneLook, "Wilson (1927), JASA 22; Newcombe (1998), Statistics in Medicine 17, 857, method 3"},
		{studentT, "Student's t", OneLook, "Student (1908), Biometrika 6"},
		{goodman, "Goodman", OneLook, "Goodman (1965), Technometrics 7, 247: Wilson's interval of each category at 1 - alpha/C, so that all C hold together"},
		{pooledZ, "pooled z", OneLook, "normal test, variance pooled under equality; over phases: stratified"},
		{chiSquared, "chi-squared", OneLook, "Pearson (1900), without continuity correction; over phases: summed"},
		{fisherExact, "Fisher exact", OneLook, "Fisher (1935), JRSS 98; sides as in R's fisher.test"},
		{newcombe, "Newcombe", OneLook, "Newcombe (1998), Statistics in Medicine 17, 873, method 10; over phases: Zou and Donner (2008)"},
		{miettinen, "Miettinen-Nurminen", OneLook, "Miettinen and Nurminen (1985), Statistics in Medicine 4"},
		{welch, "Welch's t", OneLook, "Welch (1947), Biometrika 34; over phases: Satterthwaite (1946)"},
		{relativeDelta, "relative lift", OneLook, "delta method, other/reference - 1"},
		{quantile, "quantile", OneLook, "difference of quantiles, density-free standard error (Woodruff 1952)"},
		{cuped, "CUPED", OneLook, "Deng, Xu, Kohavi and Walker (2013), WSDM; Welch's t on the adjusted values"},
		{ratioCluster, "ratio by caller", OneLook, "delta method: Deng, Knoblich and Lu (2018), KDD, arXiv 1803.06336"},
		{firstCalls, "first calls only", OneLook, "pooled z with Newcombe's interval, or Welch's t, of each caller's first call"},
		{nonInferior, "non-inferiority", OneLook, "one-sided against the margin: Farrington and Manning (1990) for shares, Welch's t for means"},
		{equivalent, "equivalence", OneLook, "two one-sided tests, Schuirmann (1987), with the tests of non-inferiority"},
		{betaBinomial, "Beta-Binomial", Description, "uniform priors; exact P(other > reference) and expected losses"},
		{asymptotic, "asymptotic sequence", Approximately, "Waudby-Smith et al., arXiv 2103.06476; from ten values in each arm on, of averages fifty; corrected for skewness: Hall (1992), JRSS B 54"},
		{asymptoticRatio, "asymptotic, by caller", Approximately, "the same with the standard error clustered by caller"},
		{planned, "planned", Approximately, "O'Brien and Fleming (1979), Biometrics 35, continuous, with 3/5 of alpha, and the asymptotic sequence with the rest"},
		{plannedRatio, "planned, by caller", Approximately, "the same with the standard error clustered by caller"},
		{nonInferiorSeq, "non-inferiority, watched", Approximately, "one-sided asymptotic sequence against the margin"},
		{equivalentSeq, "equivalence, watched", Approximately, "the asymptotic sequence lies within the margin"},
		{betting, "betting", EveryLook, "Waudby-Smith and Ramdas, arXiv 2010.09686; Ham et al., arXiv 2210.08639"},
		{bettingLog, "betting, log scale", EveryLook, "the same on ln(1+value): any change, of the average or of the spread"},
		{categoricalE, "categorical e-process", EveryLook, "Turner, Ly and Grunwald, arXiv 2106.02693; e-values: Grunwald, de Heide and Koolen, arXiv 1906.07801"},
		{sampleRatio, "sample ratio", EveryLook, "Lindon and Malek, arXiv 2011.03567; prior mass 100; alarm at a Bayes factor of 100"},
		{holm, "Holm", OneLook, "Holm (1979), Scandinavian Journal of Statistics 6"},
		{benjamini, "Benjamini-Hochberg", OneLook, "Benjamini and Hochberg (1995), JRSS B 57"},
		{eBH, "e-BH", EveryLook, "Wang and Ramdas (2022), JRSS B 84, arXiv 2009.02824"},
	}
}

// methodOf finds a method by its name.
func methodOf(name string) Method {
	for _, m := range Methods() {
		if m.Name == name {
			return m
		}
	}
	return Method{Name: name, Title: name, Holds: OneLook}
}
