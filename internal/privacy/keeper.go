// Package privacy keeps the workspace's word on personal data: what is taken out of
// events before they are stored, what of stored calls is deleted when, and what is
// handed out or erased when somebody asks.
//
// Settings, events and stored calls flow in; events and calls with less in them flow
// out. What the results count is never changed: a call is stripped only so far that it
// still counts for the same, and where a goal rested on what goes, the goal stands as
// it was judged. The package finds no personal data itself; it is handed a redactor.
package privacy

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"tandem"
)

// Redactor takes personal data out of text.
type Redactor interface {
	Text(s string) (string, tandem.Redactions)
	// Turns gives copies.
	Turns(turns []tandem.Turn) ([]tandem.Turn, tandem.Redactions)
}

// Settings is where the settings are read from.
type Settings interface {
	Setting(ctx context.Context, name tandem.SettingName) (json.RawMessage, int64, error)
	// ConfigVersion grows with every change of a setting.
	ConfigVersion(ctx context.Context) (int64, error)
}

// Options say how a Keeper does what the settings ask for.
type Options struct {
	// Secret is what all nodes share.
	Secret []byte
	// Redactor makes what takes out what the settings name.
	Redactor func(tandem.RedactSettings) (Redactor, error)
	// Number gives a caller's number however it was written, or the text itself.
	Number func(caller string) string
	// Forget gives what came of grouping calls without what rests on the words of some
	// of them, and RedactGroups with its words redacted; both say whether anything
	// changed. Nil leaves groups as they are.
	Forget       func(g tandem.Grouping, gone func(tandem.ID) bool) (tandem.Grouping, bool, error)
	RedactGroups func(g tandem.Grouping, redact func(string) string) (tandem.Grouping, bool, error)
}

// pollEvery is how often a node asks whether settings moved.
const pollEvery = 250 * time.Millisecond

// Keeper applies the settings in force. It is safe for concurrent use.
type Keeper struct {
	source Settings
	o      Options
	log    *slog.Logger
	now    atomic.Pointer[rules]
	once   sync.Mutex // of Reload

	callerSecret, idSecret []byte
}

// rules are settings made ready.
type rules struct {
	version  int64 // of the configuration that they were read after
	revision int64
	settings tandem.PrivacySettings
	redactor Redactor // nil takes nothing out
}

// NewKeeper makes a Keeper that keeps everything before the first Reload.
func NewKeeper(source Settings, o Options, log *slog.Logger) *Keeper {
	k := &Keeper{source: source, o: o, log: log}
	k.callerSecret, k.idSecret = derive(o.Secret, "tandem caller"), derive(o.Secret, "tandem erased id")
	k.now.Store(&rules{version: -1, revision: -1})
	return k
}

func derive(secret []byte, purpose string) []byte {
	h := hmac.New(sha256.New, secret)
	h.Write([]byte(purpose))
	return h.Sum(nil)
}

// Settings gives the settings in force on this node.
func (k *Keeper) Settings() tandem.PrivacySettings { return k.now.Load().settings }

// Check says why settings cannot be put in force.
func (k *Keeper) Check(s tandem.PrivacySettings) error {
	_, err := k.redactor(s)
	return err
}

func (k *Keeper) redactor(s tandem.PrivacySettings) (Redactor, error) {
	if len(s.Redact.Kinds) == 0 {
		return nil, nil
	}
	return k.o.Redactor(s.Redact)
}

// Reload puts the stored settings in force on this node.
func (k *Keeper) Reload(ctx context.Context) error {
	k.once.Lock()
	defer k.once.Unlock()
	version, err := k.source.ConfigVersion(ctx)
	if err != nil {
		return err
	}
	body, revision, err := k.source.Setting(ctx, tandem.SettingPrivacy)
	if err != nil {
		return err
	}
	was := k.now.Load()
	next := &rules{version: version, revision: revision, settings: was.settings, redactor: was.redactor}
	if revision != was.revision {
		next.settings = tandem.PrivacySettings{}
		if body != nil {
			if err := json.Unmarshal(body, &next.settings); err != nil {
				return fmt.Errorf("privacy settings: %w", err)
			}
		}
		if next.redactor, err = k.redactor(next.settings); err != nil {
			return fmt.Errorf("privacy settings: %w", err)
		}
	}
	k.now.Store(next)
	return nil
}

