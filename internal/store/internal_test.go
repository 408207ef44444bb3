package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"tandem"
)

func TestEveryFactOfACallIsPartOfTheRecordOrHasAColumn(t *testing.T) {
	columns := map[string]bool{"ID": true, "Goal": true, "Ordinal": true, "Revision": true}
	// By which goal a batch counted the call: known of the batch, not of the call.
	columns["GoalEdition"] = true
	record, call := reflect.TypeFor[facts](), reflect.TypeFor[tandem.Call]()
	for i := range call.NumField() {
		f := call.Field(i)
		in, ok := record.FieldByName(f.Name)
		if !columns[f.Name] && (!ok || in.Type != f.Type) {
			t.Errorf("Call.%s would be lost: facts has no field of its name and type", f.Name)
		}
	}
	if want := call.NumField() - len(columns); record.NumField() != want {
		t.Errorf("facts has %d fields; expected %d", record.NumField(), want)
	}
}

func openSQLite(t *testing.T) *Store {
	t.Helper()
	s, err := Open(context.Background(), "sqlite:"+filepath.Join(t.TempDir(), "x.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func TestAFullDiskIsUnavailable(t *testing.T) {
	ctx, s := context.Background(), openSQLite(t)
	if _, err := s.write.Exec(`PRAGMA max_page_count = 1`); err != nil { // SQLite takes the present size instead
		t.Fatal(err)
	}
	var err error
	for n := 0; err == nil && n < 100_000; n++ {
		err = s.CommitCalls(ctx, tandem.CallChanges{Calls: []tandem.Call{{
			ID: tandem.NewID(s.now()), Foreign: map[string]string{"x": strings.Repeat("y", 150) + fmt.Sprint(n)},
		}}})
	}
	if tandem.CodeOf(err) != tandem.Unavailable {
		t.Errorf("error is %v; expected Unavailable", err)
	}
	if _, err := s.ConfigVersion(ctx); err != nil {
		t.Errorf("a full disk keeps readers away: %v", err)
	}
}

func TestALockedSQLiteFileIsUnavailableAndNotAnInternalError(t *testing.T) {
	ctx, s := context.Background(), openSQLite(t)
	var file string
	if err := s.read.QueryRow(`SELECT file FROM pragma_database_list WHERE name = 'main'`).Scan(&file); err != nil {
		t.Fatal(err)
	}
	if _, err := s.write.Exec(`PRAGMA busy_timeout = 1`); err != nil {
		t.Fatal(err)
	}
	other, err := Open(ctx, "sqlite:"+file)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = other.Close() }()
	tx, err := other.write.BeginTx(ctx, nil) // holds the file's write lock
	if err != nil {
		t.Fatal(err)
	}
	nobody := tandem.NewID(s.now())
	for name, use := range map[string]func() error{
		"CommitCalls": func() error {
			return s.CommitCalls(ctx, tandem.CallChanges{Calls: []tandem.Call{{ID: nobody}}})
		},
		"AnnounceFold":   func() error { _, err := s.AnnounceFold(ctx, nobody, s.now()); return err },
		"SaveCheckpoint": func() error { _, err := s.SaveCheckpoint(ctx, tandem.Checkpoint{TestID: nobody}, nil); return err },
		"CreateWebhook":  func() error { return s.CreateWebhook(ctx, "x", tandem.Webhook{ID: nobody}) },
		"Announce":       func() error { _, err := s.Announce(ctx, tandem.Notice{ID: nobody, Key: "k"}, nil); return err },
		"FinishDelivery": func() error {
			return s.FinishDelivery(ctx, nobody, nobody, tandem.DeliveryDelivered, s.now(), "")
		},
	} {
		if err := use(); tandem.CodeOf(err) != tandem.Unavailable {
			t.Errorf("%s: %v; expected Unavailable", name, err)
		}
	}
	if _, err := s.Ledger(ctx, nobody, tandem.Position{}, 0, 10); err != nil {
		t.Errorf("a lock keeps readers away: %v", err)
	}
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	if err := s.CommitCalls(ctx, tandem.CallChanges{Calls: []tandem.Call{{ID: tandem.NewID(s.now())}}}); err != nil {
		t.Errorf("after the lock is gone: %v", err)
	}
}

func TestErrorsOfADriverSayWhatTheCallerCanDo(t *testing.T) {
	pg := func(code string) error { return fmt.Errorf("exec: %w", &pgconn.PgError{Code: code}) }
	for name, c := range map[string]struct {
		err  error
		code tandem.Code
	}{
		"refused connection":   {&net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}, tandem.Unavailable},
		"reset connection":     {&net.OpError{Op: "read", Err: syscall.ECONNRESET}, tandem.Unavailable},
		"cut connection":       {io.ErrUnexpectedEOF, tandem.Unavailable},
		"deadline":             {context.DeadlineExceeded, tandem.Unavailable},
		"admin shutdown":       {pg("57P01"), tandem.Unavailable},
		"starting up":          {pg("57P03"), tandem.Unavailable},
		"disk full":            {pg("53100"), tandem.Unavailable},
		"too many connections": {pg("53300"), tandem.Unavailable},
		"read-only replica":    {pg("25006"), tandem.Unavailable},
		"unique":               {pg("23505"), tandem.Conflict},
		"deadlock":             {pg("40P01"), tandem.Conflict},
		"serialization":        {pg("40001"), tandem.Conflict},
		"text with NUL":        {pg("22021"), tandem.Invalid},
		"syntax":               {pg("42601"), tandem.Internal},
		"domain error":         {notFound("agent", "x"), tandem.NotFound},
		"anything else":        {errors.New("?"), tandem.Internal},
	} {
		s := &Store{dialect: postgresDialect}
		if got := tandem.CodeOf(s.fault("test", c.err)); got != c.code {
			t.Errorf("%s: code is %s; expected %s", name, got, c.code)
		}
	}
}

