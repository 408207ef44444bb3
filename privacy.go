package tandem

import (
	"errors"
	"slices"
	"strings"
	"time"
	"unicode"
)

// PersonalData is a kind of personal data that Tandem keeps of calls, each with a
// retention of its own.
type PersonalData string

// The kinds of personal data.
const (
	// DataTranscripts is what was said.
	DataTranscripts PersonalData = "transcripts"
	// DataAnalyses is what analysers wrote: summaries, reasons, quotes, and analysis
	// values that are text other than a selector's choices.
	DataAnalyses PersonalData = "analyses"
	// DataRecordings is links to recordings. Tandem keeps no audio.
	DataRecordings PersonalData = "recordings"
	// DataCallers is callers' numbers and names.
	DataCallers PersonalData = "callers"
	// DataRecords is all of the above, and whatever else of a call's record could
	// name somebody: other systems' ids, the cause of its end, where it was
	// transferred. What the results count stays.
	DataRecords PersonalData = "records"
)

var personalData = []PersonalData{DataTranscripts, DataAnalyses, DataRecordings, DataCallers, DataRecords}

// AllPersonalData lists the kinds of personal data.
func AllPersonalData() []PersonalData { return slices.Clone(personalData) }

// Bit gives the kind's place in what [Call.Holds] gives; 0 for no kind.
func (d PersonalData) Bit() int { return 1 << (slices.Index(personalData, d) + 1) >> 1 }

// PrivacySettings are what a workspace has chosen about personal data. The zero
// value takes nothing out and keeps everything for ever.
type PrivacySettings struct {
	Redact RedactSettings `json:"redact" doc:"What is taken out of all text before it is stored or shown to a language model"`
	// DiscardCallers and DiscardRecordings keep data from being stored at all.
	DiscardCallers    bool      `json:"discard_callers" doc:"Callers' numbers are not stored, only a keyed hash that tells whose calls belong together"`
	DiscardRecordings bool      `json:"discard_recordings" doc:"Links to recordings are not stored"`
	Retention         Retention `json:"retention" doc:"For how many days data is kept; 0: for ever"`
}

// RedactSettings say what is taken out of what was said and written.
type RedactSettings struct {
	Kinds []string `json:"kinds" nullable:"false" enum:"phone,email,card,iban,ssn,name" doc:"Kinds of personal data to take out; none: nothing"`
	Names []string `json:"names" nullable:"false" doc:"Names to take out, with the kind name: exactly these, as whole words"`
	// Region is where numbers without country code are from.
	Region string `json:"region,omitempty" doc:"Country, in two letters, whose numbers are said without country code; default: the server's, or else US" example:"US"`
}

// RedactKinds lists the kinds that can be taken out of text.
func RedactKinds() []string { return []string{"phone", "email", "card", "iban", "ssn", "name"} }

// Retention says for how many days after a call each kind of its data is kept; 0 is
// for ever.
type Retention struct {
	Transcripts int `json:"transcripts_days" minimum:"0" maximum:"36500" doc:"What was said"`
	Analyses    int `json:"analyses_days" minimum:"0" maximum:"36500" doc:"Summaries, quotes, reasons and text values"`
	Recordings  int `json:"recordings_days" minimum:"0" maximum:"36500" doc:"Links to recordings"`
	Callers     int `json:"callers_days" minimum:"0" maximum:"36500" doc:"Callers' numbers"`
	Records     int `json:"records_days" minimum:"0" maximum:"36500" doc:"All personal data of a call: the above, other systems' ids, the cause of its end. What results count stays"`
}

// Days gives for how long a kind is kept; 0 is for ever. No part of a record
// outlives the record.
func (r Retention) Days(d PersonalData) int {
	own := map[PersonalData]int{
		DataTranscripts: r.Transcripts, DataAnalyses: r.Analyses, DataRecordings: r.Recordings, DataCallers: r.Callers, DataRecords: r.Records,
	}[d]
	if own == 0 || r.Records > 0 && r.Records < own {
		return r.Records
	}
	return own
}

// maxRetention and maxNames bound what can be chosen: a century, and as many names
// as are looked for without slowing ingest down.
const (
	maxRetention = 36500
	maxNames     = 10_000
)

