import type { Instant } from "@gonogo/core/kit/instant";
import { VOTES, type VoteWord } from "@gonogo/core/poll/schema";
import type { PersonCommand } from "@gonogo/core/release/person-commands";
import { Argument, type Command } from "commander";
import { EXIT } from "../exit.ts";
import { Failure } from "../failure.ts";
import { EVIDENCE_OPTION, evidenceOf } from "../input/evidence.ts";
import { decimal, moment, words } from "../input/values.ts";
import { run, type Session } from "../session.ts";
import { ask } from "./ask.ts";
import { DRY_RUN_OPTION, KEY_OPTION } from "./key.ts";

/** What people are asked for: each command answers one kind of question. */
export function addAnswerCommands(release: Command): void {
  addApproval(release);
  addDelegation(release);
  addVote(release);
  addCheck(release);
  addOverride(release);
  addComplete(release);
  addPutBack(release);
  addReading(release);
  addValidation(release);
}

function answering(release: Command, name: string, description: string, example: string): Command {
  return release
    .command(name)
    .description(description)
    .argument("<release>", "its id, such as REL-2025-06-04")
    .option(...KEY_OPTION)
    .option(...DRY_RUN_OPTION)
    .addHelpText("after", `\nExample:\n  ${example}`);
}

interface ApprovalOptions {
  readonly role: string;
  readonly note?: string;
  readonly reason?: string;
  readonly plan?: string;
  readonly key?: string;
}

function addApproval(release: Command): void {
  answering(
    release,
    "approve",
    "sign off the plan for a role you hold",
    'gonogo release approve REL-1 --role CTO --note "read it twice"',
  )
    .requiredOption("--role <role>", "the role you approve for", words)
    .option("--note <words>", "kept beside the approval", words)
    .option("--plan <digest>", "the plan that you read; refused if the release has another by now", words)
    .action(async (id: string, { role, note, plan, key }: ApprovalOptions, self: Command) =>
      run(self, async (session) => {
        const digest = await digestToSign(session, id, plan);
        const command: PersonCommand = {
          type: "Approve",
          role,
          plan: digest,
          ...(note === undefined ? {} : { note }),
        };
        return ask(session, {
          release: id,
          command,
          key,
          done: `approved as ${role}, on plan ${short(digest)}`,
        });
      }),
    );
  answering(
    release,
    "decline",
    "refuse the plan for a role you hold",
    'gonogo release decline REL-1 --role Security --reason "no rehearsal"',
  )
    .requiredOption("--role <role>", "the role you decline for", words)
    .requiredOption("--reason <words>", "why", words)
    .option("--plan <digest>", "the plan that you read", words)
    .action(async (id: string, { role, reason, plan, key }: ApprovalOptions, self: Command) =>
      run(self, async (session) => {
        const digest = await digestToSign(session, id, plan);
        const command: PersonCommand = { type: "Decline", role, plan: digest };
        return ask(session, { release: id, command, reason, key, done: `declined as ${role}` });
      }),
    );
  answering(
    release,
    "withdraw",
    "take an approval back",
    'gonogo release withdraw REL-1 --role CTO --reason "a new finding"',
  )
    .requiredOption("--role <role>", "the role it was given for", words)
    .requiredOption("--reason <words>", "why", words)
    .action(async (id: string, { role, reason, key }: ApprovalOptions, self: Command) =>
      run(self, (session) =>
        ask(session, {
          release: id,
          command: { type: "WithdrawApproval", role },
          reason,
          key,
          done: `the approval as ${role} is withdrawn`,
        }),
      ),
    );
}

