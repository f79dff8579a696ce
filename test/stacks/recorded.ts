import { EVIDENCE, type FunctionName } from "@gonogo/functions/deployment";
import { caller } from "@gonogo/local/kernel/caller";
import type { ApiCall, Fault, Kernel } from "@gonogo/local/kernel/kernel";
import type { Addresses } from "../../stacks/names.ts";

/** Does what a person does over the API, in the middle of whatever runs. */
export function asApi<T>(work: () => T): T {
  return caller.run("gonogo-api", work);
}

/** A right that was used: by whom, an action of IAM, and on what. */
export interface Used {
  readonly by: FunctionName;
  readonly action: string;
  readonly on: string;
}

/** Writes down every call of AWS that the code makes on an engine, in the words of IAM. */
export class Recorder {
  readonly #at: Addresses;
  readonly #used = new Map<string, Used>();

  constructor(at: Addresses) {
    this.#at = at;
  }

  /** From now on; `fault` is told who calls, and stands between as a fault does. */
  listen(kernel: Kernel, fault?: (by: FunctionName, ...rest: Parameters<Fault>) => ReturnType<Fault>): void {
    kernel.fault = async (call, proceed) => {
      const by = (call.by?.replace(/^gonogo-/, "") ?? "api") as FunctionName;
      for (const { action, on } of rightsFor(call, this.#at))
        this.#used.set(`${by} ${action} ${on}`, { by, action, on });
      return fault === undefined ? await proceed() : await fault(by, call, proceed);
    };
  }

  get used(): readonly Used[] {
    return [...this.#used.values()];
  }
}

type Input = Record<string, unknown>;

/** What IAM asks for when an API is called. A call that has not been thought of is a right that nobody has. */
function rightsFor({ service, operation, input }: ApiCall, at: Addresses): Omit<Used, "by">[] {
  const of = input as Input;
  const text = (field: string) => String(of[field]);
  const one = (action: string, on: string) => [{ action, on }];
  switch (`${service}:${operation}`) {
    case "dynamodb:TransactWriteItems":
      // A transaction asks for the rights of what is in it.
      return (of.TransactItems as Input[]).flatMap((item) =>
        Object.keys(item).map((kind) => ({
          action: `dynamodb:${kind}Item`,
          on: at.table,
        })),
      );
    case "dynamodb:Query":
      return one("dynamodb:Query", of.IndexName === undefined ? at.table : at.index);
    case "dynamodb:GetItem":
    case "dynamodb:PutItem":
    case "dynamodb:UpdateItem":
    case "dynamodb:DeleteItem":
    case "dynamodb:BatchGetItem":
      return one(`dynamodb:${operation}`, at.table);
    case "states:StartExecution":
      return one("states:StartExecution", at.machine(machineIn(text("stateMachineArn"))));
    case "states:DescribeExecution":
      return one(
        "states:DescribeExecution",
        at.executions(machineIn(text("executionArn"))).replace("*", "x"),
      );
    case "states:SendTaskSuccess":
      // The token alone says of which machine.
      return one("states:SendTaskSuccess", at.machine("rollout"));
    case "scheduler:CreateSchedule":
    case "scheduler:UpdateSchedule":
      return [
        { action: `scheduler:${operation}`, on: scheduleIn(of, at) },
        { action: "iam:PassRole", on: at.schedulerRole },
      ];
    case "scheduler:GetSchedule":
    case "scheduler:DeleteSchedule":
      return one(`scheduler:${operation}`, scheduleIn(of, at));
    case "events:PutEvents":
      return (of.Entries as Input[]).map(({ EventBusName }) => ({
        action: "events:PutEvents",
        on: EventBusName === "gonogo" ? at.bus : `another bus, ${EventBusName}`,
      }));
    case "events:PutRule":
    case "events:DeleteRule":
      return one(`events:${operation}`, ruleIn(of, text("Name"), at));
    case "events:PutTargets":
    case "events:RemoveTargets":
      return one(`events:${operation}`, ruleIn(of, text("Rule"), at));
    case "kms:Sign":
    case "kms:GetPublicKey":
      return one(`kms:${operation}`, at.auditKey);
    case "cloudwatch:SetAlarmState":
      return one("cloudwatch:SetAlarmState", at.testAlarm);
    case "backup:StartBackupJob":
      // Who makes backups is not gonogo.
      return [];
    case "backup:ListRecoveryPointsByResource":
      return one("backup:ListRecoveryPointsByResource", "*");
    case "tagging:GetResources":
      return one("tag:GetResources", "*");
    case "cloudwatch:DescribeAlarms":
    case "cloudwatch:GetMetricData":
      return one(`cloudwatch:${operation}`, "*");
    case "s3:PutObject":
    case "s3:GetObject": {
      const bucket =
        text("Bucket") === EVIDENCE.bucket ? at.evidence : `arn:${at.partition}:s3:::${text("Bucket")}`;
      const on = `${bucket}/${text("Key")}`.replace(
        "/gonogo/releases/",
        `/gonogo/${at.table.split("/").at(-1)}/`,
      );
      const isLocked = (of.members as Input | undefined)?.ObjectLockMode !== undefined;
      const more = isLocked ? one("s3:PutObjectRetention", on) : [];
      return [...one(`s3:${operation}`, on), ...more];
    }
    case "s3:HeadObject":
      return [
        { action: "s3:GetObject", on: `${at.evidence}/${text("Key")}` },
        // Without it S3 says 403 where nothing is.
        { action: "s3:ListBucket", on: at.evidence },
      ];
    case "s3:ListObjectVersions":
      return one("s3:ListBucketVersions", at.evidence);
    case "s3:ListObjectsV2":
      return one("s3:ListBucket", at.evidence);
    case "dynamodb:DescribeTable":
    case "dynamodb:DescribeContinuousBackups":
      return one(`dynamodb:${operation}`, at.table);
    case "lambda:Invoke":
      return one("lambda:InvokeFunction", functionIn(text("FunctionName"), at));
    case "lambda:GetFunctionConfiguration": {
      // Of a function of gonogo's own, or of a target's code.
      const name = text("FunctionName");
      const target = `arn:${at.partition}:lambda:${at.region}:${at.account}:function:${name}`;
      const isOwn = name.includes("gonogo-");
      return one("lambda:GetFunctionConfiguration", isOwn ? functionIn(name, at) : target);
    }
    case "lambda:ListEventSourceMappings":
      return one("lambda:ListEventSourceMappings", "*");
    case "states:DescribeStateMachine":
      return one("states:DescribeStateMachine", at.machine(machineIn(text("stateMachineArn"))));
    case "events:DescribeRule":
      return one("events:DescribeRule", ruleIn(of, text("Name"), at));
    case "events:ListTargetsByRule":
      return one("events:ListTargetsByRule", ruleIn(of, text("Rule"), at));
    case "lambda:GetAccountSettings":
      return one("lambda:GetAccountSettings", "*");
    case "lambda:GetFunctionConcurrency":
    case "lambda:GetAlias":
    case "lambda:UpdateAlias":
    case "lambda:ListVersionsByFunction":
      return one(
        `lambda:${operation}`,
        `arn:${at.partition}:lambda:${at.region}:${at.account}:function:${text("FunctionName")}`,
      );
    default:
      return one(`${service}:${operation}`, "a call that no right is known for");
  }
}

function machineIn(arn: string): "rollout" | "rollback" {
  return arn.includes(":gonogo-rollback") ? "rollback" : "rollout";
}

/** A function of gonogo's own, by its name or ARN on the engine. */
function functionIn(name: string, at: Addresses): string {
  return at.function(name.replace(/^.*\bgonogo-/, "") as FunctionName);
}

/** The resource of a schedule, in the group that it has on the engine; another group is no resource of ours. */
function scheduleIn({ GroupName, Name }: Input, at: Addresses): string {
  const group = GroupName === "releases" ? at.releaseSchedules.split("/")[1] : String(GroupName);
  const ours = String(Name).replace(
    /^gonogo(?=-)/,
    at.standingSchedules.split("/").at(-1)?.slice(0, -2) ?? "",
  );
  return `${at.releaseSchedules.split("/")[0]}/${group}/${ours}`;
}

/** On the engine names are without a stage. */
function ruleIn({ EventBusName }: Input, name: string, at: Addresses): string {
  const [onDefault, onOwn] = at.standByRules;
  const base = EventBusName === "gonogo" ? onOwn : onDefault;
  const staged = name.replace(/^gonogo(?=-)/, at.bus.split("/").at(-1) ?? "");
  return `${base?.slice(0, base.lastIndexOf("/"))}/${staged}`;
}
