import { toMs } from "@gonogo/core/kit/duration";
import { fromMillis, type Instant, toMillis } from "@gonogo/core/kit/instant";
import { APP_STORE_LONGEST_PAUSE, dayAfter } from "@gonogo/core/target/app-store-curve";
import { bodyOf, type Fake, json, record, textAt } from "./answers.ts";
import { claimsOf } from "./jwt.ts";

const DAY = 86_400_000;

export interface FakePhasedRelease {
  id: string;
  state: "INACTIVE" | "ACTIVE" | "PAUSED" | "COMPLETE";
  startedAt?: Instant;
  pausedAt?: Instant;
  /** Of the pauses that have ended. */
  pausedMs: number;
}

export interface FakeVersion {
  id: string;
  version: string;
  state: string;
  releaseType: "MANUAL" | "AFTER_APPROVAL" | "SCHEDULED";
  createdAt: Instant;
  /** When its developer released it. */
  releasedAt?: Instant;
  phased?: FakePhasedRelease;
}

export interface FakeAppStoreState {
  apps: { id: string; bundleId: string; versions: FakeVersion[] }[];
  /** The key that is let in; without it anyone with a bearer token is. */
  key?: { issuerId: string; keyId: string; publicKey: string };
  /** How long Apple takes between release and the first day. */
  processingMs: number;
  /** What came in, oldest first. */
  log: { at: Instant; method: string; path: string }[];
}

/**
 * App Store Connect, as far as a phased release goes. Days pass with the clock, pauses do not count as days,
 * and after thirty days of pause the rollout goes on by itself.
 */
