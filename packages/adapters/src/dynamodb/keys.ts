import type { AttributeValue } from "@aws-sdk/client-dynamodb";

/**
 * The one table, and every way it is read. All that belongs to a release has the release's partition.
 *
 * | item      | pk               | sk                 | what for                                         |
 * |-----------|------------------|--------------------|--------------------------------------------------|
 * | state     | REL#<id>         | STATE              | the projection that decisions are made on        |
 * | plan      | REL#<id>         | PLAN               | as it was submitted; immutable                   |
 * | plan      | REL#<id>         | PLAN#<revision>    | a later revision of it; immutable                |
 * | record    | REL#<id>         | EVENT#<seq>        | the audit log; never deleted, changed by erasing |
 * | answer    | REL#<id>         | CMD#<command>      | what a command was answered: idempotency         |
 * | wait      | REL#<id>         | WAIT#<id>          | a machine's task token                           |
 * | lock      | LOCK#<target>    | LOCK               | who moves a target, with a fencing number        |
 * | listener  | SIGNAL#<binding> | ACTIVE#<release>   | an active release that listens to an alarm       |
 * | listener  | SIGNAL#<binding> | LAST               | the one that did last                            |
 * | deployment| REL#deployment   | STATE, EVENT#, CMD#| the deployment's own projection, log and answers |
 * | leftover  | REL#<id>         | OWES               | it owes something; OWED#open or OWED#closed      |
 * | leftover  | REL#<id>         | VISITS             | it has ended, and the clock still visits it      |
 * | measure   | REL#<id>         | MEASURE            | what is kept of it for measuring; MEASURES       |
 * | leftover  | LOCK#<target>    | OWES#<release>     | it owes something that holds up the target       |
 * | feed      | REL#deployment   | FEED#<name>        | the address of a calendar's feed, outside the log |
 * | seen      | REL#deployment   | SEEN#<name>        | when an integration last gave a sign of life     |
 * | deployed  | REL#<id>         | DEPLOYED           | its entry in the log of deployments              |
 * | deployed  | REL#<id>         | DEPLOYED#<where>   | the same, found by its environment               |
 * | key       | KEY#<digest>     | KEY                | a tool's key as it stands; of the key its digest |
 * | key       | KEY#<digest>     | USED               | when it was last used, to the hour               |
 * | failures  | FAILED#<what>    | <begin of window>  | how often something failed; goes by itself       |
 * | seen      | SEEN#<digest>    | FIRST              | when a request that could be replayed came first |
 * | refusals  | REFUSED#<day>    | KIND#<kind>, #     | what was refused, counted; goes by itself        |
 * | name      | PERSON#<id>      | NAME               | a person's name, outside the chain; erasable     |
 * | anchor    | REL#<id>         | ANCHOR#<seq>       | a head that is in the log over all releases      |
 * | attested  | REL#<id>         | ATTESTATION        | what is attested of a release that is over       |
 * | leaf      | AUDIT            | LEAF#<index>       | the log over all releases; never changed         |
 * | checkpoint| AUDIT            | CHECKPOINT#<size>  | what was signed of it; never changed             |
 * | succession| AUDIT            | SUCCESSION#<no>    | how the log went on under another key            |
 * | log       | AUDIT            | LOG                | its size and peaks, and how far it is signed     |
 * | elsewhere | AUDIT            | ELSEWHERE          | how far copies have come in another account      |
 * | verified  | AUDIT            | VERIFIED           | what the last verification of everything said    |
 * | moved     | MOVED            | REL#<id>           | a release whose head is not anchored yet         |
 *
 * Reads: get of state, plan, answer, lock, name, key; query of EVENT# and WAIT# in a release, of OWES# in a LOCK#,
 * of a SIGNAL# partition, and of the index `byStatus` (RELEASES#active, RELEASES#ended, RELEASES#visits,
 * OWED#open, OWED#closed, DEPLOYED, DEPLOYED#<environment>, MEASURES; newest first). Of the log over all releases: get of LOG, VERIFIED, ELSEWHERE, ATTESTATION;
 * query of LEAF#, CHECKPOINT#, SUCCESSION#, ANCHOR# in a release, and of the MOVED partition.
 */
export const TABLE = {
  keys: { partition: "pk", sort: "sk" },
  index: { name: "byStatus", partition: "gsi1pk", sort: "gsi1sk" },
  /** When an item is of no more use, in seconds since 1970. No record, state or name has it. */
  expires: "expires",
} as const;

export type Item = Record<string, AttributeValue>;
export type Key = { pk: AttributeValue; sk: AttributeValue };

function key(pk: string, sk: string): Key {
  return { pk: { S: pk }, sk: { S: sk } };
}

export const keys = {
  state: (release: string) => key(`REL#${release}`, "STATE"),
  plan: (release: string, revision: number) =>
    key(`REL#${release}`, revision === 1 ? "PLAN" : `PLAN#${padded(revision)}`),
  record: (release: string, seq: number) => key(`REL#${release}`, `EVENT#${padded(seq)}`),
  answer: (release: string, command: string) => key(`REL#${release}`, `CMD#${command}`),
  wait: (release: string, id: string) => key(`REL#${release}`, `WAIT#${id}`),
  lock: (target: string) => key(`LOCK#${target}`, "LOCK"),
  listener: (binding: string, release: string) => key(`SIGNAL#${binding}`, `ACTIVE#${release}`),
  lastListener: (binding: string) => key(`SIGNAL#${binding}`, "LAST"),
  owes: (release: string) => key(`REL#${release}`, "OWES"),
  measure: (release: string) => key(`REL#${release}`, "MEASURE"),
  visits: (release: string) => key(`REL#${release}`, "VISITS"),
  deployed: (release: string) => key(`REL#${release}`, "DEPLOYED"),
  deployedIn: (release: string, environment: string) => key(`REL#${release}`, `DEPLOYED#${environment}`),
  blocks: (target: string, release: string) => key(`LOCK#${target}`, `OWES#${release}`),
  feed: (name: string) => key("REL#deployment", `FEED#${name}`),
  seen: (integration: string) => key("REL#deployment", `SEEN#${integration}`),
  failures: (what: string, from: string) => key(`FAILED#${what}`, from),
  firstSeen: (what: string) => key(`SEEN#${what}`, "FIRST"),
  refusals: (day: string, kind: string) => key(`REFUSED#${day}`, kind),
  key: (digest: string) => key(`KEY#${digest}`, "KEY"),
  keyUsed: (digest: string) => key(`KEY#${digest}`, "USED"),
  name: (person: string) => key(`PERSON#${person}`, "NAME"),
  anchor: (release: string, seq: number) => key(`REL#${release}`, `ANCHOR#${padded(seq)}`),
  attestation: (release: string) => key(`REL#${release}`, "ATTESTATION"),
  leaf: (index: number) => key("AUDIT", `LEAF#${padded(index)}`),
  checkpoint: (size: number) => key("AUDIT", `CHECKPOINT#${padded(size)}`),
  succession: (number: number) => key("AUDIT", `SUCCESSION#${padded(number)}`),
  log: () => key("AUDIT", "LOG"),
  elsewhere: () => key("AUDIT", "ELSEWHERE"),
  verified: () => key("AUDIT", "VERIFIED"),
  moved: (release: string) => key("MOVED", `REL#${release}`),
};

/** Sequence numbers sort as text up to 99,999,999. */
export function padded(seq: number): string {
  return String(seq).padStart(8, "0");
}
