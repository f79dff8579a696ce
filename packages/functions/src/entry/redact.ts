/** Members that hold secrets, whatever stands in them. */
const SECRET_NAMES =
  /^(authorization|cookie|set-cookie|x-api-key)$|token|secret|password|passphrase|private.?key|signature|credential/i;

/** Texts that are secrets by their form, wherever they stand. */
const SECRET_FORMS: readonly RegExp[] = [
  /\bgonogo_[\w-]{20,}/g,
  /\b(?:Bearer|Basic|Demo) +[\w.~+/=-]{6,}/gi,
  // A JSON Web Token (RFC 7519): its header begins with {".
  /\beyJ[\w-]{6,}\.[\w-]{4,}\.[\w-]*/g,
  /\bxox[abceoprs]-[\w-]{6,}|\bxapp-[\w-]{6,}/g,
  /\bsntry[su]_[\w=-]{10,}/g,
  // An incoming webhook's address is all that it takes to post there.
  /https:\/\/hooks\.slack\.com\/[\w/-]+/g,
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
  // https://user:password@host
  /(?<=:\/\/)[^\s/:@]+:[^\s/@]+(?=@)/g,
  // Step Functions' task tokens have hundreds of characters of base64; digests and ids have 64 at the most.
  /[A-Za-z0-9+/_=-]{120,}/g,
];

const REDACTED = "[redacted]";
/** What is longer is cut: a log line is for a person. */
const LONGEST = 2_000;
const DEEPEST = 6;

/** A text without what looks like a secret in it (S16). */
export function redactText(text: string): string {
  let clean = text;
  for (const form of SECRET_FORMS) clean = clean.replace(form, REDACTED);
  return clean.length <= LONGEST ? clean : `${clean.slice(0, LONGEST)}… (${clean.length} characters)`;
}

/** The same for whatever goes into a log line; members with the names of secrets go without their values. */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === "string") return redactText(value);
  if (typeof value === "bigint") return value.toString();
  if (typeof value !== "object" || value === null) return value;
  if (depth >= DEEPEST) return "…";
  if (Array.isArray(value)) return value.map((one) => redact(one, depth + 1));
  if (value instanceof Error) return { name: value.name, message: redactText(value.message) };
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [
      name,
      SECRET_NAMES.test(name) ? REDACTED : redact(one, depth + 1),
    ]),
  );
}
