import type { Statement } from "./abilities.ts";
import { roleName } from "./names.ts";
import type { Here } from "./place.ts";

/** A role for one of AWS's services, which may take it on for things of this account alone. */
export function serviceRole(
  { stage, at }: Here,
  what: string,
  {
    service,
    from,
    statements,
  }: {
    readonly service: "states" | "scheduler";
    /** ARNs, possibly patterns, of what may take the role on: nobody else's machine or schedule can. */
    readonly from: readonly string[];
    readonly statements: readonly Statement[];
  },
) {
  const words = what.split("-").map((word) => `${word[0]?.toUpperCase()}${word.slice(1)}`);
  return new aws.iam.Role(`${words.join("")}Role`, {
    name: roleName(stage, what, at.region),
    assumeRolePolicy: JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Service: `${service}.amazonaws.com` },
          Action: "sts:AssumeRole",
          Condition: {
            StringEquals: { "aws:SourceAccount": at.account },
            ArnLike: { "aws:SourceArn": from },
          },
        },
      ],
    }),
    inlinePolicies: [{ name: "inline", policy: policyOf(statements) }],
  });
}

function policyOf(statements: readonly Statement[]): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: statements.map(({ actions, resources }) => ({
      Effect: "Allow",
      Action: actions,
      Resource: resources,
    })),
  });
}