function addDelegation(release: Command): void {
  answering(
    release,
    "delegate",
    "let somebody else sign and vote for a role of yours, until a moment",
    'gonogo release delegate REL-1 --role CTO --to psn_1f0… --until 2026-06-04T12:00Z --reason "in the air"',
  )
    .requiredOption("--role <role>", "the role, which you hold yourself", words)
    .requiredOption("--to <person>", "their id, as `gonogo whoami` shows it to them", words)
    .requiredOption("--until <time>", "when it ends, in UTC", moment)
    .requiredOption("--reason <words>", "why", words)
    .action(async (id: string, options: DelegationOptions & { until: Instant }, self: Command) =>
      run(self, (session) => {
        const { role, to, until, reason, key } = options;
        const command: PersonCommand = { type: "Delegate", role, to, until };
        return ask(session, {
          release: id,
          command,
          reason,
          key,
          done: `${to} speaks as ${role} until ${until}`,
        });
      }),
    );
  answering(
    release,
    "undelegate",
    "end a delegation before its time; what was signed stands",
    "gonogo release undelegate REL-1 --role CTO",
  )
    .requiredOption("--role <role>", "the role that was delegated", words)
    .option("--to <person>", "to whom, where it was delegated to several", words)
    .action(
      async (id: string, { role, to, key }: Partial<DelegationOptions> & { role: string }, self: Command) =>
        run(self, (session) => {
          const command: PersonCommand = { type: "EndDelegation", role, ...given({ to }) };
          return ask(session, { release: id, command, key, done: `${role} is delegated no longer` });
        }),
    );
}

interface DelegationOptions {
  readonly role: string;
  readonly to: string;
  readonly reason: string;
  readonly key?: string;
}

/** An approval is for one plan only. What was read may have been replaced since. */
async function digestToSign({ api }: Session, id: string, read: string | undefined): Promise<string> {
  const { planDigest } = await api.release(id);
  const same =
    read === undefined || planDigest === read || (read.length >= 12 && short(planDigest).startsWith(read));
  if (same) return planDigest;
  throw new Failure({
    code: "approval.other-plan",
    exit: EXIT.refused,
    message: `${id} has the plan ${planDigest}, not ${read}`,
    hint: `Read it with \`gonogo release export ${id} --as yaml\`, then approve it with its own digest.`,
  });
}

function short(digest: string): string {
  return digest.replace(/^sha256:/, "").slice(0, 12);
}

interface VoteOptions {
  readonly role: string;
  readonly reason?: string;
  readonly key?: string;
}

function addVote(release: Command): void {
  answering(
    release,
    "vote",
    "go or no-go, for a role you hold; anything but GO needs a reason",
    'gonogo release vote REL-1 no-go --role Ops --reason "the queue is long"',
  )
    .addArgument(new Argument("<vote>", "your vote").choices(VOTES))
    .requiredOption("--role <role>", "the role you vote for", words)
    .option("--reason <words>", "why", words)
    .action(async (id: string, vote: VoteWord, options: VoteOptions, self: Command) =>
      run(self, (session) => {
        const { role, reason, key } = options;
        if (vote !== "go" && reason === undefined) {
          throw new Failure({
            code: "command.no-reason",
            exit: EXIT.usage,
            message: `${vote.toUpperCase()} has to say why`,
            hint: `Add --reason "…".`,
          });
        }
        const done = `${vote.toUpperCase()} as ${role}`;
        return ask(session, { release: id, command: { type: "Vote", role, vote }, reason, key, done });
      }),
    );
}

interface Remarks {
  readonly note?: string;
  readonly evidence?: string;
  readonly output?: string;
  readonly failed?: true;
  readonly key?: string;
}

function addCheck(release: Command): void {
  answering(
    release,
    "check",
    "answer a line of the checklist",
    "gonogo release check REL-1 signed yes --evidence load-test.pdf",
  )
    .alias("answer")
    .argument("<check>", "its id, as `gonogo release show` has it")
    .addArgument(new Argument("<answer>", "whether it holds").choices(["yes", "no"]))
    .option("--note <words>", "kept beside the answer", words)
    .option(...EVIDENCE_OPTION, words)
    .action(async (id: string, check: string, answer: "yes" | "no", options: Remarks, self: Command) =>
      run(self, async (session) => {
        const { key, note } = options;
        const evidence = await evidenceOf(session, id, options.evidence);
        const command: PersonCommand = { type: "AnswerCheck", check, answer, ...given({ note, evidence }) };
        return ask(session, { release: id, command, key, done: `${check} is answered ${answer}` });
      }),
    );
}