export function fakeAppStore(state: FakeAppStoreState, now: () => Instant): Fake {
  return async (request) => {
    const { pathname, searchParams } = new URL(request.url);
    record(state.log, { at: now(), method: request.method, path: pathname });
    if (!isLetIn(state, request, now()))
      return problem(401, "NOT_AUTHORIZED", CREDENTIALS, CREDENTIALS_DETAIL);
    for (const { versions } of state.apps) for (const one of versions) settle(one, versions, state, now());
    const [resource = "", id = "", related = ""] = pathname.replace(/^\/v1\//, "").split("/");
    switch (`${request.method} ${resource}${id === "" ? "" : "/id"}${related === "" ? "" : `/${related}`}`) {
      case "GET apps":
        return listApps(state, searchParams.get("filter[bundleId]"));
      case "GET apps/id/appStoreVersions":
        return listVersions(state, id);
      case "GET appStoreVersions/id/appStoreVersionPhasedRelease":
        return readPhased(state, id, now());
      case "POST appStoreVersionPhasedReleases":
        return createPhased(state, await bodyOf(request), now());
      case "PATCH appStoreVersionPhasedReleases/id":
        return changePhased(state, id, await bodyOf(request), now());
      case "POST appStoreVersionReleaseRequests":
        return release(state, await bodyOf(request), now());
      default:
        return problem(
          404,
          "PATH_ERROR",
          "The URL path is not valid",
          `The path ${request.method} ${pathname} is not valid`,
        );
    }
  };
}

/** What has come about by itself since the last look. */
function settle(one: FakeVersion, all: FakeVersion[], state: FakeAppStoreState, now: Instant): void {
  if (one.state === "PROCESSING_FOR_DISTRIBUTION" && one.releasedAt !== undefined) {
    const liveAt = toMillis(one.releasedAt) + state.processingMs;
    if (liveAt > toMillis(now)) return;
    for (const other of all) {
      if (other.state === "READY_FOR_DISTRIBUTION") other.state = "REPLACED_WITH_NEW_VERSION";
    }
    one.state = "READY_FOR_DISTRIBUTION";
    if (one.phased?.state === "INACTIVE") {
      one.phased.state = "ACTIVE";
      one.phased.startedAt = fromMillis(liveAt);
    }
  }
  const { phased } = one;
  if (phased === undefined) return;
  const most = toMs(APP_STORE_LONGEST_PAUSE);
  if (phased.state === "PAUSED" && pausedMs(phased, now) >= most) {
    phased.state = "ACTIVE";
    phased.pausedMs = most;
    delete phased.pausedAt;
  }
  if (phased.state === "ACTIVE" && runningMs(phased, now) >= 7 * DAY) phased.state = "COMPLETE";
}

function pausedMs(phased: FakePhasedRelease, now: Instant): number {
  const open = phased.pausedAt === undefined ? 0 : toMillis(now) - toMillis(phased.pausedAt);
  return phased.pausedMs + open;
}

function runningMs(phased: FakePhasedRelease, now: Instant): number {
  if (phased.startedAt === undefined) return 0;
  return toMillis(now) - toMillis(phased.startedAt) - pausedMs(phased, now);
}

function listApps(state: FakeAppStoreState, bundleId: string | null): Response {
  const apps = state.apps.filter((app) => bundleId === null || app.bundleId === bundleId);
  const data = apps.map((app) => ({ type: "apps", id: app.id, attributes: { bundleId: app.bundleId } }));
  return json(200, { data, links: {}, meta: { paging: { total: data.length, limit: 50 } } });
}

function listVersions(state: FakeAppStoreState, appId: string): Response {
  const app = state.apps.find(({ id }) => id === appId);
  if (app === undefined) return missing("apps", appId);
  const data = app.versions.map(({ id, version, state: appVersionState, releaseType, createdAt }) => ({
    type: "appStoreVersions",
    id,
    attributes: {
      versionString: version,
      appVersionState,
      releaseType,
      createdDate: createdAt,
      platform: "IOS",
    },
  }));
  return json(200, { data, links: {}, meta: { paging: { total: data.length, limit: 200 } } });
}

function readPhased(state: FakeAppStoreState, versionId: string, now: Instant): Response {
  const found = versionOf(state, versionId);
  if (found === undefined) return missing("appStoreVersions", versionId);
  return json(200, { data: found.phased === undefined ? null : shown(found.phased, now), links: {} });
}

function createPhased(state: FakeAppStoreState, body: unknown, now: Instant): Response {
  const versionId = textAt(body, "data", "relationships", "appStoreVersion", "data", "id") ?? "";
  const found = versionOf(state, versionId);
  if (found === undefined) return missing("appStoreVersions", versionId);
  if (found.phased !== undefined) return conflict("A phased release already exists for this version.");
  if (found.state === "READY_FOR_DISTRIBUTION") return conflict("The version has already been released.");
  found.phased = { id: `phased-${versionId}`, state: "INACTIVE", pausedMs: 0 };
  return json(201, { data: shown(found.phased, now), links: {} });
}

function changePhased(state: FakeAppStoreState, phasedId: string, body: unknown, now: Instant): Response {
  const found = state.apps.flatMap(({ versions }) => versions).find(({ phased }) => phased?.id === phasedId);
  const phased = found?.phased;
  if (phased === undefined) return missing("appStoreVersionPhasedReleases", phasedId);
  const wanted = textAt(body, "data", "attributes", "phasedReleaseState") ?? "";
  const move = `${phased.state} ${wanted}`;
  switch (move) {
    case "ACTIVE PAUSED":
      phased.pausedAt = now;
      break;
    case "PAUSED ACTIVE":
    case "PAUSED COMPLETE":
      phased.pausedMs = pausedMs(phased, now);
      delete phased.pausedAt;
      break;
    case "ACTIVE COMPLETE":
    case "ACTIVE ACTIVE":
    case "PAUSED PAUSED":
      break;
    default:
      return conflict(`The phased release is ${phased.state} and cannot become ${wanted}.`);
  }
  phased.state = wanted as FakePhasedRelease["state"];
  return json(200, { data: shown(phased, now), links: {} });
}

function release(state: FakeAppStoreState, body: unknown, now: Instant): Response {
  const versionId = textAt(body, "data", "relationships", "appStoreVersion", "data", "id") ?? "";
  const app = state.apps.find(({ versions }) => versions.some(({ id }) => id === versionId));
  const found = versionOf(state, versionId);
  if (app === undefined || found === undefined) return missing("appStoreVersions", versionId);
  if (found.state !== "PENDING_DEVELOPER_RELEASE") {
    return conflict(`The version is ${found.state} and cannot be released.`);
  }
  found.state = "PROCESSING_FOR_DISTRIBUTION";
  found.releasedAt = now;
  settle(found, app.versions, state, now);
  return json(201, {
    data: { type: "appStoreVersionReleaseRequests", id: `request-${versionId}` },
    links: {},
  });
}

function shown(phased: FakePhasedRelease, now: Instant) {
  const begun = phased.startedAt !== undefined;
  return {
    type: "appStoreVersionPhasedReleases",
    id: phased.id,
    attributes: {
      phasedReleaseState: phased.state,
      startDate: phased.startedAt ?? null,
      totalPauseDuration: Math.floor(pausedMs(phased, now) / DAY),
      currentDayNumber: begun ? Math.min(7, dayAfter(runningMs(phased, now))) : null,
    },
  };
}

function versionOf(state: FakeAppStoreState, versionId: string): FakeVersion | undefined {
  return state.apps.flatMap(({ versions }) => versions).find(({ id }) => id === versionId);
}

/** Signed by the key, for App Store Connect, and for no longer than twenty minutes. */
function isLetIn({ key }: FakeAppStoreState, request: Request, now: Instant): boolean {
  const token = /^Bearer (\S+)$/.exec(request.headers.get("authorization") ?? "")?.[1];
  if (token === undefined) return false;
  if (key === undefined) return true;
  const read = claimsOf(token, key.publicKey, "ES256");
  if (read === undefined) return false;
  const { header, claims } = read;
  const seconds = toMillis(now) / 1000;
  return (
    header.kid === key.keyId &&
    claims.iss === key.issuerId &&
    claims.aud === "appstoreconnect-v1" &&
    Number(claims.exp) > seconds &&
    Number(claims.exp) - Number(claims.iat) <= 1200
  );
}

const CREDENTIALS = "Authentication credentials are missing or invalid.";
const CREDENTIALS_DETAIL =
  "Provide a properly configured and signed bearer token, and make sure that it has not expired.";

function conflict(detail: string): Response {
  const title = "The request cannot be fulfilled because of the state of another resource.";
  return problem(409, "STATE_ERROR", title, detail);
}

function missing(type: string, id: string): Response {
  const detail = `There is no resource of type '${type}' with id '${id}'`;
  return problem(404, "NOT_FOUND", "The specified resource does not exist", detail);
}

function problem(status: number, code: string, title: string, detail: string): Response {
  return json(status, { errors: [{ status: String(status), code, title, detail }] });
}
