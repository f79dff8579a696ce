import { AwsError } from "../kernel/wire.ts";

/** "Member must have …": what AWS answers when a member is outside its bounds. */
export function validationFailed(value: unknown, member: string, constraint: string): AwsError {
  return new AwsError(
    "ValidationException",
    `1 validation error detected: Value '${String(value)}' at '${member}' failed to satisfy constraint: ${constraint}`,
  );
}

/** Throws AwsError ValidationException. 0 and undefined mean the API's own page size, 100. */
export function pageSize(maxResults: unknown): number {
  const asked = Number(maxResults ?? 0);
  if (asked > 1000) {
    throw validationFailed(maxResults, "maxResults", "Member must have value less than or equal to 1000");
  }
  if (asked < 0) {
    throw validationFailed(maxResults, "maxResults", "Member must have value greater than or equal to 0");
  }
  return asked === 0 ? 100 : asked;
}

export function nextToken(place: string | undefined): { nextToken?: string } {
  return place === undefined ? {} : { nextToken: Buffer.from(place).toString("base64url") };
}

/** Throws AwsError InvalidToken, or ValidationException when it is longer than tokens are. */
export function placeOf(token: unknown, longest = 1024): string | undefined {
  if (token === undefined) return undefined;
  if (typeof token !== "string" || token.length > longest) {
    throw validationFailed(token, "nextToken", `Member must have length less than or equal to ${longest}`);
  }
  const place = Buffer.from(token, "base64url").toString("utf8");
  if (place === "" || Buffer.from(place).toString("base64url") !== token) {
    throw new AwsError("InvalidToken", `Invalid Token: '${token}'`);
  }
  return place;
}
