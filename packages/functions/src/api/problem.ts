import type { Problem } from "@gonogo/core/kit/problem";
import type { Rejection } from "@gonogo/core/release/commands";
import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";

/** RFC 9457. */
export const ProblemDetails = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    detail: z.string().describe("What is wrong and what to do, in words."),
    code: z.string().describe("Stable, for programs."),
    problems: z
      .array(z.custom<Problem>())
      .optional()
      .openapi({ type: "array", items: { type: "object" } }),
  })
  .openapi("Problem");

const TITLES: Readonly<Record<number, string>> = {
  400: "The request cannot be read",
  401: "Who are you?",
  403: "Not allowed",
  404: "Not found",
  405: "Not done here",
  409: "Not now",
  412: "It has changed",
  413: "Too large",
  415: "Not a form that is read",
  421: "Not for this server",
  422: "The request is not right",
  428: "A header is missing",
  429: "Too many requests",
  500: "A fault of ours",
  503: "Not available",
};

/** An answer that says no. */
export class Refusal extends Error {
  readonly status: ContentfulStatusCode;
  readonly code: string;
  readonly problems: readonly Problem[] | undefined;
  /** In seconds. */
  readonly retryAfter: number | undefined;
  /** Whether it stands somewhere already, so that it is not kept twice. */
  readonly isRecorded: boolean;
  constructor(
    status: ContentfulStatusCode,
    code: string,
    detail: string,
    problems?: readonly Problem[],
    more: { readonly retryAfter?: number; readonly isRecorded?: boolean } = {},
  ) {
    super(detail);
    this.retryAfter = more.retryAfter;
    this.isRecorded = more.isRecorded ?? false;
    this.name = "Refusal";
    this.status = status;
    this.code = code;
    this.problems = problems;
  }
}

const STATUS_OF = { conflict: 409, forbidden: 403, invalid: 422, "not-found": 404 } as const;

export function refusalOf(rejection: Rejection): Refusal {
  // What a command was refused is an event of its log.
  const recorded = { isRecorded: true };
  return new Refusal(STATUS_OF[rejection.kind], rejection.code, rejection.message, undefined, recorded);
}

export function answerRefusal(c: Context, refusal: Refusal) {
  const { status, code, message: detail, problems, retryAfter } = refusal;
  if (retryAfter !== undefined) c.header("retry-after", String(retryAfter));
  const body = {
    type: `urn:gonogo:problem:${code}`,
    title: TITLES[status] ?? "Refused",
    status,
    detail,
    code,
    ...(problems === undefined ? {} : { problems }),
  };
  return c.body(JSON.stringify(body), status, { "content-type": "application/problem+json" });
}

/** The problem answers that every route may give. */
export const REFUSALS = {
  default: {
    description: "No, and why (RFC 9457).",
    content: { "application/problem+json": { schema: ProblemDetails } },
  },
} as const;

/** A plan that is refused, with everything that is wrong with it. */
export function badPlan(problems: readonly Problem[]): Refusal {
  const errors = problems.filter(({ severity }) => severity === "error");
  const first = errors[0];
  const place =
    first?.place === undefined ? "" : `${first.place.file}:${first.place.line}:${first.place.column}: `;
  const more = errors.length > 1 ? `, and ${errors.length - 1} more` : "";
  return new Refusal(
    422,
    "plan.invalid",
    `${place}${first?.message ?? "the plan cannot be read"}${more}`,
    problems,
  );
}
