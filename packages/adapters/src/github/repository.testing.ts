import type { Answers } from "../http/serve.testing.ts";
import { blobId } from "./archive.ts";

/** A repository as GitHub serves it, in the shapes of its documentation. */
export interface FakeRepository {
  readonly name: string;
  readonly branch: string;
  readonly token: string;
  push: boolean | undefined;
  archived: boolean;
  /** By path. */
  readonly files: Map<string, Buffer>;
  /** One message a commit. */
  readonly commits: string[];
  /** What happens to a write besides: it is done and not answered, or somebody else was quicker. */
  next: ("unanswered" | "moved-on" | "limited")[];
}

export function fakeRepository(more: Partial<FakeRepository> = {}): FakeRepository {
  return {
    name: "example/releases",
    branch: "main",
    token: "t0ken",
    push: true,
    archived: false,
    files: new Map(),
    commits: [],
    next: [],
    ...more,
  };
}

const problem = (status: number, message: string, headers: Record<string, string> = {}) =>
  Response.json({ message, documentation_url: "https://docs.github.com/rest" }, { status, headers });

export function gitHub(repository: FakeRepository): Answers {
  return async (request) => {
    const { pathname, searchParams } = new URL(request.url);
    if (request.headers.get("authorization") !== `Bearer ${repository.token}`)
      return problem(401, "Bad credentials");
    const root = `/repos/${repository.name}`;
    if (!pathname.startsWith(root)) return problem(404, "Not Found");
    const rest = decodeURIComponent(pathname.slice(root.length));
    if (rest === "") {
      const permissions =
        repository.push === undefined ? {} : { permissions: { pull: true, push: repository.push } };
      return Response.json({
        full_name: repository.name,
        default_branch: "main",
        archived: repository.archived,
        ...permissions,
      });
    }
    if (rest.startsWith("/branches/")) {
      const isThere = rest === `/branches/${repository.branch}`;
      return isThere
        ? Response.json({ name: repository.branch, protected: false })
        : problem(404, "Branch not found");
    }
    const path = rest.replace(/^\/contents\//, "");
    return request.method === "PUT"
      ? await put(
          repository,
          path,
          (await request.json()) as { message: string; content: string; branch?: string },
        )
      : list(repository, path, searchParams.get("ref") ?? "main");
  };
}

function list(repository: FakeRepository, folder: string, ref: string): Response {
  const inside = [...repository.files].filter(([path]) => path.slice(0, path.lastIndexOf("/")) === folder);
  if (ref !== repository.branch || inside.length === 0) return problem(404, "Not Found");
  return Response.json(inside.map(([path, bytes]) => entryOf(repository, path, bytes)));
}

async function put(
  repository: FakeRepository,
  path: string,
  { message, content, branch = "main" }: { message: string; content: string; branch?: string },
): Promise<Response | undefined> {
  const fault = repository.next.shift();
  if (fault === "limited") return problem(403, "API rate limit exceeded", { "x-ratelimit-remaining": "0" });
  if (fault === "moved-on") return problem(409, `${path} is at 0929670c but expected c45b5444`);
  if (repository.push !== true) return problem(403, "Resource not accessible by personal access token");
  if (branch !== repository.branch) return problem(404, `Branch ${branch} not found`);
  if (repository.files.has(path)) return problem(422, `Invalid request.\n\n"sha" wasn't supplied.`);
  const bytes = Buffer.from(content, "base64");
  repository.files.set(path, bytes);
  repository.commits.push(message);
  if (fault === "unanswered") return undefined;
  return Response.json({ content: entryOf(repository, path, bytes), commit: { sha: "1" } }, { status: 201 });
}

function entryOf({ name, branch }: FakeRepository, path: string, bytes: Buffer) {
  return {
    type: "file",
    name: path.split("/").at(-1),
    path,
    size: bytes.byteLength,
    sha: blobId(bytes),
    html_url: `https://github.com/${name}/blob/${branch}/${path}`,
  };
}
