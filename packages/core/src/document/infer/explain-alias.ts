import type { Place } from "../../kit/problem.ts";
import type { Findings } from "../findings.ts";
import { type AliasCommand, readAliasCommand, versionNumber } from "./alias-command.ts";
import type { ComponentDraft } from "./components.ts";

/**
 * Says where an update-alias call of a document would not do what its row says. The weight in
 * AdditionalVersionWeights is the additional version's; FunctionVersion gets the rest, and a call that does
 * not name it leaves the primary version as it is.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuring-alias-routing.html
 *
 * `percent` is the share that the row wants the new version to have; 0 for a rollback.
 */
export function explainAlias(
  findings: Findings,
  place: Place,
  text: string,
  wish: { readonly component: ComponentDraft; readonly percent: number },
): void {
  const command = readAliasCommand(text);
  if (command?.refusedBecause !== undefined) {
    const message = `the AWS CLI refuses this call: ${command.refusedBecause}`;
    findings.warning("alias-shorthand", place, message, rightCall(command, wish.percent));
  }
  if (wish.percent === 0 && command !== undefined && command.functionVersion === undefined) {
    const message =
      "this call does not name --function-version, so the new version stays the alias's primary and the old one only gets a weight beside it";
    findings.warning("alias-primary-stays", place, message, rightCall(command, 0));
  }
  const whole = command?.additional?.weight === 1 || /weight ?s? ?[:=]? ?1(?:\.0+)?\b(?!\d)/i.test(text);
  if (wish.percent === 100 && whole && command?.functionVersion === undefined) {
    const message =
      "with a weight of 1.0 all traffic goes to the new version, but the old one stays the alias's primary; the release is not finished that way";
    findings.warning("alias-weight-one", place, message, rightCall(command ?? {}, 100));
  }
}

/** The call that gonogo makes for a share. */
function rightCall(command: AliasCommand, percent: number): string {
  const call = `aws lambda update-alias --function-name ${command.function ?? "FUNCTION"} --name ${command.alias ?? "ALIAS"}`;
  if (percent === 0) {
    const old = versionNumber(command.additional?.version) ?? "OLD_VERSION";
    return `gonogo calls: ${call} --function-version ${old} --routing-config AdditionalVersionWeights={}`;
  }
  const next = versionNumber(command.additional?.version) ?? "NEW_VERSION";
  if (percent === 100) {
    return `gonogo calls: ${call} --function-version ${next} --routing-config AdditionalVersionWeights={}`;
  }
  const weights = `AdditionalVersionWeights={"${next}"=${percent / 100}}`;
  return `gonogo calls: ${call} --function-version OLD_VERSION --routing-config '${weights}'`;
}
