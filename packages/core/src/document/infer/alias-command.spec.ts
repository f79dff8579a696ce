import { describe, expect, it } from "vitest";
import { Findings } from "../findings.ts";
import { readAliasCommand } from "./alias-command.ts";
import { explainAlias } from "./explain-alias.ts";

const CALL = "aws lambda update-alias --function-name api --name live";

describe("an update-alias call", () => {
  const cases: [string, ReturnType<typeof readAliasCommand>][] = [
    ["aws s3 ls", undefined],
    ["aws lambda update-alias …", {}],
    [CALL, { function: "api", alias: "live" }],
    [`\`${CALL} --function-version 41\``, { function: "api", alias: "live", functionVersion: "41" }],
    [
      `${CALL} --region eu-west-1 \\\n --function-version=7`,
      { function: "api", alias: "live", region: "eu-west-1", functionVersion: "7" },
    ],
    [
      `${CALL} --routing-config 'AdditionalVersionWeights={"42"=0.1}'`,
      { function: "api", alias: "live", additional: { version: "42", weight: 0.1 } },
    ],
    [
      `${CALL} --routing-config '{"AdditionalVersionWeights": {"42": 0.1}}'`,
      { function: "api", alias: "live", additional: { version: "42", weight: 0.1 } },
    ],
    [
      `${CALL} --routing-config AdditionalVersionWeights={OLD:1}`,
      {
        function: "api",
        alias: "live",
        additional: { version: "OLD", weight: 1 },
        refusedBecause: 'its shorthand has ":" where the AWS CLI takes "=" (OLD=1)',
      },
    ],
    [
      "aws lambda update-alias --function-name arn:aws:lambda:us-east-1:123456789012:function:api --name live",
      { function: "api", alias: "live" },
    ],
  ];
  it.each(cases)("%s", (text, expected) => expect(readAliasCommand(text)).toEqual(expected));
});

describe("what is said of a call that would not do what its row says", () => {
  const place = { file: "runbook.md", line: 9, column: 3 };
  const component = { id: "api", name: "API", place, family: "lambda" } as const;
  const codes = (text: string, percent: number) => {
    const findings = new Findings();
    explainAlias(findings, place, text, { component, percent });
    return findings.all.map(({ code }) => code.replace("document.alias-", ""));
  };
  const cases: [string, number, string[]][] = [
    [`${CALL} --routing-config AdditionalVersionWeights={17:1}`, 0, ["shorthand", "primary-stays"]],
    [`${CALL} --routing-config 'AdditionalVersionWeights={"17"=1}'`, 0, ["primary-stays"]],
    [`${CALL} --function-version 17 --routing-config AdditionalVersionWeights={}`, 0, []],
    [`${CALL} --routing-config 'AdditionalVersionWeights={"18"=1.0}'`, 100, ["weight-one"]],
    [`${CALL} Weight = 1.0`, 100, ["weight-one"]],
    [`${CALL} --function-version 18 --routing-config AdditionalVersionWeights={}`, 100, []],
    [`${CALL} --routing-config 'AdditionalVersionWeights={"18"=0.1}'`, 10, []],
    ["revert to the previous version", 0, []],
  ];
  it.each(cases)("%s for %d %%", (text, percent, expected) => expect(codes(text, percent)).toEqual(expected));

  it("names the call that is made instead", () => {
    const findings = new Findings();
    explainAlias(findings, place, `${CALL} --routing-config AdditionalVersionWeights={17:1}`, {
      component,
      percent: 0,
    });
    expect(findings.all[0]?.instead).toBe(
      "gonogo calls: aws lambda update-alias --function-name api --name live --function-version 17 --routing-config AdditionalVersionWeights={}",
    );
  });
});
