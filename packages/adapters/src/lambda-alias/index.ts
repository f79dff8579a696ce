import { messageOf } from "@gonogo/core/kit/text";
import type { QuotaAnswer } from "@gonogo/core/quota/schema";
import {
  isBack,
  type Observation,
  type RevertCall,
  type ShiftResult,
  type TrafficTarget,
  type Versions,
} from "@gonogo/core/target/port";
import type { LambdaAliasTarget as Schema, Target } from "@gonogo/core/target/schema";
import type { z } from "zod";
import type { Accounts } from "../aws/accounts.ts";
import type { AwsConfig } from "../aws/config.ts";
import { type Alias, AliasClient, isFinal, type Version } from "./client.ts";
import { LambdaQuotas } from "./quotas.ts";

type LambdaAlias = z.infer<typeof Schema>;

/**
 * A Lambda function behind an alias. `AdditionalVersionWeights` holds the share of the *additional* version
 * and `FunctionVersion` gets the rest: while a share is shifted the old version is primary, at 100 % the
 * new one is, with nothing beside it. Every write names the RevisionId that was read (S1).
 */
export class LambdaAliasTarget implements TrafficTarget<LambdaAlias> {
  readonly #client: AliasClient;
  readonly #quotas: LambdaQuotas;
  readonly #region: string;

  constructor(config: AwsConfig, accounts?: Accounts) {
    this.#client = new AliasClient(config, accounts);
    this.#quotas = new LambdaQuotas(config, accounts);
    this.#region = config.region;
  }

  async pin(
    target: LambdaAlias,
  ): Promise<{ ok: true; target: LambdaAlias; versions: Versions } | { ok: false; message: string }> {
    const where = `${target.function}:${target.alias}${target.account === undefined ? "" : ` in ${target.account}`}`;
    let alias: Alias;
    let version: string | undefined;
    try {
      alias = await this.#client.get(target);
      version = target.version === "newest" ? await this.#client.newestVersion(target) : target.version;
    } catch (error) {
      if (!isFinal(error)) throw error;
      return { ok: false, message: `the alias ${where} cannot be read: ${messageOf(error)}` };
    }
    if (version === undefined) {
      return {
        ok: false,
        message: `${target.function} has no published version; publish one (aws lambda publish-version)`,
      };
    }
    if (alias.additional !== undefined) {
      const { version: other, weight } = alias.additional;
      return {
        ok: false,
        message: `${where} is split already: ${other} has ${weight * 100} %; route it to one version first`,
      };
    }
    if (alias.primary === version) {
      return {
        ok: false,
        message: `${where} is on version ${version} already; publish the version to release, or name it`,
      };
    }
    const refusal = await this.#whyNotShared(target, alias.primary, version);
    if (refusal !== undefined) return { ok: false, message: refusal };
    // The region is part of what is locked: one alias, one lock, however the plan spelt it.
    const pinned = { ...target, version, region: target.region ?? this.#region };
    return { ok: true, target: pinned, versions: { previous: alias.primary, next: version } };
  }

  /**
   * Why Lambda would not split the alias between these two: asked before people approve it, and again before the
   * start, for a version can be deleted meanwhile. Both have to be there, with one role and one dead-letter queue.
   * https://docs.aws.amazon.com/lambda/latest/dg/configuring-alias-routing.html
   */
  async #whyNotShared(target: LambdaAlias, previous: string, next: string): Promise<string | undefined> {
    const which = `version ${next} of ${target.function}`;
    let old: Version | undefined;
    let found: Version | undefined;
    try {
      [old, found] = await Promise.all([
        this.#client.version(target, previous),
        this.#client.version(target, next),
      ]);
    } catch (error) {
      if (!isFinal(error)) throw error;
      return `${which} cannot be looked at (lambda:GetFunctionConfiguration): ${messageOf(error)}`;
    }
    if (found === undefined) {
      return `there is no ${which}: it was deleted, or never published; publish it anew and submit a plan with the version that is there`;
    }
    if (found.failed !== undefined) return `${which} cannot be invoked: ${found.failed}`;
    if (old === undefined) return undefined;
    const between = `versions ${previous} and ${next} of ${target.function}`;
    if (old.role !== found.role) {
      return `${between} run as ${old.role} and as ${found.role}: Lambda splits an alias between versions of one role only`;
    }
    if (old.deadLetters !== found.deadLetters) {
      const queues = [old.deadLetters, found.deadLetters].map((queue) => queue ?? "none").join(" and ");
      return `${between} have different dead-letter queues (${queues}): Lambda splits an alias between versions of one only`;
    }
    return undefined;
  }

