import { randomUUID } from "node:crypto";
import type { Server } from "node:http";
import { join } from "node:path";
import { DynamoDBStreamsClient } from "@aws-sdk/client-dynamodb-streams";
import type { AwsConfig } from "@gonogo/adapters/aws/config";
import { AgeCheck, HttpCheck } from "@gonogo/adapters/http/check";
import { guardedFetch, probe, resolveName } from "@gonogo/adapters/http/index";
import { demoIdentity } from "@gonogo/adapters/identity/demo";
import { identifyBy } from "@gonogo/adapters/identity/index";
import { LambdaCode } from "@gonogo/adapters/lambda-alias/code";
import { fetchCertificates } from "@gonogo/adapters/sns/index";
import { TlsCheck } from "@gonogo/adapters/tls/index";
import { fromMillis, type Instant } from "@gonogo/core/kit/instant";
import { messageOf } from "@gonogo/core/kit/text";
import type { Target } from "@gonogo/core/target/schema";
import { addNotFound, createApi, secured } from "@gonogo/functions/api/app";
import type { Api } from "@gonogo/functions/api/context";
import {
  confirmSubscription,
  type HookSecrets,
  hooksFromSecrets,
} from "@gonogo/functions/api/hooks-from-secrets";
import type { ApiOptions } from "@gonogo/functions/api/options";
import { testRequestsFrom } from "@gonogo/functions/api/test-requests";
import { askedSeldom } from "@gonogo/functions/checks-asked-seldom";
import type { Checks } from "@gonogo/functions/checks-by-kind";
import { STORE } from "@gonogo/functions/deployment";
import { peopleAndTools } from "@gonogo/functions/entry/doors";
import { readSecret, type SecretOf } from "@gonogo/functions/entry/secrets";
import { NO_ROOT } from "@gonogo/functions/no-root";
import type { Runtime } from "@gonogo/functions/runtime";
import { shelvesFrom } from "@gonogo/functions/shelves";
import { trustedRootAt } from "@gonogo/functions/trusted-root";
import { createAdaptorServer } from "@hono/node-server";
import { OpenAPIHono } from "@hono/zod-openapi";
import { polledStream } from "../dynamodb/stream-source.ts";
import { deploy } from "../engine/deploy.ts";
import { createEngine, type Engine } from "../engine/engine.ts";
import { publishing } from "../engine/publishing.ts";
import { Kernel } from "../kernel/kernel.ts";
import { systemRandom } from "../kernel/random.ts";
import { openStore } from "../kernel/store.ts";
import { KeyFiles } from "../kms/key-file.ts";
import { fileBlobs } from "../s3/blobs.ts";
import { PASSAGE, passage } from "../s3/passage.ts";
import { DemoPeople, peopleOf } from "../sample/people.ts";
import { addSampleRoutes, addSampleState } from "../sample/routes.ts";
import { SampleWorld, samplePlan } from "../sample/sample.ts";
import { createStores } from "../sample/stores.ts";
import { simulate } from "../simulation/simulation.ts";
import { changeAuditKey } from "./audit-key.ts";
import { awsFront } from "./aws-front.ts";
import { Changes, telling } from "./changes.ts";
import { keptClock, keptSpeed } from "./clock.ts";
import { lockDirectory } from "./directory-lock.ts";
import { openDynamoDb } from "./dynamodb.ts";
import { addEvents } from "./events.ts";
import { keptHookSecrets } from "./hook-secrets.ts";
import { consoleLog } from "./log.ts";
import { loopbackOnly } from "./loopback.ts";
import { sampleOutside } from "./outside.ts";
import { servePage } from "./page.ts";
import { putInForce } from "./policy.ts";

export interface ServerOptions {
  /** Where everything is kept. */
  readonly directory: string;
  /** 0 takes any port that is free. */
  readonly port: number;
  readonly speed?: number;
  /** Whether the sample world is part of it. */
  readonly sample: boolean;
  /** A policy that is put in force. */
  readonly policy?: { readonly text: string; readonly file: string };
  /** Another DynamoDB than the emulator's. */
  readonly dynamodbEndpoint?: string;
  readonly write?: (line: string) => void;
}

export interface RunningServer {
  readonly address: string;
  readonly awsAddress: string;
  readonly engine: Engine;
  readonly runtime: Runtime;
  readonly dynamodb: { readonly endpoint: string; readonly pid?: number };
  readonly sample?: SampleWorld;
  stop(): Promise<void>;
}

