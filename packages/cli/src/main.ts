import { CommanderError } from "commander";
import { EXIT } from "./exit.ts";
import { explain, misuse } from "./failure.ts";
import { buildProgram } from "./program.ts";
import { jsonWished, report } from "./session.ts";
import { Terminal } from "./terminal/terminal.ts";

// Whoever reads us may stop reading: `gonogo release list | head -1`. That is no failure.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(process.exitCode ?? EXIT.ok);
    throw error;
  });
}

const complaints: string[] = [];
const program = buildProgram((text) => complaints.push(text));

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = error instanceof CommanderError ? answer(error) : report(terminal(), explain(error));
}

/** Commander's way of saying that help was shown, or that the line was not understood. */
function answer({ code, exitCode, message }: CommanderError): number {
  if (exitCode === 0) return EXIT.ok;
  if (code === "commander.help") {
    if (jsonWished()) return report(terminal(), misuse("no-command", "a command is missing", "See --help."));
    process.stderr.write(complaints.join(""));
    return EXIT.usage;
  }
  const [first = "", ...more] = message.replace(/^error: /, "").split("\n");
  // What stands behind an option that is misspelt may be a token.
  const what = [first.replace(/('--[\w-]+)=[^']*'/, "$1=…'"), ...more].join(" ");
  return report(terminal(), misuse(code.replace(/^commander\./, ""), what, complaints.join("").trim()));
}

function terminal(): Terminal {
  const noColour = process.argv.includes("--no-color");
  return new Terminal({ json: jsonWished(), noColour, secret: process.env.GONOGO_TOKEN });
}
