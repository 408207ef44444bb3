package api

import (
	"context"
	"net/http"

	"tandem"
	"tandem/internal/privacy"
)

// Privacy applies the privacy settings, and does what is asked for about personal data.
type Privacy interface {
	// Check says why settings cannot be put in force; Reload puts the stored ones in
	// force on this node.
	Check(s tandem.PrivacySettings) error
	Reload(ctx context.Context) error
	Export(ctx context.Context, actor, caller string) (privacy.Export, error)
	Erase(ctx context.Context, actor, caller string) (privacy.Erasure, error)
	Start(ctx context.Context, actor string, work tandem.PrivacyWork) (tandem.PrivacyJob, error)
}

// PersonalData is work on personal data, and what was deleted.
type PersonalData interface {
	PrivacyJob(ctx context.Context, id tandem.ID) (tandem.PrivacyJob, error)
	PrivacyJobs(ctx context.Context, p tandem.Page) ([]tandem.PrivacyJob, string, error)
	Purges(ctx context.Context, p tandem.Page) ([]tandem.Purge, string, error)
}

// CallerBody names a caller in the body, so that no log of addresses holds a number.
type CallerBody struct {
	Body struct {
		Caller string `json:"caller" minLength:"1" maxLength:"200" doc:"Number in any common way of writing, name, or key of the caller" example:"+1 415 555 0199"`
	}
}

func (a *api) personalData() {
	register(a, operation{
		id: "get-privacy-settings", method: http.MethodGet, path: "/v1/settings/privacy", tag: tagPrivacy, scope: tandem.ScopeRead,
		summary: "Read the privacy settings", description: "For everybody who may read calls, so that they know what was taken out. Names that are taken out are listed to the scope admin only.",
	}, a.getPrivacy)
	register(a, operation{
		id: "put-privacy-settings", method: http.MethodPut, path: "/v1/settings/privacy", tag: tagPrivacy, scope: tandem.ScopeAdmin,
		summary: "Change the privacy settings", refusals: []int{412},
		description: "All of them at once; in force on this node with the answer, and on every other within a second. What is redacted and discarded is so from now on; POST /v1/privacy/redact does it to what is stored. A retention deletes what is older within seconds, then daily.",
	}, a.putPrivacy)
	for _, work := range []struct {
		work              tandem.PrivacyWork
		path, summary, is string
	}{
		{tandem.WorkRedact, "/v1/privacy/redact", "Redact what is stored", "Calls of before, as their events would be today. In the background; the job tells how far it is."},
		{tandem.WorkPurge, "/v1/privacy/purge", "Delete what is older than its retention, now", "What the daily deletion does. In the background; the job tells how far it is."},
	} {
		register(a, operation{
			id: "start-" + string(work.work), method: http.MethodPost, path: work.path, tag: tagPrivacy, scope: tandem.ScopeAdmin,
			summary: work.summary, description: work.is, status: http.StatusAccepted,
		}, func(ctx context.Context, _ *struct{}) (*plain[tandem.PrivacyJob], error) {
			return onePlain(a.Privacy.Start(ctx, actor(ctx), work.work))
		})
	}
	register(a, operation{
		id: "list-privacy-jobs", method: http.MethodGet, path: "/v1/privacy/jobs", tag: tagPrivacy, scope: tandem.ScopeAdmin,
		summary: "List work on personal data, newest first",
	}, func(ctx context.Context, in *Paged) (*listResponse[tandem.PrivacyJob], error) {
		items, next, err := a.Store.PrivacyJobs(ctx, in.page())
		return pageOf(in, items, next, err)
	})
	register(a, operation{
		id: "get-privacy-job", method: http.MethodGet, path: "/v1/privacy/jobs/{job}", tag: tagPrivacy, scope: tandem.ScopeAdmin,
		summary: "See how far work on personal data has come",
	}, func(ctx context.Context, in *struct {
		Job tandem.ID `path:"job" doc:"Id of the job"`
	},
	) (*plain[tandem.PrivacyJob], error) {
		if !in.Job.Valid() {
			return nil, tandem.Errorf(tandem.NotFound, "", "no job has the id %.120q", in.Job)
		}
		return onePlain(a.Store.PrivacyJob(ctx, in.Job))
	})
	register(a, operation{
		id: "list-purges", method: http.MethodGet, path: "/v1/privacy/purges", tag: tagPrivacy, scope: tandem.ScopeAdmin,
		summary:     "List what was deleted, newest first",
		description: "By kind: of how many calls, of which time, on what ground, and how many still had it when all was done.",
	}, func(ctx context.Context, in *Paged) (*listResponse[tandem.Purge], error) {
		items, next, err := a.Store.Purges(ctx, in.page())
		return pageOf(in, items, next, err)
	})
	register(a, operation{
		id: "export-caller", method: http.MethodPost, path: "/v1/privacy/export", tag: tagPrivacy, scope: tandem.ScopeAdmin,
		summary:     "Hand out everything that is kept of a caller",
		description: "Also where the number itself is no longer kept. That somebody asked stands in the audit log, by the caller's key.",
	}, func(ctx context.Context, in *CallerBody) (*plain[privacy.Export], error) {
		return onePlain(a.Privacy.Export(ctx, actor(ctx), in.Body.Caller))
	})
	register(a, operation{
		id: "erase-caller", method: http.MethodPost, path: "/v1/privacy/erase", tag: tagPrivacy, scope: tandem.ScopeAdmin,
		summary:     "Erase a caller's personal data",
		description: "Cannot be undone. What the results count stays, as calls of somebody nobody knows; later events of these calls bring nothing back. The audit log and the purges name the caller's key only.",
	}, func(ctx context.Context, in *CallerBody) (*plain[privacy.Erasure], error) {
		return onePlain(a.Privacy.Erase(ctx, actor(ctx), in.Body.Caller))
	})
}

func (a *api) getPrivacy(ctx context.Context, _ *struct{}) (*one[tandem.PrivacySettings], error) {
	s, revision, err := readSetting[tandem.PrivacySettings](ctx, a, tandem.SettingPrivacy)
	if err != nil {
		return nil, err
	}
	if s, err = s.Validate(); err != nil {
		return nil, err
	}
	if c := callerOf(ctx); c == nil || !c.allows(tandem.ScopeAdmin) {
		s.Redact.Names = []string{}
	}
	out := &one[tandem.PrivacySettings]{Body: s}
	if revision > 0 {
		out.ETag = etag(revision)
	}
	return out, nil
}

func (a *api) putPrivacy(ctx context.Context, in *struct {
	IfMatch
	Body tandem.PrivacySettings
},
) (*one[tandem.PrivacySettings], error) {
	want, err := in.Body.Validate()
	if err == nil {
		err = a.Privacy.Check(want)
	}
	if err != nil {
		return nil, err
	}
	got, revision, err := editSetting(ctx, a, tandem.SettingPrivacy, in.IfMatch,
		func(s tandem.PrivacySettings) any { return s.Told() },
		func(s *tandem.PrivacySettings) error { *s = want; return nil })
	if err != nil {
		return nil, err
	}
	if err := a.Privacy.Reload(ctx); err != nil {
		a.log.WarnContext(ctx, "privacy settings are stored but not read yet", "error", err)
	}
	return &one[tandem.PrivacySettings]{ETag: etag(revision), Body: got}, nil
}