/** The pace of the sample world unless another is asked for; without it the clock is the wall's. */
const SAMPLE_SPEED = 60;

/** How long a stop waits for what is under way. */
const LONGEST_END_MS = 2_000;

/**
 * The control plane on one machine: engine, API and page in this process, DynamoDB beside it. Throws, with
 * everything ended that was begun, when it cannot start.
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const begun = new AsyncDisposableStack();
  try {
    const running = await start(options, begun);
    return { ...running, stop: () => begun.disposeAsync() };
  } catch (error) {
    await begun.disposeAsync();
    throw error;
  }
}

/** Whatever is begun is put on the stack, and ended from its top. */
async function start(
  options: ServerOptions,
  begun: AsyncDisposableStack,
): Promise<Omit<RunningServer, "stop">> {
  const { directory, write = (line) => console.error(line) } = options;
  const lock = lockDirectory(directory);
  begun.defer(() => lock.release());
  const log = consoleLog(write);
  const secrets = keptHookSecrets(directory);
  const store = openStore(join(directory, "engine.sqlite"));
  begun.defer(() => store.close());
  const speed = options.speed ?? keptSpeed(store) ?? (options.sample ? SAMPLE_SPEED : 1);
  const { clock, finish } = keptClock(store, speed);
  begun.defer(finish);
  let isStopping = false;
  const kernel = new Kernel({
    clock,
    store,
    random: systemRandom(),
    onError: (error) => {
      if (!isStopping) log.error("the engine failed", { error: String(error) });
    },
  });
  const auditKeys = new KeyFiles(directory);
  const engine = createEngine(kernel, { blobs: fileBlobs(join(directory, "objects")), auditKeys });
  const { region, credentials } = engine.aws;
  const local = await openDynamoDb(directory, options.dynamodbEndpoint, { region, credentials }, log);
  begun.defer(() => local.stop());
  begun.defer(async () => {
    clock.stop();
    // What is under way may end; what does not is taken up again at the next start, as after a crash.
    await Promise.race([kernel.activity.idle(), patience(LONGEST_END_MS)]);
    isStopping = true;
  });
  const dynamodb: AwsConfig = {
    region,
    credentials,
    endpoint: local.endpoint,
    requestHandler: { connectionTimeout: 1_000, requestTimeout: 2_500 },
    maxAttempts: 2,
  };
  const now = () => fromMillis(clock.now());
  const stores = createStores(store, now);
  const people = new DemoPeople(store, peopleOf(samplePlan()));
  const sample = options.sample ? new SampleWorld(engine, stores, people) : undefined;
  const outside = {
    ...sampleOutside({ stores, board: sample?.board, now, probe: probeFor(options.sample) }),
    checks: checksFor(engine.aws as never, options.sample, now),
    shelves: shelvesFrom(readSecret("GONOGO_ARCHIVES", process.env), { now }),
    trust: trustedRootAt(ROOT_FILE, { now }),
  };
  const changes = new Changes(randomUUID());
  const runtime = await deploy(engine, dynamodb, outside, log, (kept) => telling(kept, changes));
  if (options.policy !== undefined) await putInForce(runtime, options.policy);
  await sample?.build(runtime);
  const stream = publishing(engine, polledStream(new DynamoDBStreamsClient(dynamodb), STORE.table));
  engine.resume();
  stream.start();
  begun.defer(() => stream.stop());
  await sample?.run();

  const change = () => changeAuditKey(runtime, auditKeys);
  await change().catch((error: unknown) =>
    log.error("the change of the audit's key does not go on", { error: messageOf(error) }),
  );
  const app = apiFor(kernel, runtime, people, sample, secrets, changes, change);
  const port = await listen(begun, createAdaptorServer({ fetch: app.fetch }) as Server, options.port);
  const awsPort = await listen(begun, awsFront(kernel), options.port === 0 ? 0 : options.port + 1);
  const pid = local.pid();
  return {
    address: `http://127.0.0.1:${port}`,
    awsAddress: `http://127.0.0.1:${awsPort}`,
    engine,
    runtime,
    dynamodb: { endpoint: local.endpoint, ...(pid === undefined ? {} : { pid }) },
    ...(sample === undefined ? {} : { sample }),
  };
}

