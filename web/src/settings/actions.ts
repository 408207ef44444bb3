const things: Record<string, string> = { agent: "an agent", version: "a version", route: "a route", test: "a test", key: "an API key", user: "a user", webhook: "a webhook", ticket: "a one-time link", caller: "a caller", session: "a session" };
const deeds: Record<string, string> = { create: "created", publish: "published", change: "changed", delete: "deleted", revoke: "revoked", draft: "edited the draft of", rename: "renamed", end: "ended", start: "started", reweight: "changed the split of", goal: "changed the goal of", acknowledge: "acknowledged an alarm of" };
const whole: Record<string, string> = {
  "test.ramp": "went on to the next step of a ramp",
  "test.rollback": "gave all calls back to A, for a guardrail",
  "judging.start": "had pairs of calls judged",
  "judging.cancel": "stopped the judging of pairs",
  "user.accept": "accepted an invitation",
  "user.reset": "took a user’s password and sessions away and invited anew",
  "user.link": "signed in by a one-time link",
  "user.openid": "signed in by OpenID for the first time",
  "user.role": "was given a role by OpenID",
  "ticket.link": "made a link that signs in once",
  "ticket.invitation": "made an invitation",
  "user.sign_in": "signed in",
  "user.password": "changed their password",
  "settings.oidc": "changed single sign-on",
  "settings.analyzer": "changed who reads calls",
  "settings.privacy": "changed redaction and retention",
  "privacy.erase": "erased a caller’s data",
  "privacy.export": "exported a caller’s data",
  "privacy.purge": "had what is older than its retention deleted",
  "privacy.redact": "had what was stored before redacted",
  "test.reanalyze": "had a test’s calls analysed again",
  "ticket.setup": "made a code for the first administrator",
};

/** What an entry of the audit log tells, in words: route.create is "created a route". The action itself where there are none. */
export function deed(action: string): string {
  const known = whole[action];
  if (known !== undefined) return known;
  const [thing = "", verb = ""] = action.split(".");
  const does = deeds[verb];
  const what = things[thing];
  return does !== undefined && what !== undefined ? `${does} ${what}` : action;
}
