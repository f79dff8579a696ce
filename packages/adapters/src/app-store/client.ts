import { toMillis } from "@gonogo/core/kit/instant";
import { importPKCS8, SignJWT } from "jose";
import { z } from "zod";
import { type Answer, call, digText, type Outside, OutsideError } from "../http/call.ts";

/** A key of the App Store Connect API: Users and Access > Integrations. */
export interface AppStoreKey {
  readonly issuerId: string;
  readonly keyId: string;
  /** The `.p8` file's text. */
  readonly privateKey: string;
}

export interface AppStoreConfig extends Outside {
  readonly key: AppStoreKey;
  readonly baseUrl?: string;
  readonly platform?: "IOS" | "MAC_OS" | "TV_OS" | "VISION_OS";
}

export interface App {
  readonly id: string;
  readonly bundleId: string;
}

export interface Version {
  readonly id: string;
  readonly version: string;
  /** By the newer names, whichever the answer used. */
  readonly state: string;
  readonly releaseType: string | undefined;
  readonly createdAt: string;
}

export type PhasedState = "INACTIVE" | "ACTIVE" | "PAUSED" | "COMPLETE";

export interface PhasedRelease {
  readonly id: string;
  readonly state: PhasedState;
  /** 1 to 7 once it has begun. */
  readonly day: number;
  /** Days in all, pauses that have ended included. */
  readonly pausedDays: number;
}

const Page = z.looseObject({ links: z.looseObject({ next: z.string().nullish() }).optional() });
const Apps = Page.extend({
  data: z.array(z.looseObject({ id: z.string(), attributes: z.looseObject({ bundleId: z.string() }) })),
});
const Versions = Page.extend({
  data: z.array(
    z.looseObject({
      id: z.string(),
      attributes: z.looseObject({
        versionString: z.string(),
        appVersionState: z.string().nullish(),
        appStoreState: z.string().nullish(),
        releaseType: z.string().nullish(),
        createdDate: z.string().nullish(),
      }),
    }),
  ),
});
const Phased = z.looseObject({
  data: z
    .looseObject({
      id: z.string(),
      attributes: z.looseObject({
        phasedReleaseState: z.enum(["INACTIVE", "ACTIVE", "PAUSED", "COMPLETE"]),
        currentDayNumber: z.number().nullish(),
        totalPauseDuration: z.number().nullish(),
      }),
    })
    .nullable(),
});

/** The older names of states, which some answers still use alone. */
const RENAMED: Readonly<Record<string, string>> = {
  READY_FOR_SALE: "READY_FOR_DISTRIBUTION",
  PROCESSING_FOR_APP_STORE: "PROCESSING_FOR_DISTRIBUTION",
};

/** Apple takes tokens of at most twenty minutes. */
const TOKEN_SECONDS = 900;
const MOST_PAGES = 5;
const FIELDS = "versionString,appVersionState,appStoreState,releaseType,createdDate";

/**
 * The part of the App Store Connect API that a phased release needs. Everything that Apple refuses is thrown
 * as an OutsideError in Apple's own words, `retryable` where it may be tried again.
 * https://developer.apple.com/documentation/appstoreconnectapi/app-store-version-phased-releases
 */
export class AppStoreClient {
  readonly #config: AppStoreConfig;
  readonly #baseUrl: string;
  #token: { readonly text: string; readonly expires: number } | undefined;

  constructor(config: AppStoreConfig) {
    this.#config = config;
    this.#baseUrl = (config.baseUrl ?? "https://api.appstoreconnect.apple.com").replace(/\/$/, "");
  }

  /** The apps that the key can see, or the one of that bundle id. */
  async apps(bundleId?: string): Promise<App[]> {
    const query = new URLSearchParams({ "fields[apps]": "bundleId", limit: "50" });
    if (bundleId !== undefined) query.set("filter[bundleId]", bundleId);
    const pages = await this.#pages("list apps", `/v1/apps?${query}`, Apps);
    const apps = pages.flatMap(({ data }) =>
      data.map((app) => ({ id: app.id, bundleId: app.attributes.bundleId })),
    );
    return bundleId === undefined ? apps : apps.filter((app) => app.bundleId === bundleId);
  }

