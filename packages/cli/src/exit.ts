/** What the command answers its caller with. A number keeps its meaning for good: scripts rely on it. */
export const EXIT = {
  ok: 0,
  refused: 1,
  usage: 2,
  unreachable: 3,
  forbidden: 4,
  endedOtherwise: 5,
  interrupted: 130,
} as const;

export type Exit = (typeof EXIT)[keyof typeof EXIT];

export const EXIT_HELP = `Exit codes:
  0    done
  1    refused by gonogo, or problems found in what was given
  2    the command was not understood: see --help
  3    no server answers, or it fails
  4    not signed in, or not allowed to
  5    watch, simulate: the release ended otherwise than completed, or otherwise than --expect says
  130  watch: stopped with Ctrl-C; the release goes on`;
