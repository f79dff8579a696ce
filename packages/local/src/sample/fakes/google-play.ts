import { type Instant, toMillis } from "@gonogo/core/kit/instant";
import { at, bodyOf, type Fake, json, record } from "./answers.ts";
import { claimsOf } from "./jwt.ts";

export interface FakeRelease {
  name?: string;
  versionCodes: string[];
  status: "draft" | "inProgress" | "halted" | "completed";
  userFraction?: number;
}

export interface FakePlayApp {
  tracks: Record<string, FakeRelease[]>;
  /** The release of each track that was completed before the one that is: served when that is halted. */
  before: Record<string, FakeRelease>;
  bundles: number[];
  /** Counts commits and changes in the Console: an edit of an earlier count is void. */
  generation: number;
  inReview?: boolean;
}

export interface FakeGooglePlayState {
  apps: Record<string, FakePlayApp>;
  edits: Record<string, { app: string; generation: number; tracks: Record<string, FakeRelease[]> }>;
  /** The account that is let in; without it anyone with a bearer token is. */
  account?: { clientEmail: string; publicKey: string };
  tokens: { text: string; expires: number }[];
  count: number;
  log: { at: Instant; method: string; path: string }[];
}

/** The Google Play Developer API, as far as tracks go, and the endpoint that gives out its tokens. */
export function fakeGooglePlay(state: FakeGooglePlayState, now: () => Instant): Fake {
  return async (request) => {
    const { pathname, searchParams } = new URL(request.url);
    record(state.log, { at: now(), method: request.method, path: pathname });
    if (pathname === "/token") return await giveToken(state, request, now());
    if (!isLetIn(state, request, now())) {
      return problem(401, "UNAUTHENTICATED", "Request had invalid authentication credentials.");
    }
    const match = /^\/androidpublisher\/v3\/applications\/([^/]+)\/edits(?:\/([^/:]+)(.*))?$/.exec(pathname);
    const [, name = "", editId, rest = ""] = match ?? [];
    const app = state.apps[decodeURIComponent(name)];
    if (app === undefined) return problem(404, "NOT_FOUND", `Package not found: ${name}.`);
    if (editId === undefined) return open(state, app, decodeURIComponent(name));
    const edit = state.edits[editId];
    if (edit === undefined || state.apps[edit.app] !== app) {
      return problem(404, "NOT_FOUND", "Edit not found.");
    }
    if (request.method === "DELETE" && rest === "") {
      delete state.edits[editId];
      return new Response(null, { status: 204 });
    }
    if (edit.generation !== app.generation) {
      return problem(400, "INVALID_ARGUMENT", "This Edit has been deleted.");
    }
    const track = /^\/tracks\/([^/]+)$/.exec(rest)?.[1];
    if (track !== undefined && request.method === "GET") return readTrack(edit.tracks, track);
    if (track !== undefined && request.method === "PUT") {
      return updateTrack(app, edit.tracks, track, await bodyOf(request));
    }
    if (rest === "/bundles")
      return json(200, { bundles: app.bundles.map((versionCode) => ({ versionCode })) });
    if (rest === ":commit") return commit(state, app, editId, searchParams.get("changesInReviewBehavior"));
    return problem(404, "NOT_FOUND", "Method not found.");
  };
}

/** Somebody changes something in the Play Console: open edits are void from then on. */
export function changeInConsole(app: FakePlayApp, track: string, releases: FakeRelease[]): void {
  app.tracks[track] = releases;
  app.generation += 1;
}

function open(state: FakeGooglePlayState, app: FakePlayApp, name: string): Response {
  state.count += 1;
  const id = String(state.count);
  state.edits[id] = { app: name, generation: app.generation, tracks: structuredClone(app.tracks) };
  return json(200, { id, expiryTimeSeconds: "3600" });
}

function readTrack(tracks: Record<string, FakeRelease[]>, track: string): Response {
  const releases = tracks[track];
  if (releases === undefined) return problem(404, "NOT_FOUND", `Track not found: ${track}.`);
  return json(200, { track, releases });
}

