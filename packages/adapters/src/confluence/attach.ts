import type { EvidenceFile } from "@gonogo/core/evidence/schema";
import { dig, digText, OutsideError } from "../http/call.ts";
import { askConfluence, type ConfluenceConfig, listed, refused } from "./client.ts";

/**
 * Attaches a text to a page, and finds it attached the second time: by its size and by its digest, which is its
 * comment. Gives its address, where Confluence tells it. Throws OutsideError.
 * https://developer.atlassian.com/cloud/confluence/rest/v1/api-group-content---attachments/
 */
export async function attach(
  config: ConfluenceConfig,
  page: string,
  about: EvidenceFile,
  text: string,
): Promise<string | undefined> {
  const before = await find(config, page, about);
  if (before !== undefined) return before.url;
  const { body, contentType } = multipart(about, text);
  // The second version of the interface can list what is attached and attach nothing.
  const answer = await askConfluence(config, "attach a file", `/rest/api/content/${page}/child/attachment`, {
    method: "POST",
    body,
    // Without it Confluence takes a form for one that another site had somebody send.
    headers: { "content-type": contentType, "x-atlassian-token": "no-check" },
  });
  if (answer.status !== 200 && answer.status !== 400 && answer.status !== 409) {
    throw refused(answer, "attach files to the page");
  }
  const after = await find(config, page, about);
  if (after === undefined) throw refused(answer, "attach files to the page");
  return after.url;
}

async function find(
  config: ConfluenceConfig,
  page: string,
  { name, size, digest }: EvidenceFile,
): Promise<{ url: string | undefined } | undefined> {
  const path = `/api/v2/pages/${page}/attachments?filename=${encodeURIComponent(name)}`;
  const answer = await askConfluence(config, "list what is attached", path);
  if (answer.status !== 200) throw refused(answer, "list what is attached to the page");
  const found = listed(answer).find((one) => digText(one, "title") === name);
  if (found === undefined) return undefined;
  if (dig(found, "fileSize") !== size || digText(found, "comment") !== digest) {
    throw new OutsideError(
      `Confluence has another ${name} attached to the release's page; nothing is written over: take it away`,
      { retryable: false },
    );
  }
  const download = digText(found, "downloadLink");
  return { url: download?.startsWith("/") ? `${config.site.replace(/\/$/, "")}/wiki${download}` : undefined };
}

/** RFC 7578, of texts alone. A boundary must stand in none of them. */
function multipart({ name, digest, contentType }: EvidenceFile, text: string) {
  let boundary = `gonogo-${digest.slice(-24)}`;
  while (text.includes(boundary)) boundary += "-";
  const part = (disposition: string, type: string | undefined, value: string) =>
    `--${boundary}\r\nContent-Disposition: form-data; ${disposition}\r\n${
      type === undefined ? "" : `Content-Type: ${type}; charset=utf-8\r\n`
    }\r\n${value}\r\n`;
  const quoted = name.replaceAll(/["\\\r\n]/g, "_");
  const body = [
    part(`name="file"; filename="${quoted}"`, contentType, text),
    part('name="comment"', undefined, digest),
    part('name="minorEdit"', undefined, "true"),
    `--${boundary}--\r\n`,
  ].join("");
  return { body, contentType: `multipart/form-data; boundary=${boundary}` };
}