// Run keeps the settings current until ctx ends. While the store is away the last ones
// stay in force.
func (k *Keeper) Run(ctx context.Context) {
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	away := false
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		version, err := k.source.ConfigVersion(ctx)
		if err == nil && version != k.now.Load().version {
			err = k.Reload(ctx)
		}
		if (err != nil) != away && ctx.Err() == nil {
			if away = err != nil; away {
				k.log.Warn("privacy settings cannot be read; the last ones stay in force", "error", err)
			}
		}
	}
}

// Redact takes out of an event what the settings name. Redacting again changes
// nothing. It never writes through the event's pointers.
func (k *Keeper) Redact(e *tandem.Event) {
	r := k.now.Load()
	switch e.Kind {
	case tandem.EventAssigned:
		a := k.keyed(*e.Assigned)
		if r.settings.DiscardCallers {
			a.Caller = ""
		}
		e.Assigned = &a
	case tandem.EventRecording:
		if r.settings.DiscardRecordings {
			e.Recording = &tandem.Recording{}
		}
	}
	if r.redactor == nil {
		return
	}
	switch e.Kind {
	case tandem.EventTranscript:
		turns, n := r.redactor.Turns(e.Transcript)
		e.Transcript = turns
		count(e, "", n)
	case tandem.EventEnded:
		end := *e.Ended
		text, n := r.redactor.Text(end.Cause)
		end.Cause, e.Ended = text, &end
		count(e, "", n)
	case tandem.EventTransferred:
		t := *e.Transferred
		text, n := r.redactor.Text(t.To)
		t.To, e.Transferred = text, &t
		count(e, "", n)
	case tandem.EventAnalysis:
		values := maps.Clone(e.Analysis)
		for name, v := range values {
			if s, ok := v.(string); ok {
				text, n := r.redactor.Text(s)
				values[name] = text
				count(e, name, n)
			}
		}
		e.Analysis = values
	}
}

// Turns gives what was said in a call, stored whenever, as it may be shown to a
// language model now.
func (k *Keeper) Turns(turns []tandem.Turn) []tandem.Turn {
	r := k.now.Load().redactor
	if r == nil {
		return turns
	}
	out, _ := r.Turns(turns)
	return out
}

// count adds to what was taken out of a part of an event.
func count(e *tandem.Event, part string, n tandem.Redactions) {
	if len(n) == 0 {
		return
	}
	all := maps.Clone(e.Redacted)
	if all == nil {
		all = map[string]tandem.Redactions{}
	}
	all[part] = sum(all[part], n)
	e.Redacted = all
}

func sum(a, b tandem.Redactions) tandem.Redactions {
	if len(b) == 0 {
		return a
	}
	out := maps.Clone(a)
	if out == nil {
		out = tandem.Redactions{}
	}
	for kind, n := range b {
		out[kind] += n
	}
	return out
}

// keyed gives the assignment with the key of its caller. A unit that is a caller
// becomes a key as well, so that the number stands in one place only.
func (k *Keeper) keyed(a tandem.Assignment) tandem.Assignment {
	if a.Caller != "" {
		a.CallerKey = k.CallerKey(a.Caller)
	}
	if a.UnitKind == tandem.PerCaller && a.Unit != "" {
		a.Unit = k.CallerKey(a.Unit)
		if a.CallerKey == "" {
			a.CallerKey = a.Unit
		}
	}
	return a
}

// CallerKey gives the key of a caller, by a number however written, a name, or the key
// itself.
func (k *Keeper) CallerKey(caller string) string {
	if tandem.IsCallerKey(caller) {
		return caller
	}
	h := hmac.New(sha256.New, k.callerSecret)
	h.Write([]byte(k.o.Number(caller)))
	return tandem.CallerKey([16]byte(h.Sum(nil)))
}

// hashedPrefix tells hashed ids from others.
const hashedPrefix = "erased-"

// Hash gives what takes the place of another system's id.
func (k *Keeper) Hash(id string) string {
	if rest, ok := strings.CutPrefix(id, hashedPrefix); ok && len(rest) == 32 {
		return id
	}
	h := hmac.New(sha256.New, k.idSecret)
	h.Write([]byte(id))
	return hashedPrefix + hex.EncodeToString(h.Sum(nil)[:16])
}