// Validate checks settings from outside, and gives them with lists for what is
// missing.
func (s PrivacySettings) Validate() (PrivacySettings, error) {
	var errs []error
	for i, k := range s.Redact.Kinds {
		if !slices.Contains(RedactKinds(), k) {
			errs = append(errs, Errorf(Invalid, "redact.kinds"+index(i), "is %q; expected one of %q", clip(k), RedactKinds()))
		} else if slices.Contains(s.Redact.Kinds[:i], k) {
			errs = append(errs, Errorf(Invalid, "redact.kinds"+index(i), "is %q again; expected each kind once", k))
		}
	}
	if n := len(s.Redact.Names); n > maxNames {
		errs = append(errs, Errorf(Invalid, "redact.names", "has %d entries; expected at most %d", n, maxNames))
	}
	for i, n := range s.Redact.Names {
		if len(n) > 200 || !strings.ContainsFunc(n, unicode.IsLetter) {
			errs = append(errs, Errorf(Invalid, "redact.names"+index(i), "is %q; expected a name of at most 200 bytes with letters in it", clip(n)))
		}
	}
	for _, d := range []struct {
		name string
		days int
	}{
		{"transcripts", s.Retention.Transcripts},
		{"analyses", s.Retention.Analyses},
		{"recordings", s.Retention.Recordings},
		{"callers", s.Retention.Callers},
		{"records", s.Retention.Records},
	} {
		if d.days < 0 || d.days > maxRetention {
			errs = append(errs, Errorf(Invalid, "retention."+d.name+"_days", "is %d; expected 0, for ever, to %d days", d.days, maxRetention))
		}
	}
	s.Redact.Kinds, s.Redact.Names = slices.Clone(s.Redact.Kinds), slices.Clone(s.Redact.Names)
	if s.Redact.Kinds == nil {
		s.Redact.Kinds = []string{}
	}
	if s.Redact.Names == nil {
		s.Redact.Names = []string{}
	}
	return s, errors.Join(errs...)
}

// PrivacyTold is what the audit log tells of privacy settings: how many names there
// are, not which.
type PrivacyTold struct {
	PrivacySettings
	Names int `json:"names"`
}

// Told gives what the audit log is told.
func (s PrivacySettings) Told() PrivacyTold {
	t := PrivacyTold{PrivacySettings: s, Names: len(s.Redact.Names)}
	t.Redact.Names = nil
	return t
}

// PrivacyWork is what a job on stored personal data does.
type PrivacyWork string

// The kinds of work.
const (
	// WorkPurge deletes what is older than its retention.
	WorkPurge PrivacyWork = "purge"
	// WorkRedact redacts what was stored before redaction was as it is now.
	WorkRedact PrivacyWork = "redact"
)

// PrivacyJob is work on stored calls, in batches, that goes on after a restart where
// it was.
type PrivacyJob struct {
	ID    ID          `json:"id"`
	Work  PrivacyWork `json:"work" enum:"purge,redact"`
	At    time.Time   `json:"at" doc:"When it was asked for"`
	Actor string      `json:"actor" doc:"Who asked: the name of a key, or retention for the daily one"`
	// Setting is the revision of the privacy settings that it goes by.
	Setting int64 `json:"setting" doc:"Revision of the privacy settings that it goes by"`
	Looked  int64 `json:"looked" doc:"Calls that were looked at"`
	Changed int64 `json:"changed" doc:"Calls of which something was taken"`
	// Refused calls were left alone, because the results would have changed.
	Refused    int64          `json:"refused" doc:"Calls left alone because what they count for would have changed"`
	Redacted   map[string]int `json:"redacted,omitempty" doc:"What was taken out of text, by kind"`
	FinishedAt *time.Time     `json:"finished_at,omitempty"`
	LastError  string         `json:"last_error,omitempty"`

	// Settings and Step are for whoever does the work.
	Settings PrivacySettings `json:"-"`
	Step     int             `json:"-"` // of the kinds, for a purge
	After    Position        `json:"-"` // the last call that was looked at in this step
	Revision int64           `json:"-"`
}

// PrivacyProgress is what is written with a batch of work on personal data.
type PrivacyProgress struct {
	// Job is how far it has come, nil for none; Lease is until when other nodes leave
	// it alone.
	Job    *PrivacyJob
	Lease  time.Time
	Purges []Purge
	Audit  *AuditEntry
}

// Purge says what of one kind was deleted in one run, and on what ground.
type Purge struct {
	// JobID is the run; of an erasure, its own.
	JobID ID           `json:"job_id"`
	Data  PersonalData `json:"data" enum:"transcripts,analyses,recordings,callers,records"`
	Cause string       `json:"cause" enum:"retention,erasure" doc:"retention, or erasure on request"`
	Days  int          `json:"days,omitempty" doc:"The retention it went by"`
	// Setting is the revision of the privacy settings that said so.
	Setting int64     `json:"setting,omitempty" doc:"Revision of the privacy settings that said so"`
	At      time.Time `json:"at" doc:"When the first was deleted"`
	Before  time.Time `json:"before,omitzero" doc:"Calls of before this time"`
	Calls   int64     `json:"calls" doc:"Calls of which it was deleted"`
	// Oldest and Newest are times of calls.
	Oldest time.Time `json:"oldest,omitzero" doc:"Time of the oldest call of which it was deleted"`
	Newest time.Time `json:"newest,omitzero"`
	// Left counts the calls that still had it when all was done; nil before.
	Left *int64 `json:"left,omitempty" doc:"Calls of before that time that still had it when all was done, counted anew"`
}
