package llm

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"tandem"
)

// wantKept checks that an error gives away neither the key nor the call.
func wantKept(t *testing.T, err error) {
	t.Helper()
	for _, secret := range []string{key, "Ana", "Friday", "table", "system_prompt"} {
		if strings.Contains(fmt.Sprintf("%v %+v", err, err), secret) {
			t.Errorf("the error gives %q away: %v", secret, err)
		}
	}
}

func TestFailuresOfTheEndPointSayWhetherToTryAgain(t *testing.T) {
	quoting := `{"error":{"message":"Incorrect API key provided: ` + key + `. You said: Ana Pérez wants a table","type":"x","code":"` + key + `","param":null}}`
	for name, c := range map[string]struct {
		answer  http.HandlerFunc
		retry   bool
		after   time.Duration
		status  int    // of a refusal
		says    string // in the error
		guessed bool
	}{
		"too many requests":            {answer: status(429, quoting, "Retry-After: 7"), retry: true, after: 7 * time.Second, says: "429"},
		"too many, in milliseconds":    {answer: status(429, quoting, "retry-after-ms: 1500", "Retry-After: 2"), retry: true, after: 1500 * time.Millisecond},
		"too many, for a week":         {answer: status(429, quoting, "Retry-After: 604800"), retry: true, after: time.Hour},
		"too many, for all time":       {answer: status(429, quoting, "Retry-After: 1e999"), retry: true},
		"too many, since yesterday":    {answer: status(429, quoting, "Retry-After: -5"), retry: true},
		"too many, in no words":        {answer: status(429, quoting, "Retry-After: soon"), retry: true},
		"a server error":               {answer: status(500, "oops"), retry: true, says: "500"},
		"a busy server":                {answer: status(503, `{"error":"overloaded"}`, "Retry-After: 30"), retry: true, after: 30 * time.Second},
		"a gateway's time-out":         {answer: status(504, "<html>"), retry: true},
		"no choices":                   {answer: body(`{"id":"x","choices":[],"usage":{"prompt_tokens":5,"completion_tokens":0}}`), retry: true, says: "no choice"},
		"an error that says 200":       {answer: body(`{"error":{"message":"` + key + `","code":502}}`), retry: true, guessed: true},
		"no JSON":                      {answer: body("Ana Pérez: " + key), retry: true, says: "not a chat completion"},
		"nothing":                      {answer: body(""), retry: true},
		"half an answer":               {answer: half, retry: true, guessed: true, says: "breaks off"},
		"more than anybody wants":      {answer: huge, retry: true, guessed: true, says: "too big"},
		"a connection that ends":       {answer: hangUp, retry: true},
		"a key that is none":           {answer: status(401, quoting), status: 401, says: "key: "},
		"a key that may not":           {answer: status(403, quoting), status: 403},
		"an unknown model":             {answer: status(404, `{"error":{"message":"The model does not exist","type":"invalid_request_error","param":null,"code":"model_not_found"}}`), status: 404, says: "model_not_found"},
		"a request that is wrong":      {answer: status(400, quoting), status: 400},
		"a request that is wrong, too": {answer: status(422, `{"detail":[{"loc":["body","tools"],"msg":"field required","input":"Ana"}]}`), status: 422},
		"an empty purse":               {answer: status(402, `{"error":{"message":"Insufficient Balance"}}`), status: 402, says: "paid"},
		"an empty purse, by 429":       {answer: status(429, `{"error":{"message":"You exceeded your current quota","type":"insufficient_quota","code":"insufficient_quota"}}`), status: 429, says: "insufficient_quota"},
		"a move":                       {answer: status(307, "", "Location: http://elsewhere.example/"), status: 307, says: "base_url: "},
		"a web page":                   {answer: status(200, "<!doctype html>", "Content-Type: text/html; charset=utf-8"), status: 200, says: "base_url: "},
	} {
		t.Run(name, func(t *testing.T) {
			end, a := serve(t, c.answer)
			got, err := a.Analyze(t.Context(), task)
			if err == nil {
				t.Fatalf("no error: %+v", got)
			}
			wantKept(t, err)
			later, isRetry := errors.AsType[*RetryError](err)
			no, isRefused := errors.AsType[*RefusedError](err)
			if isRetry != c.retry || isRefused == c.retry {
				t.Fatalf("%T %v", err, err)
			}
			if c.retry && (later.After != c.after && !strings.Contains(name, "all time") || tandem.CodeOf(err) != tandem.Unavailable) {
				t.Errorf("after %v, code %s; want %v", later.After, tandem.CodeOf(err), c.after)
			}
			if !c.retry && (no.Status != c.status || tandem.CodeOf(err) != tandem.Invalid) {
				t.Errorf("status %d, code %s; want %d", no.Status, tandem.CodeOf(err), c.status)
			}
			if !strings.Contains(err.Error(), c.says) {
				t.Errorf("%v; want it to say %q", err, c.says)
			}
			if n := len(end.requests()); n != 1 || got.Usage.Requests != 1 || len(got.Findings) != 0 {
				t.Errorf("%d requests, %+v", n, got)
			}
			if guessed := strings.Contains(got.Note, noteGuessed); guessed != c.guessed || guessed != (got.Usage.InputTokens > 100) {
				t.Errorf("usage %+v, note %q", *got.Usage, got.Note)
			}
		})
	}
}

