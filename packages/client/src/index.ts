import type { ReleaseView } from "@gonogo/core/view/schema";
import type {
  AuditLog,
  Board,
  CalendarChange,
  CalendarRulesPreview,
  CalendarView,
  CheckedPlan,
  CheckedPolicy,
  CommandOfDeployment,
  CommandRequest,
  CommandResult,
  Courses,
  CreatedKey,
  DelegationList,
  DelegationRequest,
  DelegationResult,
  DemoChange,
  DemoState,
  DeploymentRecordsPage,
  DeploymentsPage,
  DeploymentsWanted,
  Document,
  Drill,
  Erasure,
  ErasureAsked,
  Examination,
  ExportedDocuments,
  FileAddress,
  Foreseen,
  ForeseenRevision,
  ImportedPlan,
  ImportRequest,
  IncidentAnswer,
  IntegrationsPage,
  IntegrationTestBegun,
  KeyChange,
  KeyView,
  Leaf,
  LiveEvent,
  LogRecords,
  Matrix,
  Me,
  Measures,
  MeasuresQuery,
  NewKeyRequest,
  OwedItem,
  Page,
  PlanDifference,
  PlanText,
  PolicyResult,
  PolicyText,
  PolicyView,
  PolicyWithdrawal,
  Preview,
  ProblemDetails,
  Proof,
  RecordsPage,
  RefusalsOfDay,
  RehearsalEntry,
  RehearsalRequest,
  ReleaseSummary,
  RevisionRequest,
  RevokedKey,
  SignedCheckpoint,
  SignedIn,
  SignedRequest,
  SignedStatement,
  SignInRequest,
  SignInWay,
  SimulationRequest,
  SimulationResult,
  SpanRequest,
  UploadAddress,
  Verification,
  WantedUpload,
} from "./contract.ts";
import { readEvents } from "./events.ts";

export type * from "./contract.ts";
export type { ReleaseView };

/** An answer of the API that says no, with its reason. */
export class ApiError extends Error {
  readonly problem: ProblemDetails;
  constructor(problem: ProblemDetails) {
    super(problem.detail);
    this.name = "ApiError";
    this.problem = problem;
  }
}

/** The API could not be reached at all, or answered with something that is not its own. */
export class Unreachable extends Error {
  constructor(base: string, cause: unknown) {
    super(`no gonogo answers at ${base}`, { cause });
    this.name = "Unreachable";
  }
}

export interface ClientOptions {
  /** Where the API is, such as `http://127.0.0.1:4650`. */
  readonly base: string;
  /** Sent with every request: `{ authorization: "Bearer …" }`. */
  readonly headers?: () => Readonly<Record<string, string>>;
  readonly fetch?: typeof fetch;
  /** For files alone, which go to a store of their own. */
  readonly upload?: typeof fetch;
  /** Makes idempotency keys. */
  readonly newKey?: () => string;
}

/**
 * gonogo's API for TypeScript.
 *
 * ```ts
 * const gonogo = new Gonogo({ base: "http://127.0.0.1:4650" });
 * const release = await gonogo.release("REL-2025-06-04");
 * ```
 *
 * Every method throws ApiError when the API says no, and Unreachable when there is none.
 */
export class Gonogo {
  readonly #options: ClientOptions;

  constructor(options: ClientOptions) {
    this.#options = options;
  }

  me(): Promise<Me> {
    return this.#get("/v1/me");
  }