function addOverride(release: Command): void {
  answering(
    release,
    "override",
    "step over a check that its probe does not say yes to; it takes two people, where the plan allows it",
    'gonogo release override REL-1 certificate --reason "renewed, and not yet on every machine"',
  )
    .argument("<check>", "its id, as `gonogo release checks` has it")
    .requiredOption("--reason <words>", "why; it is kept in the audit log", words)
    .action(async (id: string, check: string, options: { reason: string; key?: string }, self: Command) =>
      run(self, (session) => {
        const { reason, key } = options;
        const command: PersonCommand = { type: "OverrideCheck", check };
        const done = `stepping over ${check} is asked for, or agreed to; \`gonogo release checks\` says which`;
        return ask(session, { release: id, command, reason, key, done });
      }),
    );
}

function addComplete(release: Command): void {
  answering(
    release,
    "complete",
    "report a step done by hand",
    'gonogo release complete REL-1 freeze --output "main is locked"',
  )
    .alias("complete-step")
    .argument("<step>", "its id, as `gonogo release show` has it")
    .option("--failed", "it did not work")
    .option("--output <words>", "what was seen", words)
    .option(...EVIDENCE_OPTION, words)
    .action(async (id: string, step: string, options: Remarks, self: Command) =>
      run(self, async (session) => {
        const { key, output } = options;
        const evidence = await evidenceOf(session, id, options.evidence);
        const ok = options.failed !== true;
        const command: PersonCommand = { type: "CompleteStep", step, ok, ...given({ output, evidence }) };
        return ask(session, { release: id, command, key, done: `${step} is ${ok ? "done" : "failed"}` });
      }),
    );
}

function addPutBack(release: Command): void {
  answering(
    release,
    "put-back",
    "report something put back by hand in a rollback",
    "gonogo release put-back REL-1 undo-freeze",
  )
    .argument("<item>", "its id, as `gonogo release show` has it")
    .option("--failed", "it did not work")
    .option("--output <words>", "what was seen", words)
    .action(async (id: string, item: string, options: Remarks, self: Command) =>
      run(self, (session) => {
        const { key, output } = options;
        const ok = options.failed !== true;
        const command: PersonCommand = { type: "CompletePutBack", item, ok, ...given({ output }) };
        return ask(session, {
          release: id,
          command,
          key,
          done: `${item} is ${ok ? "put back" : "not put back"}`,
        });
      }),
    );
}

function addReading(release: Command): void {
  answering(
    release,
    "read",
    "give the value of a metric that a person reads",
    'gonogo release read REL-1 crash-free 99.8 --note "from the console"',
  )
    .argument("<metric>", "its id, as `gonogo release show` has it")
    .argument("<value>", "the value, in the unit of its threshold; put -- before a negative one", decimal)
    .option("--of <count>", "of how many, where the threshold counts: 19 of 20", decimal)
    .option("--note <words>", "kept beside the value", words)
    .action(
      async (id: string, metric: string, value: number, options: Remarks & { of?: number }, self: Command) =>
        run(self, (session) => {
          const { key, note, of: count } = options;
          const command: PersonCommand = { type: "GiveReading", metric, value, ...given({ count, note }) };
          return ask(session, { release: id, command, key, done: `${metric} is read as ${value}` });
        }),
    );
}

function addValidation(release: Command): void {
  answering(
    release,
    "validate",
    "record the result of a validation",
    'gonogo release validate REL-1 v1 pass --result "1,204 of 1,204 passed"',
  )
    .argument("<validation>", "its id, as `gonogo release show` has it")
    .addArgument(new Argument("<verdict>", "whether it passes").choices(["pass", "fail"]))
    .requiredOption("--result <words>", "what was seen", words)
    .option(...EVIDENCE_OPTION, words)
    .action(
      async (
        id: string,
        validation: string,
        verdict: "pass" | "fail",
        { result, ...options }: Remarks & { result: string },
        self: Command,
      ) =>
        run(self, async (session) => {
          const { key } = options;
          const pass = verdict === "pass";
          const evidence = await evidenceOf(session, id, options.evidence);
          const command: PersonCommand = {
            type: "RecordValidation",
            validation,
            pass,
            result,
            ...given({ evidence }),
          };
          return ask(session, { release: id, command, key, done: `${validation}: ${verdict}` });
        }),
    );
}

type Given<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function given<T extends object>(fields: T): Given<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Given<T>;
}
