package client

import (
	"context"
	"net/http"
	"net/url"

	"tandem"
)

// BlindPair is two transcripts that do not say which arm is which.
type BlindPair struct {
	Token string    `json:"token"`
	Left  BlindCall `json:"left"`
	Right BlindCall `json:"right"`
}

// BlindCall is one side of a blind pair.
type BlindCall struct {
	Turns []tandem.Turn `json:"turns"`
}

// RevealedPair is a rating, and which arm stood where.
type RevealedPair struct {
	tandem.PairRating
	Left  string `json:"left"`
	Right string `json:"right"`
}

// RatePair says which side of a blind pair is better: left, right or tie.
func (c *Client) RatePair(ctx context.Context, testID tandem.ID, token, winner, note string) (RevealedPair, error) {
	var out RevealedPair
	in := map[string]any{"token": token, "winner": winner}
	if note != "" {
		in["note"] = note
	}
	err := c.do(ctx, request{method: http.MethodPost, path: path("tests", string(testID), "pair-ratings"), in: in}, &out)
	return out, err
}

// JudgingAsk is what is to be judged.
type JudgingAsk struct {
	Arm     string  `json:"arm,omitempty"`
	Pairs   int     `json:"pairs"`
	Seed    int64   `json:"seed"`
	DryRun  bool    `json:"dry_run,omitempty"`
	MaxCost float64 `json:"max_cost,omitempty"`
	Rated   bool    `json:"rated,omitempty"`
	Afresh  bool    `json:"afresh,omitempty"`
}

// JudgingStart is what was started, or what would be.
type JudgingStart struct {
	Estimate struct {
		Judge   string               `json:"judge"`
		Arms    [2]string            `json:"arms"`
		Pairs   int                  `json:"pairs"`
		Left    int                  `json:"left"`
		Rated   int                  `json:"rated"`
		Missing int                  `json:"missing"`
		Alike   *float64             `json:"similarity_median,omitempty"`
		Usage   tandem.AnalysisUsage `json:"usage"`
		Priced  bool                 `json:"priced"`
	} `json:"estimate"`
	Judging *tandem.Judging `json:"judging,omitempty"`
}

// Judge has pairs judged, or tells what that takes.
func (c *Client) Judge(ctx context.Context, testID tandem.ID, ask JudgingAsk) (JudgingStart, error) {
	var out JudgingStart
	err := c.do(ctx, request{method: http.MethodPost, path: path("tests", string(testID), "judgements"), in: ask}, &out)
	return out, err
}

// CancelJudging stops it.
func (c *Client) CancelJudging(ctx context.Context, testID tandem.ID, arm string) (tandem.Judging, error) {
	var out tandem.Judging
	err := c.do(ctx, request{method: http.MethodDelete, path: path("tests", string(testID), "judgements"), query: ofArm(arm)}, &out)
	return out, err
}

// JudgedPairs lists the judge's pairs.
func (c *Client) JudgedPairs(ctx context.Context, testID tandem.ID, arm string, p Page) (List[tandem.JudgedPair], error) {
	var out List[tandem.JudgedPair]
	err := c.do(ctx, request{method: http.MethodGet, path: path("tests", string(testID), "judgements", "pairs"), query: p.into(ofArm(arm))}, &out)
	return out, err
}

// Judgements reads what the judge and people say.
func (c *Client) Judgements(ctx context.Context, testID tandem.ID, arm string) (Judgements, error) {
	var out Judgements
	err := c.do(ctx, request{method: http.MethodGet, path: path("tests", string(testID), "judgements"), query: ofArm(arm)}, &out)
	return out, err
}

func ofArm(arm string) url.Values {
	q := url.Values{}
	if arm != "" {
		q.Set("arm", arm)
	}
	return q
}

// Judgements are what the judge and people say of an arm against the first one, as
// far as people are shown it; Raw is all of it.
type Judgements struct {
	Arms     [2]string       `json:"arms"`
	Label    string          `json:"label"`
	Judging  *tandem.Judging `json:"judging"`
	Alike    *float64        `json:"similarity_median"`
	Judge    []Preferred     `json:"judge"`
	Position *struct {
		Pairs      int64    `json:"pairs"`
		Consistent int64    `json:"consistent"`
		FirstBoth  int64    `json:"first_both"`
		SecondBoth int64    `json:"second_both"`
		Bias       *float64 `json:"bias"`
	} `json:"position"`
	People struct {
		Raters    int64      `json:"raters"`
		Ratings   int64      `json:"ratings"`
		Blind     int64      `json:"blind"`
		Preferred *Preferred `json:"preferred"`
	} `json:"people"`
	Agreement *Agreement `json:"agreement"`
	Scores    []struct {
		Field string `json:"field"`
		Arms  []struct {
			Arm   string   `json:"arm"`
			Calls int64    `json:"calls"`
			Mean  *float64 `json:"mean"`
		} `json:"arms"`
		Agreement *Agreement `json:"agreement"`
	} `json:"scores"`

	Raw []byte `json:"-"`
}

func (j *Judgements) keep(raw []byte) { j.Raw = raw }

// Preferred is who won how often.
type Preferred struct {
	Criterion string       `json:"criterion"`
	Wins      [2]int64     `json:"wins"`
	Ties      int64        `json:"ties"`
	Unknown   int64        `json:"unknown"`
	Share     *float64     `json:"share"`
	HalfTies  *float64     `json:"share_with_half_ties"`
	Once      *tandem.Span `json:"interval_once"`
	Always    *tandem.Span `json:"interval_always"`
	Prefers   string       `json:"prefers"`
}

// Agreement compares people with a machine.
type Agreement struct {
	N        int64        `json:"n"`
	Observed *float64     `json:"observed"`
	Kappa    *float64     `json:"kappa"`
	Interval *tandem.Span `json:"interval"`
}