  async quotas(targets: readonly LambdaAlias[]): Promise<readonly QuotaAnswer[]> {
    return await this.#quotas.of(targets);
  }

  async read(target: LambdaAlias, versions: Versions): Promise<Observation> {
    return observe(await this.#client.get(target), versions);
  }

  async shift(
    target: LambdaAlias,
    versions: Versions,
    percent: number,
    expected: Observation,
    note: string,
  ): Promise<ShiftResult> {
    const route = routeAt(versions, percent);
    const result = await this.#client.update(target, route, note, expected.revision);
    switch (result.kind) {
      case "updated":
        return { kind: "shifted", observed: observe(result.alias, versions) };
      case "refused":
        return { kind: "refused", detail: result.detail };
      case "overtaken": {
        // A first try whose answer was lost also moves the revision: what stands there decides (S5).
        const observed = await this.read(target, versions);
        return isAt(observed, versions, percent)
          ? { kind: "shifted", observed }
          : { kind: "fenced", observed };
      }
    }
  }

  async revert(call: RevertCall, note: string): Promise<ShiftResult> {
    const target = call.target as LambdaAlias;
    for (let attempt = 0; attempt < 5; attempt++) {
      const before = observe(await this.#client.get(target), call);
      const stranger = strangerIn(before, call);
      if (stranger !== undefined) {
        const detail = `version ${stranger} is neither ${call.previous} nor ${call.next}: another hand put it there, and it is left`;
        return { kind: "refused", detail, observed: before };
      }
      // Written even when it is back already: the RevisionId moves on, and a late shift is refused (S2).
      const result = await this.#client.update(target, { primary: call.previous }, note, before.revision);
      if (result.kind === "refused") return { kind: "refused", detail: result.detail, observed: before };
      if (result.kind === "overtaken") continue;
      const observed = await this.read(target, call);
      if (isBack(observed, call)) return { kind: "shifted", observed };
    }
    const detail = "somebody else keeps changing the alias";
    return { kind: "refused", detail, observed: await this.read(target, call) };
  }

  /** An alias does not move by itself. */
  async hold(target: LambdaAlias, versions: Versions): Promise<Observation> {
    return await this.read(target, versions);
  }

  async free(target: LambdaAlias, versions: Versions): Promise<Observation> {
    return await this.read(target, versions);
  }

  revertCommand(target: LambdaAlias, versions: Versions): string {
    return [
      "aws lambda update-alias",
      `--function-name ${target.function} --name ${target.alias}`,
      `--function-version ${versions.previous}`,
      "--routing-config AdditionalVersionWeights={}",
      ...(target.region === undefined ? [] : [`--region ${target.region}`]),
      ...(target.account === undefined ? [] : [`# with credentials of the account ${target.account}`]),
    ].join(" ");
  }
}

export function isLambdaAlias(target: Target): target is LambdaAlias {
  return target.kind === "lambda-alias";
}

/** How an alias is routed so that the new version gets `percent`. */
export function routeAt(versions: Versions, percent: number) {
  if (percent >= 100) return { primary: versions.next };
  if (percent <= 0) return { primary: versions.previous };
  return { primary: versions.previous, additional: { version: versions.next, weight: percent / 100 } };
}

function observe(alias: Alias, versions: Versions): Observation {
  const { primary, additional, revision } = alias;
  const weight = additional === undefined ? 0 : Number((additional.weight * 100).toFixed(6));
  const share =
    additional?.version === versions.next
      ? weight
      : primary === versions.next
        ? Number((100 - weight).toFixed(6))
        : 0;
  return {
    primary,
    share,
    revision,
    ...(additional === undefined ? {} : { secondary: additional.version }),
  };
}

function isAt(observed: Observation, versions: Versions, percent: number): boolean {
  const { primary, additional } = routeAt(versions, percent);
  return (
    observed.primary === primary &&
    observed.secondary === additional?.version &&
    Math.abs(observed.share - percent) < 1e-6
  );
}

function strangerIn(observed: Observation, versions: Versions): string | undefined {
  return [observed.primary, observed.secondary].find(
    (version) => version !== undefined && version !== versions.previous && version !== versions.next,
  );
}
