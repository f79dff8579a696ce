import { afterEach, describe, expect, it, vi } from "vitest";
import { lambdaLog } from "./log.ts";
import { redact, redactText } from "./redact.ts";

describe("what is taken out of a log line", () => {
  it.each([
    ["an API token", "got gonogo_0123456789abcdefghijklmnop here"],
    ["a bearer token", "authorization: Bearer abcdef.ghijkl"],
    ["a JSON Web Token", "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2ln is not valid"],
    ["a Slack token", "xoxb-123456789-abcdef was refused"],
    ["a Slack webhook", "POST https://hooks.slack.com/services/T000/B000/abcdef failed"],
    ["an access key", "AKIAIOSFODNN7EXAMPLE is not allowed"],
    ["a private key", `key: ${"-----BEGIN PRIVATE KEY-----"}\nMIGH\n${"-----END PRIVATE KEY-----"}`],
    ["a password in an address", "https://ada:lovelace@example.com/ cannot be reached"],
    ["a task token", `token ${"AQCEAAAAKgAAAAMAAAAAAAAAA".repeat(8)} timed out`],
  ])("%s", (_, text) => {
    const clean = redactText(text);
    expect(clean).toContain("[redacted]");
    for (const secret of ["ghijkl", "ZGEifQ", "abcdef", "IOSFODNN", "MIGH", "lovelace", "AQCEAAAA"]) {
      expect(clean).not.toContain(secret);
    }
  });

  it("is nothing of what a reader needs", () => {
    const text = `REL-2026-05-05 seq 41 digest ${"a1".repeat(32)} arn:aws:states:eu-west-1:123456789012:execution:x`;
    expect(redactText(text)).toBe(text);
  });

  it("is whatever stands under the name of a secret, at any depth", () => {
    const about = {
      release: "R",
      taskToken: "x",
      nested: [{ clientSecret: 7, headers: { Authorization: "y" } }],
    };
    expect(redact(about)).toEqual({
      release: "R",
      taskToken: "[redacted]",
      nested: [{ clientSecret: "[redacted]", headers: { Authorization: "[redacted]" } }],
    });
  });

  it("ends where a structure holds itself", () => {
    const about: Record<string, unknown> = {};
    about.self = about;
    expect(JSON.stringify(redact(about))).toContain("…");
  });
});

describe("the log on Lambda", () => {
  afterEach(() => {
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
  });

  it("is a JSON object a line, with the function, the message and what it is about", () => {
    vi.stubEnv("POWERTOOLS_DEV", "true");
    const said: string[] = [];
    const keep = (line: unknown) => void said.push(String(line));
    vi.spyOn(console, "warn").mockImplementation(keep);
    vi.spyOn(console, "error").mockImplementation(keep);
    const log = lambdaLog("put-back");
    log.warn("a target could not be read", { component: "api", error: "Bearer abcdefgh was refused" });
    log.error("put-back failed");
    expect(said.map((line) => JSON.parse(line))).toMatchObject([
      {
        level: "WARN",
        service: "gonogo",
        function: "put-back",
        message: "a target could not be read",
        about: { component: "api", error: "[redacted] was refused" },
      },
      { level: "ERROR", message: "put-back failed" },
    ]);
  });
});
