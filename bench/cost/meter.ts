import { AsyncLocalStorage } from "node:async_hooks";
import { FUNCTIONS, MACHINES, SCHEDULES, STORE } from "@gonogo/functions/deployment";
import { machineArn } from "@gonogo/local/engine/deploy";
import type { ApiCall, Fault } from "@gonogo/local/kernel/kernel";
import type { VirtualControlPlane } from "@gonogo/local/simulation/control-plane";
import type { Piece, Used } from "./bill.ts";
import prices from "./prices.json" with { type: "json" };
import { indexUnits, readUnits, writeUnits } from "./units.ts";

type Input = Record<string, unknown>;

const DAY_MS = 86_400_000;
/** They run whether anybody releases something or not. */
const STANDING: readonly string[] = Object.values(SCHEDULES).map(({ target }) => target);

/** Counts what a control plane on the virtual clock asks of AWS. What is done within `aside` is not counted. */
export class Meter {
  readonly #control: VirtualControlPlane;
  readonly #aside = new AsyncLocalStorage<true>();
  readonly #release = nothing();
  /** What the standing schedules use, whether anybody releases something or not. */
  readonly #standing = nothing();
  #collectedTo: number;
  readonly #invocations = new Map<string, number>();
  readonly #beganCpu = cpuMs();

  constructor(control: VirtualControlPlane) {
    this.#control = control;
    this.#collectedTo = Math.floor(control.engine.kernel.clock.now() / 60_000) * 60_000;
    this.#collectDaily();
    control.engine.kernel.fault = this.#count;
  }

  /** Looks of who measures. */
  aside<T>(look: () => Promise<T>): Promise<T> {
    return this.#aside.run(true, look);
  }

  add(piece: Piece, count = 1): void {
    this.#release.pieces[piece] += count;
  }

