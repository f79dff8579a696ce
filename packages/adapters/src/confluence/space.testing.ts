import type { Answers } from "../http/serve.testing.ts";

interface FakePage {
  readonly id: string;
  readonly spaceId: string;
  readonly parentId?: string;
  readonly title: string;
  readonly value: string;
  readonly attached: Map<string, { readonly text: string; readonly comment: string }>;
}

/** A space as Confluence Cloud serves it, in the shapes of its documentation. */
export interface FakeSpace {
  readonly id: string;
  readonly account: string;
  readonly may: string[];
  status: "current" | "archived";
  readonly pages: FakePage[];
  /** What happens to a write besides: it is done and not answered, or Confluence is not well. */
  next: ("unanswered" | "away")[];
}

export const PARENT = "77";

export function fakeSpace(more: Partial<FakeSpace> = {}): FakeSpace {
  const parent = { id: PARENT, spaceId: "42", title: "Releases", value: "", attached: new Map() };
  return {
    id: "42",
    account: "gonogo@example.com:t0ken",
    may: ["page", "attachment"],
    status: "current",
    pages: [parent],
    next: [],
    ...more,
  };
}

/** The second version's form of a refusal. */
const refusal = (status: number, title: string) =>
  Response.json({ errors: [{ status, code: "BAD_REQUEST", title, detail: null }] }, { status });

export function confluence(space: FakeSpace): Answers {
  return async (request) => {
    const { pathname, searchParams } = new URL(request.url);
    const account = Buffer.from(space.account).toString("base64");
    if (request.headers.get("authorization") !== `Basic ${account}`) return refusal(401, "Unauthorized");
    const path = pathname.replace(/^\/wiki/, "");
    if (path === `/api/v2/spaces/${space.id}`)
      return Response.json({ id: space.id, key: "REL", name: "Releases", status: space.status });
    if (path === `/api/v2/spaces/${space.id}/operations`)
      return Response.json({
        operations: space.may.map((targetType) => ({ operation: "create", targetType })),
      });
    if (path === "/api/v2/pages")
      return request.method === "POST"
        ? await create(space, (await request.json()) as Wanted)
        : find(space, searchParams);
    const [, id, rest] = /^\/(?:api\/v2\/pages|rest\/api\/content)\/(\d+)(.*)$/.exec(path) ?? [];
    const page = space.pages.find((one) => one.id === id);
    if (page === undefined) return refusal(404, "Not Found");
    if (rest === "")
      return Response.json({ id, spaceId: page.spaceId, title: page.title, status: "current" });
    if (rest === "/attachments") return attachments(page, searchParams.get("filename"));
    if (rest === "/child/attachment") return await attach(space, page, request);
    return refusal(404, "Not Found");
  };
}

type Wanted = Pick<FakePage, "spaceId" | "title" | "parentId"> & {
  body: { representation: string; value: string };
};

async function create(
  space: FakeSpace,
  { spaceId, title, parentId, body }: Wanted,
): Promise<Response | undefined> {
  const fault = space.next.shift();
  if (fault === "away") return refusal(503, "Service Unavailable");
  if (!space.may.includes("page")) return refusal(403, "Forbidden");
  if (spaceId !== space.id || body.representation !== "storage") return refusal(400, "Bad Request");
  if (space.pages.some((one) => one.title === title)) {
    return refusal(
      400,
      "A page with this title already exists: A page already exists with the same TITLE in this space",
    );
  }
  const id = String(1000 + space.pages.length);
  const page = {
    id,
    spaceId,
    title,
    value: body.value,
    attached: new Map(),
    ...(parentId ? { parentId } : {}),
  };
  space.pages.push(page);
  return fault === "unanswered" ? undefined : Response.json(shown(page));
}

function shown({ id, spaceId, title, value }: FakePage) {
  const body = { storage: { representation: "storage", value } };
  return { id, spaceId, title, status: "current", body, _links: { webui: `/spaces/REL/pages/${id}/page` } };
}

function find(space: FakeSpace, asked: URLSearchParams): Response {
  const found = space.pages.filter(
    ({ spaceId, title }) => spaceId === asked.get("space-id") && title === asked.get("title"),
  );
  return Response.json({ results: found.map(shown), _links: { base: "https://example.atlassian.net/wiki" } });
}

function attachments({ id, attached }: FakePage, name: string | null): Response {
  const found = [...attached].filter(([title]) => title === name);
  return Response.json({
    results: found.map(([title, { text, comment }]) => ({
      id: `att-${title}`,
      title,
      status: "current",
      comment,
      fileSize: Buffer.byteLength(text),
      downloadLink: `/download/attachments/${id}/${encodeURIComponent(title)}`,
    })),
    _links: {},
  });
}

async function attach(space: FakeSpace, page: FakePage, request: Request): Promise<Response | undefined> {
  // The first version's form of a refusal.
  const refused = (statusCode: number, message: string) =>
    Response.json({ statusCode, data: {}, message }, { status: statusCode });
  if (request.headers.get("x-atlassian-token") !== "no-check") return refused(403, "XSRF check failed");
  if (!space.may.includes("attachment")) return refused(403, "Forbidden");
  const fault = space.next.shift();
  if (fault === "away") return refused(503, "Service Unavailable");
  const form = await request.formData();
  const file = form.get("file");
  if (!(file instanceof File)) return refused(400, "there is no file");
  if (page.attached.has(file.name)) {
    return refused(
      400,
      `Cannot add a new attachment with same file name as an existing attachment: ${file.name}`,
    );
  }
  page.attached.set(file.name, { text: await file.text(), comment: String(form.get("comment")) });
  return fault === "unanswered" ? undefined : Response.json({ results: [{ id: "att1", title: file.name }] });
}