  /** How people sign in here. */
  async signInWays(): Promise<readonly SignInWay[]> {
    return (await this.#get<Page<SignInWay>>("/v1/sign-in")).items;
  }

  /** Trades what a provider answered for a token. */
  signIn(request: SignInRequest): Promise<SignedIn> {
    return this.#post("/v1/sign-in", request);
  }

  /** Who was refused what on a day (UTC), today unless told. */
  refusals(day?: string): Promise<RefusalsOfDay> {
    return this.#get(`/v1/refusals${queryString({ day })}`);
  }

  async keys(): Promise<readonly KeyView[]> {
    return (await this.#get<Page<KeyView>>("/v1/keys")).items;
  }

  /** Makes a key and has it let in. It is in the answer, and nowhere else: the API is told its digest only. */
  async createKey(request: NewKeyRequest, key = this.#newKey()): Promise<CreatedKey & { token: string }> {
    const bytes = crypto.getRandomValues(new Uint8Array(32));
    const token = `gonogo_${btoa(String.fromCharCode(...bytes)).replace(/[+/=]/g, base64url)}`;
    const digest = `sha256:${hex(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(token)))}`;
    const created = await this.#write<CreatedKey>(
      "POST",
      "/v1/keys",
      { ...request, digest },
      {
        "idempotency-key": key,
      },
    );
    return { ...created, token };
  }

  revokeKey(id: string, reason: string, key = this.#newKey()): Promise<RevokedKey> {
    return this.#send("DELETE", path`/v1/keys/${id}`, { reason }, key);
  }

  /** Looks the whole deployment over; nothing is changed. */
  doctor(): Promise<Examination> {
    return this.#get("/v1/doctor");
  }

  releases(
    query: { status?: "active" | "ended" | "all"; limit?: number; after?: string } = {},
  ): Promise<Page<ReleaseSummary>> {
    return this.#get(`/v1/releases${queryString(query)}`);
  }

  release(id: string): Promise<ReleaseView> {
    return this.#get(path`/v1/releases/${id}`);
  }

  /** The release if it has changed since `etag`; undefined when it has not. */
  async releaseSince(id: string, etag?: string): Promise<{ view: ReleaseView; etag: string } | undefined> {
    const headers: Record<string, string> = etag === undefined ? {} : { "if-none-match": etag };
    const response = await this.#fetch("GET", path`/v1/releases/${id}`, undefined, headers);
    if (response.status === 304) return undefined;
    return { view: (await response.json()) as ReleaseView, etag: response.headers.get("etag") ?? "" };
  }

  /** Every active release, if anything has happened since `etag`; undefined when nothing has. */
  async boardSince(etag?: string): Promise<{ board: Board; etag: string } | undefined> {
    const headers: Record<string, string> = etag === undefined ? {} : { "if-none-match": etag };
    const response = await this.#fetch("GET", "/v1/board", undefined, headers);
    if (response.status === 304) return undefined;
    return { board: (await response.json()) as Board, etag: response.headers.get("etag") ?? "" };
  }

  /** What a command would bring about now. Nothing is recorded. */
  foresee(id: string, request: CommandRequest): Promise<Foreseen> {
    return this.#post(path`/v1/releases/${id}/commands/preview`, request);
  }

  /** What the plan changes against an earlier release's, by default the newest of the same component. */
  difference(
    id: string,
    query: { with?: string; revision?: "approved" | number } = {},
  ): Promise<PlanDifference> {
    return this.#get(path`/v1/releases/${id}/difference` + queryString(query));
  }

  /**
   * What happens, as it happens, for as long as the server keeps the stream open; with `after`, what happened
   * since as well. Only an embedded engine has this: elsewhere it throws ApiError with the status 404.
   */
  async *events(options: { after?: string; signal?: AbortSignal } = {}): AsyncGenerator<LiveEvent> {
    const headers: Record<string, string> = {
      accept: "text/event-stream",
      ...(options.after === undefined ? {} : { "last-event-id": options.after }),
    };
    const response = await this.#fetch("GET", "/v1/events", undefined, headers, options.signal);
    if (response.body !== null) yield* readEvents(response.body);
  }

  /** Submits a plan and so begins its release. With the same key it is submitted once. */
  submit(plan: PlanText, key = this.#newKey()): Promise<CommandResult> {
    return this.#post("/v1/releases", plan, { "idempotency-key": key });
  }

  /** Roles that are lent for every release. */
  delegations(): Promise<DelegationList> {
    return this.#get("/v1/delegations");
  }

  /** Lends a role that one holds, for every release and for a time. With the same key it is done once. */
  delegate(request: DelegationRequest, key = this.#newKey()): Promise<DelegationResult> {
    return this.#post("/v1/delegations", request, { "idempotency-key": key });
  }

  withdrawDelegation(id: string, reason: string, key = this.#newKey()): Promise<DelegationResult> {
    return this.#send("DELETE", path`/v1/delegations/${id}`, { reason }, key);
  }

  /** Takes the policy out of force. What was submitted under it keeps it. */
  withdrawPolicy(reason: string, key = this.#newKey()): Promise<PolicyWithdrawal> {
    return this.#send("DELETE", "/v1/policy", { reason }, key);
  }

  /** Revises the plan of a release that has not started. With the same key it is done once. */
  revise(id: string, request: RevisionRequest, key = this.#newKey()): Promise<CommandResult> {
    return this.#post(path`/v1/releases/${id}/revisions`, request, { "idempotency-key": key });
  }

  /** What a revision would change and make void. Nothing is recorded. */
  foreseeRevision(id: string, request: RevisionRequest): Promise<ForeseenRevision> {
    return this.#post(path`/v1/releases/${id}/revisions/preview`, request);
  }

  /** Rehearses a plan's way back, in a release of its own. With the same key it is done once. */
  rehearse(request: RehearsalRequest, key = this.#newKey()): Promise<CommandResult> {
    return this.#post("/v1/rehearsals", request, { "idempotency-key": key });
  }

  /** Rehearsals that are over, the newest first. */
  rehearsals(): Promise<Page<RehearsalEntry>> {
    return this.#get("/v1/rehearsals");
  }

  /** Which ways back are due to be drilled. */
  drills(): Promise<Page<Drill>> {
    return this.#get("/v1/drills");
  }

  /** Asks something of a release. With the same key it is done once. */
  command(id: string, request: CommandRequest, key = this.#newKey()): Promise<CommandResult> {
    return this.#post(path`/v1/releases/${id}/commands`, request, { "idempotency-key": key });
  }

  /** The release's incident; refused with 404 where it has none. */
  incident(id: string): Promise<IncidentAnswer> {
    return this.#get(path`/v1/releases/${id}/incident`);
  }

  /** The postmortem's date, as an iCalendar object. */
  async postmortemCalendar(id: string): Promise<string> {
    return await (await this.#fetch("GET", path`/v1/releases/${id}/postmortem.ics`)).text();
  }

  /** How releases went over time. */
  measures(query: MeasuresQuery = {}): Promise<Measures> {
    return this.#get(`/v1/measures${queryString({ ...query })}`);
  }

  async measuresCsv(query: MeasuresQuery = {}): Promise<string> {
    const search = queryString({ ...query, format: "csv" });
    return await (await this.#fetch("GET", `/v1/measures${search}`)).text();
  }

  /** What people owe; a page is of releases, the newest first. */
  obligations(
    query: {
      open?: "true" | "false";
      role?: string;
      component?: string;
      limit?: number;
      after?: string;
    } = {},
  ): Promise<Page<OwedItem>> {
    return this.#get(`/v1/obligations${queryString(query)}`);
  }

  completeObligation(
    id: string,
    obligation: string,
    proof: Proof,
    key = this.#newKey(),
  ): Promise<CommandResult> {
    const where = path`/v1/releases/${id}/obligations/${obligation}/complete`;
    return this.#post(where, proof, { "idempotency-key": key });
  }

  /** The plan in YAML: as it stands, or an earlier revision of it. */
  async planText(id: string, query: { revision?: number } = {}): Promise<string> {
    const search = queryString(query);
    return await (await this.#fetch("GET", path`/v1/releases/${id}/plan` + search)).text();
  }

  records(id: string, query: { after?: string; limit?: number } = {}): Promise<RecordsPage> {
    return this.#get(path`/v1/releases/${id}/records` + queryString(query));
  }

  verify(id: string): Promise<Verification> {
    return this.#get(path`/v1/releases/${id}/verification`);
  }

  /** The deployment's own log: its policy, calendar, keys and delegations, and what of them was refused. */
  deploymentRecords(query: { after?: string; limit?: number } = {}): Promise<DeploymentRecordsPage> {
    return this.#get(`/v1/deployment/records${queryString(query)}`);
  }

  verifyDeployment(): Promise<Verification> {
    return this.#get("/v1/deployment/verification");
  }

  /** The log over all releases: its length, what was signed of it, when it was last verified. */
  audit(): Promise<AuditLog> {
    return this.#get("/v1/audit");
  }

  /** Has the log signed with a new key from now on. */
  changeAuditKey(reason: string, key = this.#newKey()): Promise<KeyChange> {
    return this.#post("/v1/audit/key", { reason }, { "idempotency-key": key });
  }

  checkpoints(query: { after?: number; limit?: number } = {}): Promise<Page<SignedCheckpoint>> {
    return this.#get(`/v1/audit/checkpoints${queryString(query)}`);
  }

  leaves(query: { after?: number; limit?: number } = {}): Promise<Page<Leaf>> {
    return this.#get(`/v1/audit/leaves${queryString(query)}`);
  }

  /** Records as they are, of a release or of the `deployment`: those from `after` + 1 to `after` + `limit`. */
  logRecords(id: string, query: { after?: number; limit?: number } = {}): Promise<LogRecords> {
    return this.#get(path`/v1/audit/logs/${id}` + queryString(query));
  }

  /** What is attested of a release that is over. */
  attestation(id: string): Promise<SignedStatement> {
    return this.#get(path`/v1/releases/${id}/attestation`);
  }

  /** Has a person's name erased. With the same key it is done once. */
  forget(person: string, reason: string, key = this.#newKey()): Promise<CommandOfDeployment> {
    return this.#post(path`/v1/people/${person}/forget`, { reason }, { "idempotency-key": key });
  }

  /** Has texts of a record erased, of a release or of the `deployment`. With the same key it is asked once. */
  erase(log: string, asked: ErasureAsked, key = this.#newKey()): Promise<Erasure> {
    return this.#post(path`/v1/audit/logs/${log}/erasures`, asked, { "idempotency-key": key });
  }

  courses(id: string): Promise<Courses> {
    return this.#get(path`/v1/releases/${id}/courses`);
  }

  /** Freezes and maintenance windows between two moments; without them, the next 90 days. */
  calendar(query: { from?: string; to?: string } = {}): Promise<CalendarView> {
    return this.#get(`/v1/calendar${queryString(query)}`);
  }

  /** The same as iCalendar text. */
  async calendarText(query: { from?: string; to?: string } = {}): Promise<string> {
    return await (await this.#fetch("GET", `/v1/calendar.ics${queryString(query)}`)).text();
  }

  /** The calendar's rules, in YAML. */
  async calendarRules(): Promise<string> {
    return await (await this.#fetch("GET", "/v1/calendar/rules")).text();
  }

  setCalendarRules(
    rules: PlanText & { readonly reason: string },
    key = this.#newKey(),
  ): Promise<CalendarChange> {
    return this.#send("PUT", "/v1/calendar/rules", rules, key);
  }

  /** When rules would fall; nothing is set. */
  tryCalendarRules(rules: PlanText): Promise<CalendarRulesPreview> {
    return this.#post("/v1/calendar/rules/preview", rules);
  }

  declare(kind: "freeze" | "window", span: SpanRequest, key = this.#newKey()): Promise<CalendarChange> {
    return this.#post(`/v1/calendar/${kind}s`, span, { "idempotency-key": key });
  }

  /** Lifts a freeze or a window that was declared. */
  lift(kind: "freeze" | "window", id: string, reason: string, key = this.#newKey()): Promise<CalendarChange> {
    return this.#send("DELETE", `/v1/calendar/${kind}s/${encodeURIComponent(id)}`, { reason }, key);
  }

  importCalendar(name: string, request: ImportRequest, key = this.#newKey()): Promise<CalendarChange> {
    return this.#send("PUT", path`/v1/calendar/imports/${name}`, request, key);
  }

  removeImport(name: string, reason: string, key = this.#newKey()): Promise<CalendarChange> {
    return this.#send("DELETE", path`/v1/calendar/imports/${name}`, { reason }, key);
  }

  /** The demonstration's people, dials and clock; only an embedded engine has one. */
  demo(): Promise<DemoState> {
    return this.#get("/v1/demo");
  }

  turn(change: DemoChange): Promise<DemoState> {
    return this.#post("/v1/demo", change);
  }

  /** The release's documents with everything filled in. */
  documents(id: string): Promise<ExportedDocuments> {
    return this.#get(path`/v1/releases/${id}/documents`);
  }

  /** What was deployed and put back, the newest first. */
  deployments(wanted: DeploymentsWanted = {}): Promise<DeploymentsPage> {
    return this.#get(`/v1/deployments${queryString({ ...wanted })}`);
  }

  /** All of the same as a table for spreadsheets, a row a component. */
  async deploymentsCsv(wanted: DeploymentsWanted = {}): Promise<string> {
    const pages: string[] = [];
    for (let after = wanted.after; ; ) {
      const search = queryString({ limit: 100, ...wanted, after, as: "csv" });
      const response = await this.#fetch("GET", `/v1/deployments${search}`);
      const text = await response.text();
      // Each page has the heads of its columns; one is enough.
      pages.push(pages.length === 0 ? text : text.slice(text.indexOf("\n") + 1));
      const next = response.headers.get("x-next");
      if (next === null || next === after) return pages.join("");
      after = next;
    }
  }

  /** Uploads a file, unless it is there already; answers refer to it by what comes back. */
  async attach(
    id: string,
    file: { readonly name: string; readonly contentType: string; readonly body: Uint8Array<ArrayBuffer> },
  ): Promise<{ readonly digest: string; readonly name: string }> {
    const { name, contentType, body } = file;
    const digest = `sha256:${hex(await crypto.subtle.digest("SHA-256", body))}`;
    const wanted: WantedUpload = { name, contentType, size: body.byteLength, digest };
    const { upload, ...reference } = await this.#post<UploadAddress>(
      path`/v1/releases/${id}/evidence`,
      wanted,
    );
    if (upload !== undefined) await this.#upload(upload, body);
    return reference;
  }

  /** Where a file that was given as evidence can be had, for a few minutes. */
  async evidence(id: string, digest: string): Promise<FileAddress> {
    const found = await this.#get<FileAddress>(path`/v1/releases/${id}/evidence/${digest}`);
    return { ...found, download: { ...found.download, url: this.#absolute(found.download.url) } };
  }

  check(plan: PlanText): Promise<CheckedPlan> {
    return this.#post("/v1/plans/check", plan);
  }

  /** What the plan does when it looks bad, a row for each trigger. */
  matrix(plan: PlanText): Promise<Matrix> {
    return this.#post("/v1/plans/matrix", plan);
  }

  preview(plan: PlanText): Promise<Preview> {
    return this.#post("/v1/plans/preview", plan);
  }

  import(documents: readonly Document[]): Promise<ImportedPlan> {
    return this.#post("/v1/plans/import", { documents });
  }

  /** The policy in force with its history; with a digest, the policy that was in force under it. */
  policy(digest?: string): Promise<PolicyView> {
    return this.#get(`/v1/policy${queryString({ digest })}`);
  }

  checkPolicy(policy: PolicyText): Promise<CheckedPolicy> {
    return this.#post("/v1/policy/check", policy);
  }

  /** Alarm systems and channels: when each was seen last, and what came of its last test. */
  integrations(): Promise<IntegrationsPage> {
    return this.#get("/v1/integrations");
  }

  /** Sends a test by the real way; what comes of it is in the list. With the same key it is done once. */
  testIntegration(name: string, key = this.#newKey()): Promise<IntegrationTestBegun> {
    return this.#post(path`/v1/integrations/${name}/test`, {}, { "idempotency-key": key });
  }

  /** Puts a policy in force for whatever is submitted from then on. With the same key it is done once. */
  setPolicy(policy: PolicyText & { readonly reason: string }, key = this.#newKey()): Promise<PolicyResult> {
    return this.#write("PUT", "/v1/policy", policy, { "idempotency-key": key });
  }

  /** The JSON Schema of a plan, for editors. */
  planSchema(): Promise<Readonly<Record<string, unknown>>> {
    return this.#get("/v1/plan.schema.json");
  }

  simulate(request: SimulationRequest): Promise<SimulationResult> {
    return this.#post("/v1/simulations", request);
  }

  async #get<T>(where: string): Promise<T> {
    return (await (await this.#fetch("GET", where)).json()) as T;
  }

  async #send<T>(method: "PUT" | "DELETE", where: string, body: unknown, key: string): Promise<T> {
    return (await (await this.#fetch(method, where, body, { "idempotency-key": key })).json()) as T;
  }

  async #post<T>(where: string, body: unknown, headers: Record<string, string> = {}): Promise<T> {
    return await this.#write("POST", where, body, headers);
  }

  async #write<T>(
    method: "POST" | "PUT",
    where: string,
    body: unknown,
    headers: Record<string, string>,
  ): Promise<T> {
    return (await (await this.#fetch(method, where, body, headers)).json()) as T;
  }

  async #fetch(
    method: string,
    where: string,
    body?: unknown,
    headers: Record<string, string> = {},
    signal?: AbortSignal,
  ): Promise<Response> {
    const send = this.#options.fetch ?? fetch;
    let response: Response;
    try {
      response = await send(`${this.#options.base}${where}`, {
        method,
        headers: {
          accept: "application/json",
          ...(body === undefined ? {} : { "content-type": "application/json" }),
          ...this.#options.headers?.(),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...(signal === undefined ? {} : { signal }),
      });
    } catch (error) {
      throw new Unreachable(this.#options.base, error);
    }
    if (response.ok || response.status === 304) return response;
    throw await refusal(this.#options.base, response);
  }

  /** To the store of files itself: who asks is in the address, and nothing else is told to it. */
  async #upload({ method, url, headers }: SignedRequest, body: Uint8Array<ArrayBuffer>): Promise<void> {
    const where = this.#absolute(url);
    let response: Response;
    try {
      response = await (this.#options.upload ?? fetch)(where, { method, headers, body });
    } catch (error) {
      throw new Unreachable(new URL(where).origin, error);
    }
    if (response.ok) return;
    const code = /<Code>(\w+)<\/Code>/.exec(await response.text())?.[1] ?? "unknown";
    throw new ApiError({
      type: "urn:gonogo:problem:evidence.refused",
      title: "The upload was refused",
      // Not 401 or 403: who asks is known, and may; it is the address that is not good any more.
      status: 409,
      code: "evidence.refused",
      detail: `the file was not taken in (${code}); ask for its upload again`,
    });
  }

  #absolute(url: string): string {
    return new URL(url, `${this.#options.base}/`).href;
  }

  #newKey(): string {
    return this.#options.newKey?.() ?? crypto.randomUUID();
  }
}

async function refusal(base: string, response: Response): Promise<Error> {
  if (response.headers.get("content-type")?.includes("json") !== true) {
    return new Unreachable(base, new Error(`HTTP ${response.status}`));
  }
  return new ApiError((await response.json()) as ProblemDetails);
}

function path(parts: TemplateStringsArray, ...values: string[]): string {
  return parts.reduce((text, part, index) => text + encodeURIComponent(values[index - 1] ?? "") + part);
}

function base64url(character: string): string {
  return { "+": "-", "/": "_" }[character] ?? "";
}

function hex(bytes: ArrayBuffer): string {
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function queryString(query: Readonly<Record<string, string | number | undefined>>): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) if (value !== undefined) search.set(key, String(value));
  return search.size === 0 ? "" : `?${search}`;
}
