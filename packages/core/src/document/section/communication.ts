import { freshId, words } from "../../kit/text.ts";
import { claimsOf } from "../infer/claims.ts";
import { mostLike } from "../infer/match.ts";
import { linesOf } from "./collect.ts";
import { type ChannelInput, type Context, defined, type MessageInput, type PhaseInput } from "./context.ts";
import { lineIn, offsetIn, proseIn } from "./values.ts";

export function readChannels(context: Context): ChannelInput[] {
  const { collected, findings, roles } = context;
  const found: ChannelInput[] = [];
  for (const { line } of linesOf(collected, "channels")) {
    const name = lineIn(line, "channel", findings);
    const purpose = lineIn(line, "purpose", findings);
    if (name === undefined || purpose === undefined) {
      findings.notUnderstood("channel", line.place(), "a channel needs a name and a purpose");
      continue;
    }
    found.push({ name, purpose, owner: roles.read(line, "owner", name) });
  }
  return found;
}

/** The communication timeline. A channel that is spelt like one of the plan's is that one. */
export function readMessages(
  context: Context,
  channels: ChannelInput[],
  phases: readonly PhaseInput[],
): MessageInput[] {
  const { collected, findings, roles, components } = context;
  const ids = new Set<string>();
  const isCurve = (id: string) => components.all.find((one) => one.id === id)?.target?.kind === "app-store";
  return linesOf(collected, "messages").flatMap(({ line }): MessageInput[] => {
    const at = offsetIn(line, "at", context.start, findings);
    const text = proseIn(line, "text", findings);
    if (at === undefined || text === undefined) {
      const said = line.row.cells.map((cell) => cell.text).join(" | ");
      findings.notUnderstood(
        "message",
        line.place(),
        `no message: ${said.slice(0, 200)}`,
        "write when, and what is said",
      );
      return [];
    }
    const audience = lineIn(line, "audience", findings) ?? "Everybody";
    const owner = roles.read(line, "owner", `the message to ${audience}`);
    const named = lineIn(line, "channel", findings);
    const channel = named === undefined ? "default" : channelNamed(named, channels);
    if (channel === undefined && named !== undefined) {
      findings.note(
        "channel-added",
        line.place("channel"),
        `"${named}" is added to the channels, owned by ${owner}`,
      );
      channels.push({ name: named, purpose: "Planned messages", owner });
    }
    const needs = claimsOf(findings, line.place("text"), { text, at }, phases, isCurve);
    const id = freshId(line.text("id") || `${audience} ${words(text).slice(0, 5).join(" ")}`, ids);
    return [
      defined({
        id,
        at: at as string,
        audience,
        channel: channel ?? named ?? "default",
        text,
        owner,
        needs: needs.length === 0 ? undefined : needs,
      }),
    ];
  });
}

/** `StatusPage` is `Statuspage.io`. */
function channelNamed(name: string, channels: readonly ChannelInput[]): string | undefined {
  const key = (text: string) => words(text.replace(/\.(?:io|com|net|org)\b/gi, "")).join("");
  const same = channels.find((channel) => key(channel.name) === key(name));
  if (same !== undefined) return same.name;
  const like = mostLike(name, channels, (channel) => channel.name);
  return like !== undefined && key(like.name).includes(key(name)) ? like.name : undefined;
}
