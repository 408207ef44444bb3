package llm

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/openai/openai-go/v3"

	"tandem"
)

// maxBody is how much an end point may answer; the longest analysis is far below.
const maxBody = 1 << 20

// answer is what a model answered.
type answer struct {
	text    string
	refusal string
	model   string
	end     end
}

// end is how an answer ended.
type end int

const (
	endStop   end = iota
	endLength     // at the limit of tokens
	endFiltered
	endRefused
)

// over says why no answer is to be had from the model for this call, or nothing.
func (s answer) over() string {
	switch s.end {
	case endFiltered:
		return "the provider's content filter keeps the model from answering"
	case endRefused:
		return clean("the model refuses to answer: "+s.refusal, maxText)
	}
	return ""
}

// exchange is the talk with an end point about one call, and what it takes.
type exchange struct {
	*Analyzer
	form    *form
	usage   tandem.AnalysisUsage
	guessed bool // some of it is estimated, as the end point does not tell
}

var (
	// errCut is an answer that began and did not end.
	errCut = errors.New("the answer breaks off")
	// errBig is an answer of more than maxBody.
	errBig = errors.New("the answer is too big")
	// errPage is a web page.
	errPage = errors.New("the answer is a web page")
)

// ask gets an answer. What the end point refuses to take is left out, and the rest
// tried again at once.
func (e *exchange) ask(ctx context.Context, so conversation) (answer, error) {
	for {
		d := e.dialect()
		got, err := e.post(ctx, d, so)
		status, ok := errors.AsType[*statusError](err)
		if !ok {
			return got, e.judge(ctx, err)
		}
		switch {
		case status.filtered():
			return answer{end: endFiltered}, nil
		case status.attempt != "" && status.badRequest():
			e.guess(so.size, len(status.attempt))
			return answer{text: status.attempt}, nil
		}
		less, ok := d.without(status)
		if !ok || status.tooLong() {
			return answer{}, status.failure()
		}
		e.learn(d, less)
	}
}

// judge turns what went wrong on the way into the error to return. Only ctx's own
// end is returned as it is.
func (e *exchange) judge(ctx context.Context, err error) error {
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return fmt.Errorf("the model was not waited for: %w", ctx.Err())
	case errors.Is(err, context.DeadlineExceeded):
		return retry(0, "the model's end point did not answer within %v", e.cfg.Timeout)
	case errors.Is(err, errPage):
		return refused(http.StatusOK, "base_url", "answers with a web page; expected an OpenAI-compatible end point, whose address often ends in /v1")
	}
	return retry(0, "the model's end point gave no answer: %w", plain(err))
}

// post sends one request.
func (e *exchange) post(ctx context.Context, d dialect, so conversation) (answer, error) {
	ctx, cancel := context.WithTimeout(ctx, e.cfg.Timeout)
	defer cancel()
	e.usage.Requests++
	res, err := e.chat.New(ctx, d.params(e.cfg.Model, e.form, so.messages, e.cfg.MaxOutputTokens))
	if err != nil {
		if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, errCut) || errors.Is(err, errBig) {
			e.guess(so.size, 0) // it is most likely billed
		}
		if !told(err) {
			err = errors.New("what it sent is not a chat completion")
		}
		return answer{}, err
	}
	if len(res.Choices) == 0 {
		e.count(res.Usage, so.size, 0)
		return answer{}, errors.New("it holds no choice")
	}
	first := res.Choices[0]
	e.count(res.Usage, so.size, len(first.Message.Content))
	got := answer{text: first.Message.Content, refusal: first.Message.Refusal, model: clean(res.Model, maxFault)}
	switch {
	case got.refusal != "":
		got.end = endRefused
	case first.FinishReason == "content_filter":
		got.end = endFiltered
	case first.FinishReason == "length":
		got.end = endLength
	}
	return got, nil
}

// told says whether an error may be told on: those of reading JSON may quote it.
func told(err error) bool {
	_, status := errors.AsType[*statusError](err)
	_, way := errors.AsType[*wayError](err)
	return status || way || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled)
}

// wayError is an error on the way to the end point or back.
type wayError struct{ error }

func (e *wayError) Unwrap() error { return e.error }

// bounded reads answers whole, before the client does: no more of them than may
// be, and those that are errors in all their shapes.
func bounded(req *http.Request, next func(*http.Request) (*http.Response, error)) (*http.Response, error) {
	res, err := next(req)
	if err != nil {
		return nil, &wayError{err}
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, maxBody+1))
	switch {
	case res.StatusCode < 200 || res.StatusCode > 299:
		return nil, newStatusError(res, body)
	case err != nil:
		return nil, &wayError{fmt.Errorf("%w: %w", errCut, err)}
	case len(body) > maxBody:
		return nil, &wayError{errBig}
	case strings.HasPrefix(res.Header.Get("Content-Type"), "text/html"):
		return nil, &wayError{errPage}
	}
	res.Header.Set("Content-Type", "application/json") // some say text/plain
	res.Body = io.NopCloser(bytes.NewReader(body))
	return res, nil
}

// count adds what an answer took, by the end point's count or else by estimate.
func (e *exchange) count(u openai.CompletionUsage, sent, got int) {
	if u.PromptTokens <= 0 || u.CompletionTokens < 0 {
		e.guess(sent, got)
		return
	}
	e.usage.Add(e.cfg.priced(u.PromptTokens, u.CompletionTokens))
}

// guess adds what so many bytes take, about.
func (e *exchange) guess(sent, got int) {
	e.guessed = true
	e.usage.Add(e.cfg.priced(tokens(sent), tokens(got)))
}

// bytesPerToken is rather low: English has about four, other languages fewer.
const bytesPerToken = 3

func tokens(size int) int64 { return int64((size + bytesPerToken - 1) / bytesPerToken) }

func (c Config) priced(in, out int64) tandem.AnalysisUsage {
	return tandem.AnalysisUsage{
		InputTokens: in, OutputTokens: out,
		Cost: (float64(in)*c.InputPrice + float64(out)*c.OutputPrice) / 1e6,
	}
}
