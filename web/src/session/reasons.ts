/** Why an issuer's word did not let somebody in: the reasons that the server puts into /sign-in?error=. */
const reasons: Record<string, string> = {
  denied: "Signing in was refused there, or cancelled.",
  expired: "Signing in took too long, or was begun in another browser. Try again.",
  failed: "The sign-in service does not answer as it should. An administrator finds the cause in the server’s log.",
  unverified: "The sign-in service does not vouch for your e-mail address. Verify it there first.",
  domain: "Your e-mail address is in none of the domains that may sign in here.",
  unknown: "You are not a user here yet. Ask an administrator for an invitation.",
  other: "Your e-mail address belongs to another account of the sign-in service. Ask an administrator.",
  disabled: "Your account is disabled. Ask an administrator.",
};

export const reasonText = (reason: string): string => reasons[reason] ?? "Signing in did not work.";
