package api

import (
	"context"
	"io"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"tandem"
	"tandem/internal/recording"
)

// Recordings fetches audio from where a link leads.
type Recordings interface {
	Open(ctx context.Context, link, byteRange string) (*recording.Audio, error)
}

type getRecording struct {
	CallPath
	Range string `header:"Range" doc:"Part of it, as bytes=0-1023"`
}

func (a *api) recordings() {
	register(a, operation{
		id: "get-recording", method: http.MethodGet, path: "/v1/calls/{call}/recording", tag: tagCalls, scope: tandem.ScopeRead,
		summary:     "Listen to a call",
		description: "The audio that the link of its recording leads to, fetched by the server; nothing of it is stored. Links are followed by https and to public addresses only, unless the server's recording-hosts says otherwise. 409 where the link may not be followed or leads to no audio.",
		refusals:    []int{http.StatusConflict}, produces: []string{"audio/*"},
	}, a.getRecording)
}

func (a *api) getRecording(ctx context.Context, in *getRecording) (*huma.StreamResponse, error) {
	if !in.Call.Valid() {
		return nil, noCall(in.Call)
	}
	c, err := a.Store.Call(ctx, in.Call)
	if err != nil {
		return nil, err
	}
	switch {
	case c.Recording == nil:
		return nil, tandem.Errorf(tandem.NotFound, "", "no recording of the call was reported")
	case c.Recording.Value.URL == "":
		return nil, tandem.Errorf(tandem.NotFound, "", "the link to the call's recording is not kept")
	case a.Recordings == nil:
		return nil, tandem.Errorf(tandem.Unavailable, "", "this server does not fetch recordings")
	}
	audio, err := a.Recordings.Open(ctx, c.Recording.Value.URL, in.Range)
	if err != nil {
		return nil, err
	}
	return &huma.StreamResponse{Body: func(ctx huma.Context) {
		defer func() { _ = audio.Close() }()
		ctx.SetHeader("Accept-Ranges", "bytes")
		if audio.Type != "" {
			ctx.SetHeader("Content-Type", audio.Type)
		}
		if audio.Length >= 0 {
			ctx.SetHeader("Content-Length", strconv.FormatInt(audio.Length, 10))
		}
		if audio.Range != "" {
			ctx.SetHeader("Content-Range", audio.Range)
		}
		ctx.SetStatus(audio.Status)
		if _, err := io.Copy(ctx.BodyWriter(), audio); err != nil {
			panic(http.ErrAbortHandler) // what came is not all of it, and must not look so
		}
	}}, nil
}
