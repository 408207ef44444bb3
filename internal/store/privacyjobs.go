package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"strconv"
	"time"

	"tandem"
)

const (
	jobColumns = `d.id, d.work, d.at, d.actor, d.setting, d.settings, d.step, d.after_at, d.after_id, d.looked, d.changed, d.refused, d.redacted,
		d.finished_at, d.last_error, d.revision`
	insertJob = `
		INSERT INTO privacy_jobs (id, key, work, at, actor, setting, settings, step, after_at, after_id, looked, changed, refused, redacted,
			lease_until, last_error, revision)
		VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 0, '', 0, 0, 0, '{}', 0, '', 1) ON CONFLICT (key) DO NOTHING`
	updateJob = `
		UPDATE privacy_jobs SET step = $3, after_at = $4, after_id = $5, looked = $6, changed = $7, refused = $8, redacted = $9,
			finished_at = $10, lease_until = $11, last_error = $12, revision = revision + 1
		WHERE id = $1 AND revision = $2`
	selectAnyJob = `SELECT EXISTS (SELECT 1 FROM privacy_jobs WHERE finished_at IS NULL AND lease_until <= $1)`
	selectDueJob = `SELECT ` + jobColumns + ` FROM privacy_jobs d WHERE d.finished_at IS NULL AND d.lease_until <= $1 ORDER BY d.at, d.id LIMIT 1`
	leaseJob     = `UPDATE privacy_jobs SET lease_until = $2, revision = revision + 1 WHERE id = $1`
	insertAudit  = `INSERT INTO audit (id, at, actor, action, object, before, after) VALUES ($1, $2, $3, $4, $5, $6, $7)`
	insertPurge  = `
		INSERT INTO purges (job_id, data, cause, days, setting, at, before, calls, oldest, newest, left_over)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
		ON CONFLICT (job_id, data) DO UPDATE SET calls = purges.calls + excluded.calls,
			oldest = CASE WHEN purges.oldest = 0 OR excluded.oldest <> 0 AND excluded.oldest < purges.oldest THEN excluded.oldest ELSE purges.oldest END,
			newest = CASE WHEN excluded.newest > purges.newest THEN excluded.newest ELSE purges.newest END,
			left_over = excluded.left_over`
	selectPurges = `SELECT p.job_id, p.data, p.cause, p.days, p.setting, p.at, p.before, p.calls, p.oldest, p.newest, p.left_over FROM purges p`
)

// StartPrivacyJob stores work that is to be done, by the privacy settings as they are,
// and gives it. Of several with one key only the first is stored; isNew says whether
// this is it. The audit log is told of work that somebody asked for.
func (s *Store) StartPrivacyJob(ctx context.Context, actor, key string, work tandem.PrivacyWork, asked bool) (job tandem.PrivacyJob, isNew bool, err error) {
	now := s.now()
	id := tandem.NewID(now)
	if key == "" {
		key = string(id)
	}
	err = s.change(ctx, "start work on personal data", nil, func(tx *sql.Tx) error {
		body, revision, err := scanSetting(tx.QueryRowContext(ctx, selectSetting, string(tandem.SettingPrivacy)))
		if err != nil {
			return err
		}
		if body == nil {
			body = json.RawMessage(`{}`)
		}
		res, err := tx.ExecContext(ctx, insertJob, string(id), key, string(work), micros(now), actor, revision, string(body))
		if err != nil {
			return err
		}
		n, err := res.RowsAffected()
		if err != nil {
			return err
		}
		isNew = n == 1
		if isNew && asked {
			after, err := json.Marshal(map[string]any{"work": work, "setting": revision})
			if err != nil {
				return err
			}
			if err := s.audit(ctx, tx, actor, "privacy."+string(work), id, nil, after); err != nil {
				return err
			}
		}
		job, _, err = scanJob(tx.QueryRowContext(ctx, `SELECT `+jobColumns+` FROM privacy_jobs d WHERE d.key = $1`, key).Scan)
		return err
	})
	return job, isNew, err
}

// ClaimPrivacyJob gives the oldest unfinished work that no node has, and keeps it from
// others until now plus lease; nil when there is none.
func (s *Store) ClaimPrivacyJob(ctx context.Context, now time.Time, lease time.Duration) (*tandem.PrivacyJob, error) {
	var due bool // asked all the time, and mostly false: that takes no turn at writing
	if err := s.read.QueryRowContext(ctx, selectAnyJob, micros(now)).Scan(&due); err != nil || !due {
		return nil, s.fault("look for work on personal data", err)
	}
	var job *tandem.PrivacyJob
	err := s.pipeline(ctx, "claim work on personal data", func(w *work) error {
		job = nil
		err := w.run(ctx, []step{{text: selectDueJob + s.dialect.claim, args: []any{micros(now)}, row: func(scan func(...any) error) error {
			j, _, err := scanJob(scan)
			job = &j
			return err
		}}})
		if err != nil || job == nil {
			return err
		}
		job.Revision++
		return w.run(ctx, []step{{text: leaseJob, args: []any{string(job.ID), micros(now.Add(lease))}}})
	})
	return job, err
}

// PrivacyJob gives work by its id, or NotFound.
func (s *Store) PrivacyJob(ctx context.Context, id tandem.ID) (tandem.PrivacyJob, error) {
	j, _, err := scanJob(s.read.QueryRowContext(ctx, `SELECT `+jobColumns+` FROM privacy_jobs d WHERE d.id = $1`, string(id)).Scan)
	return j, s.fault("read work on personal data", missing(err, "job", string(id)))
}