  async versions(appId: string): Promise<Version[]> {
    const query = new URLSearchParams({
      "filter[platform]": this.#config.platform ?? "IOS",
      "fields[appStoreVersions]": FIELDS,
      limit: "200",
    });
    const pages = await this.#pages(
      "list versions",
      `/v1/apps/${id(appId)}/appStoreVersions?${query}`,
      Versions,
    );
    return pages.flatMap(({ data }) => data.map(toVersion));
  }

  /** Undefined when the version is to go to everyone at once. */
  async phasedRelease(versionId: string): Promise<PhasedRelease | undefined> {
    const path = `/v1/appStoreVersions/${id(versionId)}/appStoreVersionPhasedRelease`;
    const answer = await this.#send("read phased release", "GET", path);
    if (answer.status === 404) return undefined;
    const { data } = this.#read(Phased, answer, "read phased release");
    if (data === null) return undefined;
    const { phasedReleaseState: state, currentDayNumber, totalPauseDuration } = data.attributes;
    return { id: data.id, state, day: currentDayNumber ?? 0, pausedDays: totalPauseDuration ?? 0 };
  }

  async createPhasedRelease(versionId: string): Promise<void> {
    const appStoreVersion = { data: { type: "appStoreVersions", id: versionId } };
    const body = {
      data: {
        type: "appStoreVersionPhasedReleases",
        attributes: { phasedReleaseState: "INACTIVE" },
        relationships: { appStoreVersion },
      },
    };
    this.#accept(
      await this.#send("set up phased release", "POST", "/v1/appStoreVersionPhasedReleases", body),
      "set up phased release",
    );
  }

  async setPhasedRelease(
    phasedId: string,
    phasedReleaseState: "ACTIVE" | "PAUSED" | "COMPLETE",
  ): Promise<void> {
    const what = `set phased release to ${phasedReleaseState}`;
    const data = { type: "appStoreVersionPhasedReleases", id: phasedId, attributes: { phasedReleaseState } };
    const path = `/v1/appStoreVersionPhasedReleases/${id(phasedId)}`;
    this.#accept(await this.#send(what, "PATCH", path, { data }), what);
  }

  /** Releases a version that Apple has accepted and that waits for its developer. */
  async release(versionId: string): Promise<void> {
    const appStoreVersion = { data: { type: "appStoreVersions", id: versionId } };
    const body = { data: { type: "appStoreVersionReleaseRequests", relationships: { appStoreVersion } } };
    this.#accept(
      await this.#send("release version", "POST", "/v1/appStoreVersionReleaseRequests", body),
      "release version",
    );
  }

  async #pages<T extends z.infer<typeof Page>>(
    what: string,
    path: string,
    schema: z.ZodType<T>,
  ): Promise<T[]> {
    const pages: T[] = [];
    let next: string | undefined = path;
    while (next !== undefined && pages.length < MOST_PAGES) {
      const page: T = this.#read(schema, await this.#send(what, "GET", next), what);
      pages.push(page);
      // Only a way on under the same roof: the token goes along.
      const link: string = page.links?.next ?? "";
      next = link.startsWith(`${this.#baseUrl}/`) ? link.slice(this.#baseUrl.length) : undefined;
    }
    return pages;
  }

  async #send(what: string, method: string, path: string, body?: unknown): Promise<Answer> {
    return await call(this.#config, {
      what: `App Store Connect, ${what}`,
      url: `${this.#baseUrl}${path}`,
      method,
      headers: { authorization: `Bearer ${await this.#jwt()}`, accept: "application/json" },
      ...(body === undefined ? {} : { body }),
    });
  }

  /** https://developer.apple.com/documentation/appstoreconnectapi/generating-tokens-for-api-requests */
  async #jwt(): Promise<string> {
    const now = Math.floor(toMillis(this.#config.now()) / 1000);
    if (this.#token !== undefined && this.#token.expires - now > 60) return this.#token.text;
    const { issuerId, keyId, privateKey } = this.#config.key;
    const key = await importPKCS8(privateKey, "ES256").catch(() => {
      throw new OutsideError("the App Store Connect key is not the text of a .p8 file", { retryable: false });
    });
    const expires = now + TOKEN_SECONDS;
    const text = await new SignJWT()
      .setProtectedHeader({ alg: "ES256", kid: keyId, typ: "JWT" })
      .setIssuer(issuerId)
      .setIssuedAt(now)
      .setExpirationTime(expires)
      .setAudience("appstoreconnect-v1")
      .sign(key);
    this.#token = { text, expires };
    return text;
  }

  #accept(answer: Answer, what: string): void {
    if (answer.status >= 200 && answer.status <= 299) return;
    const first = digText(answer.json, "errors", 0, "detail") ?? digText(answer.json, "errors", 0, "title");
    const code = digText(answer.json, "errors", 0, "code");
    const why = [first, code].filter((one) => one !== undefined).join(" ");
    throw new OutsideError(
      `App Store Connect, ${what}: ${answer.status}${why === "" ? "" : `: ${why.slice(0, 500)}`}`,
      { retryable: false, status: answer.status },
    );
  }

  #read<T>(schema: z.ZodType<T>, answer: Answer, what: string): T {
    this.#accept(answer, what);
    const result = schema.safeParse(answer.json);
    if (result.success) return result.data;
    const place = result.error.issues[0]?.path.join(".") ?? "";
    throw new OutsideError(`App Store Connect, ${what}: the answer is not as documented at ${place}`, {
      retryable: false,
    });
  }
}

function toVersion({ id, attributes }: z.infer<typeof Versions>["data"][number]): Version {
  const { versionString: version, appVersionState, appStoreState, releaseType, createdDate } = attributes;
  const state = appVersionState ?? appStoreState ?? "UNKNOWN";
  return {
    id,
    version,
    state: RENAMED[state] ?? state,
    releaseType: releaseType ?? undefined,
    createdAt: createdDate ?? "",
  };
}

function id(text: string): string {
  return encodeURIComponent(text);
}
