import { toMillis } from "@gonogo/core/kit/instant";
import { importPKCS8, SignJWT } from "jose";
import { z } from "zod";
import { type Answer, call, dig, digText, type Outside, OutsideError } from "../http/call.ts";

/** What the adapter needs of a service account's JSON key. */
export interface ServiceAccount {
  readonly clientEmail: string;
  readonly privateKey: string;
}

export interface GooglePlayConfig extends Outside {
  readonly account: ServiceAccount;
  readonly baseUrl?: string;
  readonly tokenUrl?: string;
}

const Release = z.looseObject({
  name: z.string().optional(),
  versionCodes: z.array(z.string()).default([]),
  status: z.enum(["draft", "inProgress", "halted", "completed", "statusUnspecified"]),
  userFraction: z.number().optional(),
});
export type Release = z.infer<typeof Release>;

const Track = z.looseObject({ track: z.string().optional(), releases: z.array(Release).default([]) });
export type Track = z.infer<typeof Track>;

const Edit = z.looseObject({ id: z.string() });
const Bundles = z.looseObject({ bundles: z.array(z.looseObject({ versionCode: z.number() })).default([]) });
const Token = z.looseObject({ access_token: z.string(), expires_in: z.number() });

const SCOPE = "https://www.googleapis.com/auth/androidpublisher";

/** Somebody else's edit came first: what this one was based on is no longer so. */
export class EditLost extends OutsideError {
  constructor(what: string) {
    super(`${what}: the edit was overtaken by another change`, { retryable: true });
    this.name = "EditLost";
  }
}

/** An edit of an app: a copy of what is there, to be changed and committed as one. */
export interface OpenEdit {
  track(name: string): Promise<Track>;
  /** The version codes of all app bundles that were uploaded. */
  versionCodes(): Promise<string[]>;
  update(name: string, track: Track): Promise<void>;
  /** Throws EditLost. `wait`: refuse rather than withdraw what Google is reviewing now. */
  commit(review: "wait" | "override"): Promise<void>;
}

/**
 * The part of the Google Play Developer API that a staged rollout needs. What Google refuses is thrown as an
 * OutsideError in its own words, `retryable` where it may be tried again.
 * https://developers.google.com/android-publisher/edits
 */
export class GooglePlayClient {
  readonly #config: GooglePlayConfig;
  readonly #baseUrl: string;
  #token: { readonly text: string; readonly expires: number } | undefined;

  constructor(config: GooglePlayConfig) {
    this.#config = config;
    this.#baseUrl = (config.baseUrl ?? "https://androidpublisher.googleapis.com").replace(/\/$/, "");
  }

  /** Opens an edit for `work` and throws it away afterwards, unless it was committed. */
  async withEdit<T>(packageName: string, work: (edit: OpenEdit) => Promise<T>): Promise<T> {
    const app = `/androidpublisher/v3/applications/${encodeURIComponent(packageName)}/edits`;
    const { id } = this.#read(Edit, await this.#send("open edit", "POST", app, {}), "open edit");
    const edit = `${app}/${encodeURIComponent(id)}`;
    let isOpen = true;
    const trackPath = (name: string) => `${edit}/tracks/${encodeURIComponent(name)}`;
    const open: OpenEdit = {
      track: async (name) =>
        this.#read(Track, await this.#send("read track", "GET", trackPath(name)), "read track"),
      versionCodes: async () => {
        const answer = await this.#send("list bundles", "GET", `${edit}/bundles`);
        return this.#read(Bundles, answer, "list bundles").bundles.map(({ versionCode }) =>
          String(versionCode),
        );
      },
      update: async (name, track) => {
        this.#accept(await this.#send("update track", "PUT", trackPath(name), track), "update track");
      },
      commit: async (review) => {
        const behavior = review === "wait" ? "ERROR_IF_IN_REVIEW" : "CANCEL_IN_REVIEW_AND_SUBMIT";
        const path = `${edit}:commit?changesInReviewBehavior=${behavior}`;
        this.#accept(await this.#send("commit edit", "POST", path), "commit edit");
        isOpen = false;
      },
    };
    try {
      return await work(open);
    } finally {
      // An edit left behind runs out by itself; that it could not be deleted changes nothing.
      if (isOpen) await this.#send("delete edit", "DELETE", edit).catch(() => undefined);
    }
  }

  async #send(what: string, method: string, path: string, body?: unknown): Promise<Answer> {
    return await call(this.#config, {
      what: `Google Play, ${what}`,
      url: `${this.#baseUrl}${path}`,
      method,
      headers: { authorization: `Bearer ${await this.#accessToken()}`, accept: "application/json" },
      ...(body === undefined ? {} : { body }),
    });
  }

  /** https://developers.google.com/identity/protocols/oauth2/service-account#httprest */
  async #accessToken(): Promise<string> {
    const now = Math.floor(toMillis(this.#config.now()) / 1000);
    if (this.#token !== undefined && this.#token.expires - now > 60) return this.#token.text;
    const { account, tokenUrl = "https://oauth2.googleapis.com/token" } = this.#config;
    const key = await importPKCS8(account.privateKey, "RS256").catch(() => {
      throw new OutsideError("the private key of Google's service account cannot be read", {
        retryable: false,
      });
    });
    const assertion = await new SignJWT({ scope: SCOPE })
      .setProtectedHeader({ alg: "RS256", typ: "JWT" })
      .setIssuer(account.clientEmail)
      .setAudience(tokenUrl)
      .setIssuedAt(now)
      .setExpirationTime(now + 3600)
      .sign(key);
    const answer = await call(this.#config, {
      what: "Google, get token",
      url: tokenUrl,
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({
        grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer",
        assertion,
      }).toString(),
    });
    if (answer.status !== 200) {
      const why = digText(answer.json, "error") ?? String(answer.status);
      throw new OutsideError(
        `Google refuses the service account (${why}): check its key and that it still exists`,
        {
          retryable: false,
          status: answer.status,
        },
      );
    }
    const token = this.#read(Token, answer, "get token");
    this.#token = { text: token.access_token, expires: now + token.expires_in };
    return token.access_token;
  }

  #accept(answer: Answer, what: string): void {
    if (answer.status >= 200 && answer.status <= 299) return;
    const message = digText(answer.json, "error", "message") ?? "";
    const reason = digText(answer.json, "error", "details", 0, "reason");
    const isLost =
      answer.status === 409 || answer.status === 410 || /\bedit has (been deleted|expired)/i.test(message);
    if (isLost && what !== "open edit") throw new EditLost(`Google Play, ${what}`);
    const words = reason === "CHANGES_ALREADY_IN_REVIEW" ? IN_REVIEW : message.slice(0, 500);
    throw new OutsideError(`Google Play, ${what}: ${answer.status}${words === "" ? "" : `: ${words}`}`, {
      retryable: false,
      status: answer.status,
    });
  }

  #read<T>(schema: z.ZodType<T>, answer: Answer, what: string): T {
    this.#accept(answer, what);
    const result = schema.safeParse(answer.json);
    if (result.success) return result.data;
    const place = result.error.issues[0]?.path.join(".") ?? "";
    const given = typeof dig(answer.json);
    throw new OutsideError(`Google Play, ${what}: the answer (${given}) is not as documented at ${place}`, {
      retryable: false,
    });
  }
}

const IN_REVIEW = "an earlier change is still in review; wait for it, or withdraw it in the Play Console";
