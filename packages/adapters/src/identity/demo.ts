import { personId } from "@gonogo/core/actor/schema";
import { oneOf } from "@gonogo/core/kit/text";
import { forbidden, type IdentityWay, isLoopbackHost, unknown } from "./index.ts";

export interface DemoPerson {
  /** As in the cookie: `ada`. */
  readonly id: string;
  readonly name: string;
  readonly roles: readonly string[];
}

export const DEMO_COOKIE = "gonogo_person";
export const DEMO_ISSUER = "demo";

/**
 * The stand-ins of the sample world: whoever asks says who they are, and is believed. It serves requests to
 * this machine's own names only, so that neither another machine nor a page that has bent its own name to
 * 127.0.0.1 can use it. A deployment never has it.
 */
export function demoIdentity(people: readonly DemoPerson[]): IdentityWay {
  return {
    hint: `Authorization: Demo ${people[0]?.id ?? "<person>"}`,
    applies: (headers) => chosen(headers) !== undefined,
    identify: async (headers) => {
      if (!isLoopbackHost(headers.get("host"))) {
        return forbidden("stand-ins are known on this machine only: open it as http://localhost");
      }
      const id = chosen(headers);
      const person = people.find((one) => one.id === id);
      if (person === undefined) {
        return unknown(
          `there is no stand-in of that name; there are ${oneOf(
            people.map((one) => one.id),
            "and",
          )}`,
        );
      }
      const roles = [...person.roles];
      return {
        ok: true,
        actor: { kind: "person", id: personId(DEMO_ISSUER, person.id), roles, standIn: true },
        name: person.name,
      };
    },
  };
}

/** The header wins over the cookie: a script speaks for whom it names. */
function chosen(headers: Headers): string | undefined {
  const header = /^Demo +(\S{1,64})$/i.exec(headers.get("authorization") ?? "")?.[1];
  if (header !== undefined || headers.has("authorization")) return header;
  const cookies = (headers.get("cookie") ?? "").split(";").map((one) => one.trim());
  const cookie = cookies.find((one) => one.startsWith(`${DEMO_COOKIE}=`))?.slice(DEMO_COOKIE.length + 1);
  return cookie === undefined || cookie === "" ? undefined : cookie.slice(0, 64);
}