// half ends in the middle of the body.
func half(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Length", "2000")
	says(filled())(w, r)
	w.(http.Flusher).Flush()
	panic(http.ErrAbortHandler)
}

func hangUp(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

func huge(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, `{"choices":[{"message":{"content":"`+strings.Repeat("x", maxBody)+`"}}]}`)
}

func TestAnEndPointThatFailsDuringTheRepairIsTriedLaterAndTheUsageIsKept(t *testing.T) {
	_, a := serve(t, says("no JSON"), status(429, "", "Retry-After: 3"))
	got, err := a.Analyze(t.Context(), task)
	later, ok := errors.AsType[*RetryError](err)
	if !ok || later.After != 3*time.Second {
		t.Fatalf("%v", err)
	}
	if *got.Usage != (tandem.AnalysisUsage{Requests: 2, InputTokens: 1000, OutputTokens: 100}) {
		t.Errorf("usage %+v", *got.Usage)
	}
}

// carrier answers requests without a network, so that a bubble's clock rules.
type carrier func(*http.Request) (*http.Response, error)

func (c carrier) RoundTrip(r *http.Request) (*http.Response, error) { return c(r) }

func silent(r *http.Request) (*http.Response, error) {
	<-r.Context().Done()
	return nil, r.Context().Err()
}

func carried(t *testing.T, c carrier) *Analyzer {
	t.Helper()
	a, err := New(Config{BaseURL: "http://silent.example/v1", Key: key, Model: "m"}, &http.Client{Transport: c})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestASilentEndPointIsGivenUpAfterTheTimeOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		got, err := carried(t, silent).Analyze(t.Context(), task)
		if _, ok := errors.AsType[*RetryError](err); !ok || !strings.Contains(err.Error(), "within 1m0s") {
			t.Errorf("%v", err)
		}
		if took := time.Since(began); took != defaultTimeout {
			t.Errorf("given up after %v", took)
		}
		if got.Usage.Requests != 1 || got.Usage.InputTokens == 0 {
			t.Errorf("usage %+v; want what is probably billed", *got.Usage)
		}
	})
}

func TestWhoeverAsksMayStopWaiting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		_, err := carried(t, silent).Analyze(ctx, task)
		if _, later := errors.AsType[*RetryError](err); later || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%v; want ctx's error", err)
		}
	})
}

func TestAWaitMayBeGivenAsADate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		at := time.Now().Add(90 * time.Second).UTC().Format(http.TimeFormat)
		a := carried(t, func(*http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: http.StatusTooManyRequests, Header: http.Header{"Retry-After": {at}}, Body: http.NoBody}, nil
		})
		_, err := a.Analyze(t.Context(), task)
		if later, ok := errors.AsType[*RetryError](err); !ok || later.After != 90*time.Second {
			t.Errorf("%#v", err)
		}
	})
}