function updateTrack(
  app: FakePlayApp,
  tracks: Record<string, FakeRelease[]>,
  track: string,
  body: unknown,
): Response {
  const given = at(body, "releases");
  if (!Array.isArray(given)) return problem(400, "INVALID_ARGUMENT", "Releases must be specified.");
  const releases = given as FakeRelease[];
  const wrong = whyInvalid(app, track, releases);
  if (wrong !== undefined) return problem(400, "INVALID_ARGUMENT", wrong);
  const halted = releases.find(
    ({ status, userFraction }) => status === "halted" && userFraction === undefined,
  );
  const before = app.before[track];
  const served = halted !== undefined && !releases.some(({ status }) => status === "completed");
  tracks[track] = served && before !== undefined ? [...releases, before] : releases;
  return json(200, { track, releases: tracks[track] });
}

function whyInvalid(app: FakePlayApp, track: string, releases: FakeRelease[]): string | undefined {
  for (const { versionCodes, status, userFraction } of releases) {
    const unknown = versionCodes.find((code) => !app.bundles.includes(Number(code)));
    if (unknown !== undefined) return `Version code ${unknown} has not been uploaded.`;
    const staged = status === "inProgress" || (status === "halted" && userFraction !== undefined);
    if (staged && !(userFraction !== undefined && userFraction > 0 && userFraction < 1)) {
      return "User fraction must be greater than 0 and less than 1 for a staged release.";
    }
    if (!staged && userFraction !== undefined) return `User fraction cannot be set on a ${status} release.`;
  }
  if (releases.filter(({ status }) => status === "completed").length > 1) {
    return "Too many completed releases specified.";
  }
  const completed = app.tracks[track]?.find(({ status }) => status === "completed");
  if (completed === undefined && releases.some(({ status }) => status === "inProgress")) {
    return "Cannot have a staged rollout on a track without a completed release.";
  }
  const halted = releases.find(
    ({ status, userFraction }) => status === "halted" && userFraction === undefined,
  );
  if (halted !== undefined && app.before[track] === undefined) {
    return "A completed release can only be halted when an earlier completed release exists.";
  }
  return undefined;
}

function commit(
  state: FakeGooglePlayState,
  app: FakePlayApp,
  editId: string,
  behavior: string | null,
): Response {
  if (app.inReview === true && behavior === "ERROR_IF_IN_REVIEW") {
    const message = "You already have changes in review.";
    const details = [
      { "@type": "type.googleapis.com/google.rpc.ErrorInfo", reason: "CHANGES_ALREADY_IN_REVIEW" },
    ];
    return json(400, { error: { code: 400, message, status: "FAILED_PRECONDITION", details } });
  }
  const tracks = state.edits[editId]?.tracks ?? {};
  for (const [track, releases] of Object.entries(tracks)) {
    const old = app.tracks[track]?.find(({ status }) => status === "completed");
    const fresh = releases.find(({ status }) => status === "completed");
    if (old !== undefined && fresh !== undefined && fresh.versionCodes[0] !== old.versionCodes[0]) {
      app.before[track] = old;
    }
  }
  app.tracks = tracks;
  app.generation += 1;
  delete state.edits[editId];
  return json(200, { id: editId });
}

async function giveToken(state: FakeGooglePlayState, request: Request, now: Instant): Promise<Response> {
  const form = new URLSearchParams(await request.text());
  const assertion = form.get("assertion") ?? "";
  const isGrant = form.get("grant_type") === "urn:ietf:params:oauth:grant-type:jwt-bearer";
  const seconds = Math.floor(toMillis(now) / 1000);
  if (state.account !== undefined) {
    const claims = claimsOf(assertion, state.account.publicKey, "RS256")?.claims;
    const holds =
      claims?.iss === state.account.clientEmail &&
      claims.aud === request.url &&
      claims.scope === "https://www.googleapis.com/auth/androidpublisher" &&
      Number(claims.exp) > seconds;
    if (!holds) return json(400, { error: "invalid_grant", error_description: "Invalid JWT Signature." });
  }
  if (!isGrant) return json(400, { error: "unsupported_grant_type" });
  state.count += 1;
  const text = `ya29.${state.count}`;
  state.tokens.push({ text, expires: seconds + 3599 });
  return json(200, { access_token: text, expires_in: 3599, token_type: "Bearer" });
}

function isLetIn(state: FakeGooglePlayState, request: Request, now: Instant): boolean {
  const given = /^Bearer (\S+)$/.exec(request.headers.get("authorization") ?? "")?.[1];
  return state.tokens.some(({ text, expires }) => text === given && expires > toMillis(now) / 1000);
}

function problem(code: number, status: string, message: string): Response {
  const errors = [{ message, domain: "global", reason: code === 400 ? "badRequest" : "notFound" }];
  return json(code, { error: { code, message, errors, status } });
}
