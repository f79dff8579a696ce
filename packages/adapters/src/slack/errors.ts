/** What Slack says for a while only. https://docs.slack.dev/reference/methods/chat.postMessage#errors */
const PASSING = new Set([
  "ratelimited",
  "rate_limited",
  "request_timeout",
  "service_unavailable",
  "fatal_error",
  "internal_error",
  "team_added_to_org",
  "org_login_required",
]);

const WORDS: Readonly<Record<string, string>> = {
  channel_not_found: "there is no such channel, or the app cannot see it; use its id, or invite the app",
  not_in_channel: "the app is not in the channel; invite it",
  is_archived: "the channel is archived; name another in the deployment's channels",
  channel_is_archived: "the channel is archived; name another in the deployment's channels",
  invalid_auth: "the token is not valid; put a new one into the deployment's secrets",
  not_authed: "no token was given; put one into the deployment's secrets",
  token_expired: "the token has expired; put a new one into the deployment's secrets",
  token_revoked: "the token was revoked; put a new one into the deployment's secrets",
  invalid_token: "the webhook's token is not valid; make a new webhook",
  account_inactive: "the token's user or workspace is gone; install the app anew",
  missing_scope: "the token lacks a scope; the app needs chat:write",
  no_permission: "the app may not post there; invite it, or ask for chat:write.public",
  restricted_action: "the workspace does not let this app post there",
  restricted_action_read_only_channel: "the channel is read-only",
  action_prohibited: "the workspace does not let webhooks post there",
  ekm_access_denied: "the workspace's administrators have suspended posting",
  message_limit_exceeded: "the workspace's plan takes no more messages",
  no_active_hooks: "the webhook was switched off; make a new one",
  no_service: "the webhook was removed or switched off; make a new one",
  no_team: "the workspace of the webhook is gone",
  team_disabled: "the workspace is disabled",
  no_text: "the message has no text",
  msg_too_long: "the message is too long",
  ratelimited: "too many messages for now",
  rate_limited: "too many messages for now",
};

/** Whether a message that was answered so may be sent again later. */
export function isPassing(code: string): boolean {
  return PASSING.has(code);
}

/** What an error means and what to do about it, with Slack's own code behind it. */
export function words(code: string): string {
  const known = WORDS[code];
  if (known !== undefined) return `${known} (${code})`;
  return isPassing(code) ? `it has trouble of its own (${code})` : `it answered ${code}`;
}