func TestSecretsAreNotPrinted(t *testing.T) {
	cfg := Config{BaseURL: "https://api.example/v1", Key: key, Model: "m", Headers: map[string]string{"api-key": key}}
	a, err := New(cfg, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, format := range []string{"%v", "%+v", "%#v", "%s"} {
		if text := fmt.Sprintf(format+format, cfg, a); strings.Contains(text, "secret") {
			t.Errorf("%s prints %s", format, text)
		}
	}
}

// TestWhatAnEndPointDoesNotTakeIsLeftOut goes through the refusals of end points,
// as they word them.
func TestWhatAnEndPointDoesNotTakeIsLeftOut(t *testing.T) {
	for name, c := range map[string]struct {
		refusals []string
		want     dialect
	}{
		"OpenAI's thinking models": {[]string{
			`{"error":{"message":"Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.","type":"invalid_request_error","param":"max_tokens","code":"unsupported_parameter"}}`,
			`{"error":{"message":"Unsupported value: 'temperature' does not support 0 with this model. Only the default (1) value is supported.","type":"invalid_request_error","param":"temperature","code":"unsupported_value"}}`,
		}, dialect{limit: limitNew, noTemperature: true}},
		"Azure's older models": {[]string{
			`{"error":{"message":"Invalid parameter: 'response_format' of type 'json_schema' is not supported with this model.","type":"invalid_request_error","param":null,"code":null}}`,
			`{"error":{"message":"Invalid parameter: 'response_format' of type 'json_object' is not supported with this model.","type":"invalid_request_error","param":"response_format","code":null}}`,
		}, dialect{format: formatText}},
		"Groq": {[]string{
			"{\"error\":{\"message\":\"This model does not support response format `json_schema`.\",\"type\":\"invalid_request_error\",\"param\":\"response_format\"}}",
		}, dialect{format: formatObject}},
		"xAI": {[]string{
			`{"code":"Client specified an invalid argument","error":"The response_format parameter is unsupported at the moment. Leave it unset."}`,
		}, dialect{format: formatObject}},
		"Mistral": {[]string{
			`{"object":"error","message":{"detail":[{"type":"extra_forbidden","loc":["body","seed"],"msg":"Extra inputs are not permitted","input":7}]},"type":"invalid_request_error","param":null,"code":null}`,
		}, dialect{noSeed: true}},
		"everything": {
			[]string{"temperature", "seed", "max_tokens", "max_completion_tokens", "response_format", "response_format"},
			dialect{format: formatText, limit: limitNone, noTemperature: true, noSeed: true},
		},
	} {
		t.Run(name, func(t *testing.T) {
			answers := []http.HandlerFunc{}
			for i, refusal := range c.refusals {
				answers = append(answers, status(400+22*(i%2), refusal))
			}
			end, a := serve(t, append(answers, says(filled()))...)
			got := analyze(t, a, task)
			if a.spoken != c.want {
				t.Errorf("%+v; want %+v", a.spoken, c.want)
			}
			if got.Usage.Requests != int64(len(c.refusals)+1) || got.Usage.InputTokens != 1000 {
				t.Errorf("usage %+v", *got.Usage)
			}
			analyze(t, a, task)
			r := end.requests()[len(c.refusals)+1]
			if len(end.requests()) != len(c.refusals)+2 {
				t.Error("it is asked for again")
			}
			if (r.Temperature == nil) != c.want.noTemperature || (r.Seed == nil) != c.want.noSeed ||
				(r.MaxTokens == nil) != (c.want.limit != limitOld) || (r.MaxCompletionTokens == nil) != (c.want.limit != limitNew) ||
				(r.ResponseFormat == nil) != (c.want.format == formatText) {
				t.Errorf("sent %+v", r)
			}
		})
	}
}

func TestACallThatIsTooLongForTheModelIsCutUntilItFits(t *testing.T) {
	long := tandem.AnalysisTask{Fields: fields}
	for i := range 3000 {
		long.Turns = append(long.Turns, tandem.Turn{Role: tandem.RoleCaller, Text: "This is sentence number " + strconv.Itoa(i)})
	}
	tooLong := status(400, `{"object":"error","message":"This model's maximum context length is 8192 tokens. However, you requested 24000 tokens.","type":"BadRequestError","param":null,"code":400}`)
	end, a := serve(t, tooLong, tooLong, says(filled()))
	got := analyze(t, a, long)
	sent := end.requests()
	if len(sent) != 3 || len(sent[2].user()) > len(sent[0].user())/3 {
		t.Fatalf("%d requests, the last of %d bytes", len(sent), len(sent[len(sent)-1].user()))
	}
	for _, want := range []string{"[1] caller: This is sentence number 0\n", "[3000] caller: This is sentence number 2999\n", "turns are left out here]\n"} {
		if !strings.Contains(sent[2].user(), want) {
			t.Errorf("%q is not sent", want)
		}
	}
	if !strings.Contains(got.Note, "turns in the middle were left out") || a.spoken != (dialect{}) {
		t.Errorf("note %q, dialect %+v", got.Note, a.spoken)
	}
	if size := len(sent[0].system()) + len(sent[0].user()); size > defaultInput*bytesPerToken+50 || size < defaultInput*bytesPerToken*9/10 {
		t.Errorf("%d bytes are sent at first; want about %d", size, defaultInput*bytesPerToken)
	}

	_, a = serve(t, tooLong)
	_, err := a.Analyze(t.Context(), long)
	if no, ok := errors.AsType[*RefusedError](err); !ok || !strings.HasPrefix(no.Error(), "max_input_tokens: ") {
		t.Errorf("%v; want the setting at fault", err)
	}
}
