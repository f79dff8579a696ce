import type { AnyRecord } from "./find.ts";

/** A log as it was written before texts had salts. */
export const OLD_LOG = [
  {
    release: "REL-1",
    seq: 1,
    at: "2025-06-04T01:00:00.000Z",
    actor: {
      kind: "person",
      id: "psn_06ce37c7906d716f33dd",
      roles: ["Release Manager"],
    },
    command: "c1",
    event: {
      type: "ReleaseSubmitted",
      plan: "sha256:2c8f288d1e2756a7a37bf049eabe38146f652c741fffbd17e981fadbc8221f58",
      revision: 1,
      title: "Sample",
      environment: "Production",
      plannedT: "2025-06-04T02:00:00.000Z",
    },
    prev: "sha256:7f47aef7919f24ad226693fdcd0c66c6f88befea315be3dc0e549d85d171651a",
    digest: "sha256:0ede7f1a5529c1d462224e7c8c164cf43209fcbbf4d2761d5bfd0aa91673b080",
  },
  {
    release: "REL-1",
    seq: 2,
    at: "2025-06-04T01:00:00.000Z",
    actor: {
      kind: "person",
      id: "psn_a9331e37133c707d77cf",
      roles: ["Ops"],
    },
    command: "c2",
    event: {
      type: "CheckAnswered",
      check: "signed",
      answer: "yes",
    },
    prev: "sha256:0ede7f1a5529c1d462224e7c8c164cf43209fcbbf4d2761d5bfd0aa91673b080",
    digest: "sha256:18bde9fb1345bfe3c1ef5fa55792ac27a06f29937a4441f4d21e2b88d2a13dbf",
  },
  {
    release: "REL-1",
    seq: 3,
    at: "2025-06-04T01:00:00.000Z",
    actor: {
      kind: "person",
      id: "psn_63e0499508b773a9d1d6",
      roles: ["CTO"],
    },
    command: "c3",
    event: {
      type: "ApprovalGiven",
      role: "CTO",
      plan: "sha256:2c8f288d1e2756a7a37bf049eabe38146f652c741fffbd17e981fadbc8221f58",
    },
    prev: "sha256:18bde9fb1345bfe3c1ef5fa55792ac27a06f29937a4441f4d21e2b88d2a13dbf",
    digest: "sha256:e5ce5fb08327a103fa325d2dbb3d47075464dd0ba4e9ad546a2d87a2c3953135",
  },
  {
    release: "REL-1",
    seq: 4,
    at: "2025-06-04T01:00:00.000Z",
    actor: {
      kind: "person",
      id: "psn_bef586b15f1dac486a3e",
      roles: ["Security"],
    },
    command: "c4",
    event: {
      type: "ApprovalGiven",
      role: "Security",
      plan: "sha256:2c8f288d1e2756a7a37bf049eabe38146f652c741fffbd17e981fadbc8221f58",
    },
    prev: "sha256:e5ce5fb08327a103fa325d2dbb3d47075464dd0ba4e9ad546a2d87a2c3953135",
    digest: "sha256:7c8566fd93f2e83b92872334371185f41d772dec8f4c9dfa9a011cf9b060756f",
  },
  {
    release: "REL-1",
    seq: 5,
    at: "2025-06-04T01:00:00.000Z",
    actor: {
      kind: "person",
      id: "psn_bef586b15f1dac486a3e",
      roles: ["Security"],
    },
    command: "c4",
    event: {
      type: "GatesOpened",
      t: "2025-06-04T02:00:00.000Z",
    },
    prev: "sha256:7c8566fd93f2e83b92872334371185f41d772dec8f4c9dfa9a011cf9b060756f",
    digest: "sha256:2b189d6fe024271708cbf672aaf44ff7067be9b15a8810fa6613983346313653",
  },
  {
    release: "REL-1",
    seq: 6,
    at: "2025-06-04T01:00:00.000Z",
    actor: {
      kind: "person",
      id: "psn_101eb384d1c58052879a",
      roles: ["Release Manager", "Ops", "CTO", "Security", "Mobile Lead"],
    },
    reason: "Ada is on leave",
    command: "c5",
    event: {
      type: "ReleasePaused",
      cause: "Ada is on leave",
    },
    prev: "sha256:2b189d6fe024271708cbf672aaf44ff7067be9b15a8810fa6613983346313653",
    digest: "sha256:3e7b7f4ba7e3d689854def28766ae59f6ba7b145c1c2f780c0b7f121223543b8",
  },
] as unknown as readonly AnyRecord[];