function apiFor(
  kernel: Kernel,
  runtime: Runtime,
  people: DemoPeople,
  sample: SampleWorld | undefined,
  secrets: HookSecrets,
  changes: Changes,
  changeAuditKey: () => Promise<void>,
): OpenAPIHono<Api> {
  const sns = { fetch: guardedFetch(), now: () => runtime.clock.now() };
  const app = createApi(runtime, {
    ...whoIsLetIn(people, sample !== undefined),
    hooks: hooksFromSecrets(secrets, fetchCertificates(sns)),
    testRequests: testRequestsFrom(secrets),
    confirm: confirmSubscription(sns),
    simulate,
    changeAuditKey,
    onSubmitted: (plan) => people.welcome(plan),
  });
  addEvents(app, changes);
  const outer = new OpenAPIHono<Api>();
  // Before what gives the page its headers: files have stricter ones.
  outer.on(["PUT", "GET"], `${PASSAGE}/*`, loopbackOnly, passage(kernel));
  outer.use(secured);
  outer.use(loopbackOnly);
  if (sample !== undefined) {
    addSampleState(outer, sample);
    addSampleRoutes(app, sample);
  }
  const page = servePage(pageDirectory());
  if (page !== undefined) app.use(page);
  outer.route("/", app);
  addNotFound(outer);
  return outer;
}

/**
 * Real people where GONOGO_ISSUERS or GONOGO_API_TOKENS say who, and then nobody else: a stand-in beside them would
 * be a way round. The sample has its stand-ins, whatever is set. Tokens are from outside, and go by the wall's clock.
 */
function whoIsLetIn(people: DemoPeople, isSample: boolean): Pick<ApiOptions, "identify" | "signIn"> {
  const { identify, signIn, ways } = peopleAndTools(process.env, guardedFetch({ allowPrivate: true }));
  if (isSample || ways === 0) {
    return { identify: (headers, now) => identifyBy([demoIdentity(people.all)])(headers, now) };
  }
  const wall = () => fromMillis(Date.now());
  return {
    identify: (headers) => identify(headers, wall()),
    signIn: { ways: signIn.ways, exchange: (answer) => signIn.exchange(answer, wall()) },
  };
}

function pageDirectory(): string {
  return new URL("../../../web/dist", import.meta.url).pathname;
}

function probeFor(allowPrivate: boolean): Runtime["probe"] {
  const config = { fetch: guardedFetch({ allowPrivate }), resolve: resolveName, allowPrivate };
  return (step) => probe(config, step);
}

/** The file of Sigstore's trusted root, where signatures without a key are to be verified. */
const ROOT_FILE = process.env.GONOGO_SIGSTORE_ROOT || NO_ROOT;

/** What GONOGO_PROBES allows, as on AWS; beside the sample this machine may be asked as well. */
function checksFor(aws: AwsConfig, allowPrivate: boolean, now: () => Instant): Checks {
  const code = new LambdaCode(aws);
  const codeOf = (target: Target, version: string) => code.digestOf(target, version);
  const secret: Partial<SecretOf<"GONOGO_PROBES">> = readSecret("GONOGO_PROBES", process.env) ?? {};
  const { hosts = [], headers = {}, ca } = secret;
  const here = allowPrivate ? ["localhost", "127.0.0.1"] : [];
  const listed = [...hosts, ...here];
  const outbound = {
    fetch: guardedFetch({ allowPrivate }),
    resolve: resolveName,
    allowPrivate,
    hosts: listed,
    headers,
    now,
  };
  return {
    ci: askedSeldom("ci", secret, () => outbound),
    "change-log": askedSeldom("change-log", secret, () => outbound),
    artifact: askedSeldom("artifact", secret, () => outbound, {
      codeOf,
      ...(ROOT_FILE === NO_ROOT ? {} : { trustedRoot: ROOT_FILE }),
    }),
    "on-call": askedSeldom("on-call", secret, () => outbound),
    http: new HttpCheck(outbound),
    age: new AgeCheck(outbound),
    tls: new TlsCheck({ hosts: listed, allowPrivate, ...(ca === undefined ? {} : { ca }) }),
  };
}

async function listen(begun: AsyncDisposableStack, server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => reject(explain(error, port)));
    server.listen(port, "127.0.0.1", resolve);
  });
  begun.defer(() => close(server));
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : port;
}

function explain(error: NodeJS.ErrnoException, port: number): Error {
  if (error.code !== "EADDRINUSE") return error;
  return new Error(`port ${port} is taken; stop what uses it, or choose another with --port`);
}

function patience(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise<void>((resolve) => server.close(() => resolve()));
}