  /** What releases have used from the beginning to now. */
  async used(): Promise<Used> {
    const computeMs = cpuMs() - this.#beganCpu;
    await this.#collect();
    const { states, executions } = await this.#transitions();
    for (const [name, count] of this.#invocations)
      if (!STANDING.includes(name)) this.add("lambdaRequests", count);
    this.add("schedulerInvocations", this.#invocations.get("visit") ?? 0);
    this.add("stepFunctionsTransitions", states);
    // A trace goes through all the functions of an execution.
    this.add("tracesRecorded", executions);
    // Nothing of this is done where nothing is released: what is written of the log, and signed.
    for (const piece of ["kmsSignatures", "s3Puts", "s3Lists", "dynamodbWriteUnits"] as const)
      this.add(piece, this.#standing.pieces[piece]);
    return { ...this.#release, computeMs };
  }

  /** What the standing schedules have used from the beginning to now. */
  async standing(): Promise<Used> {
    const computeMs = cpuMs() - this.#beganCpu;
    await this.#collect();
    const { pieces, calls } = this.#standing;
    const fired = STANDING.reduce((sum, name) => sum + (this.#invocations.get(name) ?? 0), 0);
    return { pieces: { ...pieces, lambdaRequests: fired, schedulerInvocations: fired }, calls, computeMs };
  }

  #count: Fault = async (call, proceed) => {
    const answer = await proceed();
    if (this.#aside.getStore() !== undefined) return answer;
    const into = isStanding(call) ? this.#standing : this.#release;
    into.calls += 1;
    this.#take(call, answer.body.length, (piece, count = 1) => {
      into.pieces[piece] += count;
    });
    return answer;
  };

  #take({ service, operation, input }: ApiCall, answered: number, add: Meter["add"]): void {
    const of = input as Input;
    const write = (item: Input | undefined, inTransaction: boolean) => {
      add("dynamodbWriteUnits", writeUnits(item, { inTransaction }));
      add("dynamodbWriteUnits", indexUnits(item, STORE.index.partition));
    };
    switch (`${service}:${operation}`) {
      case "dynamodb:TransactWriteItems":
        for (const one of of.TransactItems as Record<string, { Item?: Input }>[]) {
          for (const { Item } of Object.values(one)) write(Item, true);
        }
        break;
      case "dynamodb:PutItem":
        write(of.Item as Input, false);
        break;
      case "dynamodb:DeleteItem":
      case "dynamodb:UpdateItem":
        write(undefined, false);
        break;
      case "dynamodb:GetItem":
      case "dynamodb:Query":
      case "dynamodb:BatchGetItem":
        add("dynamodbReadUnits", readUnits(answered, { isConsistent: of.ConsistentRead === true }));
        break;
      case "events:PutEvents":
        add("eventBridgeEvents", (of.Entries as unknown[]).length);
        break;
      case "cloudwatch:GetMetricData":
        add("cloudWatchMetricsRead", (of.MetricDataQueries as unknown[]).length);
        break;
      case "cloudwatch:DescribeAlarms":
        add("cloudWatchRequests");
        break;
      case "s3:PutObject":
        add("s3Puts");
        break;
      case "s3:ListObjectVersions":
      case "s3:ListObjectsV2":
        add("s3Lists");
        break;
      case "s3:GetObject":
      case "s3:HeadObject":
        add("s3Gets");
        break;
      case "kms:Sign":
        add("kmsSignatures");
        break;
    }
  }

  /** As CloudWatch counts them, which forgets after some days: once a day. */
  async #collect(): Promise<void> {
    const { kernel } = this.#control.engine;
    const until = kernel.clock.now();
    if (until <= this.#collectedTo) return;
    for (const name of Object.keys(FUNCTIONS)) {
      const { Datapoints } = (await kernel.call("cloudwatch", "GetMetricStatistics", {
        Namespace: "AWS/Lambda",
        MetricName: "Invocations",
        Dimensions: [{ Name: "FunctionName", Value: `gonogo-${name}` }],
        StartTime: new Date(this.#collectedTo),
        EndTime: new Date(until),
        Period: 60,
        Statistics: ["Sum"],
      })) as { Datapoints: { Sum: number }[] };
      const count = Datapoints.reduce((sum, { Sum }) => sum + Sum, 0);
      this.#invocations.set(name, (this.#invocations.get(name) ?? 0) + count);
    }
    this.#collectedTo = until;
  }

  #collectDaily(): void {
    const { kernel } = this.#control.engine;
    kernel.clock.at(kernel.clock.now() + DAY_MS, () => {
      kernel.activity.spawn(() => this.#collect());
      this.#collectDaily();
    });
  }

  /** A transition is a state that was entered, a retry included. */
  async #transitions(): Promise<{ states: number; executions: number }> {
    const { kernel } = this.#control.engine;
    let states = 0;
    let executions = 0;
    for (const machine of MACHINES) {
      const listed = (await kernel.call("states", "ListExecutions", {
        stateMachineArn: machineArn(machine),
      })) as { executions: { executionArn: string }[] };
      for (const { executionArn } of listed.executions) {
        executions += 1;
        let nextToken: string | undefined;
        do {
          const page = (await kernel.call("states", "GetExecutionHistory", {
            executionArn,
            maxResults: 1_000,
            ...(nextToken === undefined ? {} : { nextToken }),
          })) as { events: { type: string }[]; nextToken?: string };
          states += page.events.filter(({ type }) =>
            /StateEntered$|^TaskFailed$|^LambdaFunctionFailed$/.test(type),
          ).length;
          nextToken = page.nextToken;
        } while (nextToken !== undefined);
      }
    }
    return { states, executions };
  }
}

/** Milliseconds that this process has computed: the functions, and the engine in AWS's place. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function nothing(): { pieces: Record<Piece, number>; calls: number } {
  const pieces = Object.keys(prices.perMillion).map((one): [string, number] => [one, 0]);
  return { pieces: Object.fromEntries(pieces) as Record<Piece, number>, calls: 0 };
}

function isStanding({ by }: ApiCall): boolean {
  return STANDING.some((name) => by === `gonogo-${name}`);
}
