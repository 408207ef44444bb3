package tandem

import "encoding/json"

// SettingName names one thing that a workspace can choose.
type SettingName string

// The settings.
const (
	SettingAnalyzer SettingName = "analyzer" // who reads calls, and within which budget
	SettingPrivacy  SettingName = "privacy"  // what is redacted, and how long data is kept
	SettingOIDC     SettingName = "oidc"     // by whose word users may sign in
)

// SettingChange is what a setting becomes.
type SettingChange struct {
	// Body is the document to store.
	Body json.RawMessage
	// Before and After are what the audit log may tell of it: no secrets.
	Before, After json.RawMessage
}