func TestATransactionThatAnotherGotInTheWayOfIsTriedOnceMore(t *testing.T) {
	s := &Store{dialect: postgresDialect}
	deadlock := &pgconn.PgError{Code: "40P01"}
	for name, c := range map[string]struct {
		errs  []error
		tries int
		code  tandem.Code
	}{
		"success":                {[]error{nil}, 1, ""},
		"deadlock, then success": {[]error{deadlock, nil}, 2, ""},
		"deadlock twice":         {[]error{deadlock, deadlock, nil}, 2, tandem.Conflict},
		"another error":          {[]error{io.ErrUnexpectedEOF, nil}, 1, tandem.Unavailable},
		"the domain's conflict":  {[]error{moved("x"), nil}, 1, tandem.Conflict},
	} {
		n := 0
		err := s.retry("test", nil, func() error { n++; return c.errs[n-1] })
		if n != c.tries || tandem.CodeOf(err) != c.code {
			t.Errorf("%s: %d tries, %v; expected %d, code %q", name, n, err, c.tries, c.code)
		}
	}
}

// What is read or written for each call or each look finds its rows by an
// index, however large the tables grow.
func TestHotStatementsOfSQLiteNeverScanATable(t *testing.T) {
	s := openSQLite(t)
	q := s.dialect.statements()
	for _, text := range []string{
		q.callsByID, q.callsByForeign, q.callsAt, q.lockCalls, q.cells, selectTallies, selectArmSize, selectConfigVersion,
		selectKey + ` WHERE hash = $1`, insertCall, updateCall, updateFacts, insertForeign, saveTranscript, saveTally, growArm,
		selectInProgress, selectAnyGrouping, selectDueGrouping, selectGrouping, keepGrouping, insertMember, deleteOldMembers,
		bumpActivity, touchActivity, announceFold, selectFold, selectLedger, insertCorrection, undoCheckpoints, insertCheckpoint,
		selectCheckpoint + ` AND k.at < $2 ORDER BY k.calls DESC LIMIT 1`, selectForgettable, selectVolume, selectEarlier,
		`DELETE FROM corrections WHERE test_id = $1 AND sequence <= $2`,
		`SELECT EXISTS (SELECT 1 FROM corrections WHERE test_id = $1 AND sequence > $2 AND at <= $3)`,
		leaveGroups, overtakeGrouping, regroup, selectUnsaid, updateCallRating, updatePairRating, updateJudgedWords,
		`SELECT number FROM judged_pairs p WHERE (first_call IN (SELECT value FROM json_each($1)) OR second_call IN (SELECT value FROM json_each($1))) AND ` + reasoned,
		`SELECT id FROM pair_ratings WHERE note <> '' AND (first_call IN (SELECT value FROM json_each($1)) OR second_call IN (SELECT value FROM json_each($1)))`,
		`SELECT id FROM calls c WHERE c.id = $1 AND ` + writtenAbout,
		selectAnnounced, insertNotice, insertDelivery, selectAnyDue, selectDue, takeDelivery, finishDelivery,
		`SELECT at FROM notices n WHERE n.test_id = $1 AND (n.at, n.id) < ($2, $3) ORDER BY n.at DESC, n.id DESC LIMIT 5`,
		`SELECT n.text FROM deliveries d JOIN notices n ON n.id = d.notice_id
		 WHERE d.webhook_id = $1 AND (d.at, d.notice_id) < ($2, $3) ORDER BY d.at DESC, d.notice_id DESC LIMIT 5`,
		`SELECT id FROM calls WHERE stage = 'assigned' AND deadline < $1 ORDER BY deadline LIMIT $2`,
		`SELECT assigned_at FROM calls c WHERE (c.assigned_at, c.id) < ($1, $2) ORDER BY c.assigned_at DESC, c.id DESC LIMIT 5`,
		`SELECT assigned_at FROM calls c WHERE c.route_id = $1 AND (c.assigned_at, c.id) < ($2, $3) ORDER BY c.assigned_at DESC, c.id DESC LIMIT 5`,
		`SELECT assigned_at FROM calls c WHERE c.test_id = $1 AND (c.assigned_at, c.id) < ($2, $3) ORDER BY c.assigned_at DESC, c.id DESC LIMIT 5`,
	} {
		var args []any
		for strings.Contains(text, "$"+strconv.Itoa(len(args)+1)) {
			args = append(args, nil)
		}
		rows, err := s.write.Query(`EXPLAIN QUERY PLAN `+text, args...)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		err = each(rows, func(scan func(...any) error) error {
			var id, parent, unused int
			var detail string
			if err := scan(&id, &parent, &unused, &detail); err != nil {
				return err
			}
			// The index of calls in progress holds nothing else.
			scans := strings.HasPrefix(detail, "SCAN") && !strings.Contains(detail, "json_each") && !strings.Contains(detail, "calls_in_progress") && !strings.Contains(detail, "CONSTANT ROW") &&
				detail != "SCAN oldest" && detail != "SCAN latest" // results of subqueries that have a limit
			if scans || strings.Contains(detail, "TEMP B-TREE FOR ORDER BY") && !strings.Contains(text, "ORDER BY id") {
				t.Errorf("%s\nplan: %s", text, detail)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