// PrivacyJobs lists work on personal data, newest first.
func (s *Store) PrivacyJobs(ctx context.Context, p tandem.Page) ([]tandem.PrivacyJob, string, error) {
	l := list[tandem.PrivacyJob]{
		selects: `SELECT ` + jobColumns + ` FROM privacy_jobs d`, key: [2]string{"d.at", "d.id"}, down: true, into: timeKey, scan: scanJob,
	}
	jobs, next, err := l.page(ctx, s.read, p)
	return jobs, next, s.fault("list work on personal data", err)
}

func scanJob(scan func(...any) error) (j tandem.PrivacyJob, key [2]any, err error) {
	var id, work, settings, afterID, redacted string
	var at, afterAt int64
	var finished *int64
	err = scan(&id, &work, &at, &j.Actor, &j.Setting, &settings, &j.Step, &afterAt, &afterID, &j.Looked, &j.Changed, &j.Refused, &redacted, &finished, &j.LastError, &j.Revision)
	if err != nil {
		return j, key, err
	}
	j.ID, j.Work, j.At = tandem.ID(id), tandem.PrivacyWork(work), moment(at)
	if j.After.ID = tandem.ID(afterID); afterAt != 0 {
		j.After.At = moment(afterAt)
	}
	if finished != nil {
		t := moment(*finished)
		j.FinishedAt = &t
	}
	if err := json.Unmarshal([]byte(settings), &j.Settings); err != nil {
		return j, key, err
	}
	return j, [2]any{at, id}, json.Unmarshal([]byte(redacted), &j.Redacted)
}

// jobStep writes how far a job has come.
func (s *Store) jobStep(j tandem.PrivacyJob, lease time.Time) (step, error) {
	if j.Redacted == nil {
		j.Redacted = map[string]int{}
	}
	redacted, err := json.Marshal(j.Redacted)
	if err != nil {
		return step{}, err
	}
	var finished any
	if j.FinishedAt != nil {
		finished = micros(*j.FinishedAt)
	}
	return step{
		text: updateJob, rows: 1, otherwise: tandem.Errorf(tandem.Conflict, "job", "%s was taken over by another node", j.ID),
		args: []any{
			string(j.ID), j.Revision, j.Step, storedMicros(j.After.At), string(j.After.ID), j.Looked, j.Changed, j.Refused, string(redacted),
			finished, micros(lease), keepable(j.LastError),
		},
	}, nil
}

func purgeStep(p tandem.Purge) step {
	var left any
	if p.Left != nil {
		left = *p.Left
	}
	return step{text: insertPurge, args: []any{
		string(p.JobID), string(p.Data), p.Cause, p.Days, p.Setting, micros(p.At), storedMicros(p.Before), p.Calls,
		storedMicros(p.Oldest), storedMicros(p.Newest), left,
	}}
}

// Purges lists what was deleted, newest first.
func (s *Store) Purges(ctx context.Context, p tandem.Page) ([]tandem.Purge, string, error) {
	l := list[tandem.Purge]{
		selects: selectPurges, key: [2]string{"p.at", "(p.job_id || '/' || p.data)"}, down: true, into: timeKey,
		scan: func(scan func(...any) error) (p tandem.Purge, key [2]any, err error) {
			var job, data string
			var at, before, oldest, newest int64
			err = scan(&job, &data, &p.Cause, &p.Days, &p.Setting, &at, &before, &p.Calls, &oldest, &newest, &p.Left)
			p.JobID, p.Data, p.At = tandem.ID(job), tandem.PersonalData(data), moment(at)
			for to, us := range map[*time.Time]int64{&p.Before: before, &p.Oldest: oldest, &p.Newest: newest} {
				if us != 0 {
					*to = moment(us)
				}
			}
			return p, [2]any{at, job + "/" + data}, err
		},
	}
	purges, next, err := l.page(ctx, s.read, p)
	return purges, next, s.fault("list what was deleted", err)
}

// Wipe has the database give up the bytes of what was deleted, as far as it can.
//
// On SQLite deleted content is zeroed as it is deleted (secure_delete); here the log
// is written back into the file and cut to nothing. It is Unavailable while a reader
// keeps the log in use: try again. On PostgreSQL it vacuums the tables that hold
// personal data: their dead rows are removed, and the space is used again; the bytes
// may stay in free space, in the write-ahead log and in backups until those go.
func (s *Store) Wipe(ctx context.Context) error {
	return s.fault("wipe what was deleted", s.dialect.wipe(ctx, s.write))
}

// wiped are the tables that hold personal data.
var wiped = []string{"calls", "transcripts", "analyses", "foreign_ids", "call_ratings", "pair_ratings", "judged_pairs", "groupings", "group_members"}

func postgresWipe(ctx context.Context, db *sql.DB) error {
	for _, table := range wiped {
		if _, err := db.ExecContext(ctx, `VACUUM `+table); err != nil {
			return err
		}
	}
	return nil
}

func sqliteWipe(ctx context.Context, db *sql.DB) error {
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }() // back to the pool
	// A reader that takes its time must not keep calls from being written.
	if _, err := conn.ExecContext(ctx, `PRAGMA busy_timeout = 50`); err != nil {
		return err
	}
	var busy, inLog, moved int
	err = conn.QueryRowContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`).Scan(&busy, &inLog, &moved)
	if _, again := conn.ExecContext(context.WithoutCancel(ctx), `PRAGMA busy_timeout = `+strconv.Itoa(busyMS)); err == nil {
		err = again
	}
	if err != nil {
		return err
	}
	if busy != 0 {
		return &tandem.Error{Code: tandem.Unavailable, Message: "the log is in use by a reader"}
	}
	return nil
}
